/** What the machine says of itself. Everything here only looks. */

import type { MachineReading } from '../core/status/box-state.ts';

export type PortHolder = {
  readonly port: number;
  /** A process name with its pid, a container name, or undefined when it cannot be seen. */
  readonly holder: string | undefined;
};

export type HostFacts = {
  readonly hostname: string;
  /** For example `Debian 12`. */
  readonly system: string;
  readonly architecture: string;
  readonly cores: number;
  readonly memoryMiB: number;
  readonly availableMiB: number;
  readonly swapMiB: number;
  /** Free space for the deployment folder, in MiB. */
  readonly diskFreeMiB: number;
  readonly timeZone: string;
  /** The group that may use the Docker socket; undefined where there is none. */
  readonly dockerGroupId: number | undefined;
  /** Addresses by which other machines may reach this one, the one used by the SSH session first. */
  readonly addresses: readonly string[];
};

export type Disk = { readonly mountPoint: string; readonly freeBytes: number; readonly totalBytes: number };

export type Host = {
  readonly facts: (folder: string) => Promise<HostFacts>;
  /** Memory, swap and load now. Undefined where the system does not tell. */
  readonly machine: () => Promise<MachineReading | undefined>;
  /** The disk of a folder that exists; undefined when it does not, or may not be seen. Free is what any account may use. */
  readonly disk: (folder: string) => Promise<Disk | undefined>;
  /** Asks by binding each `address:port` once; names the listening process where /proc tells. */
  readonly portsInUse: (
    ports: readonly { readonly address: string; readonly port: number }[],
  ) => Promise<readonly PortHolder[]>;
};

export type Clock = {
  readonly now: () => Date;
  /** Rejects with the signal's reason when it is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
};

export type Random = {
  /** `bytes` random bytes, in the URL-safe base64 alphabet without padding (A–Z a–z 0–9 - _). */
  readonly secret: (bytes: number) => string;
};

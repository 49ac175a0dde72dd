/** The Docker Engine, over its HTTP API. Reads and the three small actions of the status screen. */

import type { HealthAnswer } from '../core/health/health-answer.ts';
import type { ContainerSeen, EngineEventSeen, UsageSeen } from '../core/status/status-input.ts';

export type EngineFacts = {
  readonly version: string;
  readonly apiVersion: string;
  readonly operatingSystem: string;
  readonly memoryMiB: number;
  readonly cgroupVersion: '1' | '2';
  readonly cgroupDriver: string;
  readonly dataFolder: string;
};

export type ContainerState = ContainerSeen['state'];
export type ContainerHealth = ContainerSeen['health'];

/** What the engine runs in a container to learn of its health. */
export type HealthCommand = { readonly words: readonly string[]; readonly timeoutMs: number };

export type Container = ContainerSeen & {
  readonly project: string | undefined;
  readonly image: string;
  readonly imageId: string;
  /** Its memory limit; undefined when it has none. */
  readonly limitMiB?: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined: it has none. */
  readonly healthCommand?: HealthCommand;
  readonly publishedPorts: readonly { readonly hostAddress: string; readonly hostPort: number }[];
  /** Names of the volumes that it holds. */
  readonly volumes?: readonly string[];
};

/** As it was looked at last: its health command is the same as long as it exists. */
export type HealthSubject = Pick<Container, 'id' | 'healthCommand'>;

/** What the list alone tells of a container: nothing of its start, its settings, its restarts. */
export type ContainerGlance = Pick<Container, 'id' | 'name' | 'service' | 'state' | 'health' | 'exitCode'>;

export type EngineEvent = EngineEventSeen;

export type ContainerUsage = UsageSeen & { readonly limitMiB: number | undefined };

export type LogLine = {
  readonly at: string | undefined;
  readonly stream: 'stdout' | 'stderr';
  /** As the service wrote it: not yet safe for a terminal. */
  readonly text: string;
};

export type Engine = {
  /** Throws an ExternalError that says how to mend it: not installed, not running, no permission, too old. */
  readonly facts: (signal?: AbortSignal) => Promise<EngineFacts>;
  /** All containers with the project's label, stopped ones included; without a project, every container. */
  readonly containers: (project: string | undefined, signal?: AbortSignal) => Promise<readonly Container[]>;
  /** The same in one request however many there are, with as little as the list tells. */
  readonly glance: (project: string, signal?: AbortSignal) => Promise<readonly ContainerGlance[]>;
  /** One of them, by its id; undefined when it is gone. */
  readonly container: (id: string, signal?: AbortSignal) => Promise<Container | undefined>;
  /**
   * What happens from now on; with `sinceMs` first what the engine still knows of the time since then, which is little:
   * it keeps its last 256 events, those of healthchecks among them. Ends when the engine closes the connection; throws
   * when it cannot be reached.
   */
  readonly events: (project: string, signal: AbortSignal, sinceMs?: number) => AsyncIterable<EngineEvent>;
  /**
   * By container id; a container that went away in the meantime is missing from the answer. Where the kernel's own figures
   * cannot be read, the engine has to be asked, which costs it much: it is asked for those in `askable` only, for all
   * without it.
   */
  readonly usage: (
    containers: readonly Pick<Container, 'id'>[],
    signal?: AbortSignal,
    askable?: ReadonlySet<string>,
  ) => Promise<ReadonlyMap<string, ContainerUsage>>;
  /**
   * The most that a container used since it started, in MiB, by container id: the kernel's own count, page cache included.
   * A container whose kernel does not tell is missing from the answer.
   */
  readonly memoryPeaks: (
    containers: readonly Pick<Container, 'id'>[],
    signal?: AbortSignal,
  ) => Promise<ReadonlyMap<string, number>>;
  /** The last `tail` lines (`Infinity`: all), none older than `sinceMs`; then, with `follow`, what comes. */
  readonly logs: (
    containerId: string,
    options: {
      readonly tail: number;
      readonly sinceMs?: number | undefined;
      readonly follow: boolean;
      readonly signal: AbortSignal;
    },
  ) => AsyncIterable<LogLine>;
  /** The text of a file inside a container, running or not; undefined when there is no such file or container. */
  readonly readFile: (containerId: string, path: string, signal?: AbortSignal) => Promise<string | undefined>;
  /** Image id by reference, for those that are here. */
  readonly images: (
    references: readonly string[],
    signal?: AbortSignal,
  ) => Promise<ReadonlyMap<string, string>>;
  /** Whether the engine finds the image in its registry; asks for the manifest only. Never throws for a refusal. */
  readonly isInRegistry: (reference: string, signal?: AbortSignal) => Promise<boolean>;
  readonly volumes: (project: string, signal?: AbortSignal) => Promise<readonly string[]>;
  /** MiB by volume, of all volumes that the engine can measure; it walks through their files for that. */
  readonly volumeSizes: (signal?: AbortSignal) => Promise<ReadonlyMap<string, number>>;
  /** Deletes the volume and all data in it. One that is not there counts as deleted; one in use is refused. */
  readonly removeVolume: (name: string, signal?: AbortSignal) => Promise<void>;
  readonly restart: (containerId: string, signal?: AbortSignal) => Promise<void>;
  readonly stop: (containerId: string, signal?: AbortSignal) => Promise<void>;
  readonly start: (containerId: string, signal?: AbortSignal) => Promise<void>;
  /**
   * Runs the container's own health command in it, now: whether it succeeds. The engine asks it only at intervals, the
   * first time one interval after the start. Undefined: it has none, or does not run (any more).
   */
  readonly askHealth: (container: HealthSubject, signal?: AbortSignal) => Promise<boolean | undefined>;
  /** What its health path says, asked in the container by the tool of its health command. Undefined: nothing came. */
  readonly readHealth: (container: HealthSubject, signal?: AbortSignal) => Promise<HealthAnswer | undefined>;
  /** Removes a container that does not run; its volumes stay. One that is not there counts as removed. */
  readonly remove: (containerId: string, signal?: AbortSignal) => Promise<void>;
  /** Makes an image from a tar stream, as `docker import` does. */
  readonly importImage: (
    reference: string,
    tar: AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ) => Promise<void>;
  /** Gives an image that is here a second reference, as `docker tag` does. */
  readonly tagImage: (imageId: string, reference: string, signal?: AbortSignal) => Promise<void>;
};

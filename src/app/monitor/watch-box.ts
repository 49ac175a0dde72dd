/** Looks at the machine while somebody watches: memory and load every few seconds, disks once a minute. */

import type { DiskSight } from '../../core/status/box-state.ts';
import type { StatusInput } from '../../core/status/reduce-status.ts';
import type { Engine } from '../../ports/engine.ts';
import type { Clock, Host } from '../../ports/host.ts';

export type BoxSource = {
  readonly host: Pick<Host, 'machine' | 'disk'>;
  readonly engine: Pick<Engine, 'facts'>;
  readonly folder: string;
};

const machineIntervalMs = 5_000;
const disksIntervalMs = 60_000;
const bytesPerMiB = 1024 * 1024;

/** The disks of the deployment's folder and of Docker, each once. */
async function lookAtDisks(
  { host, folder }: BoxSource,
  dockerFolder: string | undefined,
): Promise<readonly DiskSight[]> {
  const asked = [
    { what: 'this deployment', path: folder },
    ...(dockerFolder === undefined ? [] : [{ what: 'Docker', path: dockerFolder }]),
  ];
  const found = await Promise.all(
    asked.map(async ({ what, path }) => ({ what, disk: await host.disk(path) })),
  );
  const sights = new Map<string, DiskSight>();
  for (const { what, disk } of found) {
    if (disk === undefined) continue;
    const known = sights.get(disk.mountPoint);
    sights.set(disk.mountPoint, {
      mountPoint: disk.mountPoint,
      holds: [...(known?.holds ?? []), what],
      freeMiB: disk.freeBytes / bytesPerMiB,
      totalMiB: disk.totalBytes / bytesPerMiB,
    });
  }
  return [...sights.values()];
}

/** One look; the answer of the engine on its folder is kept for the next. Undefined where the machine does not tell. */
export function createBoxLook(
  source: BoxSource,
  clock: Clock,
): (signal: AbortSignal) => Promise<StatusInput | undefined> {
  let dockerFolder: string | undefined;
  let disksAtMs: number | undefined;
  return async signal => {
    const atMs = clock.now().getTime();
    const machine = await source.host.machine();
    if (machine === undefined) return undefined;
    if (disksAtMs !== undefined && Math.abs(atMs - disksAtMs) < disksIntervalMs) {
      return { kind: 'box', atMs, machine, disks: undefined };
    }
    disksAtMs = atMs;
    dockerFolder ??= (await source.engine.facts(signal).catch(() => undefined))?.dataFolder;
    return { kind: 'box', atMs, machine, disks: await lookAtDisks(source, dockerFolder) };
  };
}

/** Until the signal. */
export async function watchBox(options: {
  readonly source: BoxSource;
  readonly clock: Clock;
  readonly watched: (signal: AbortSignal) => Promise<void>;
  readonly hear: (input: StatusInput) => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { clock, watched, hear, signal } = options;
  const look = createBoxLook(options.source, clock);
  while (!signal.aborted) {
    await watched(signal);
    const seen = await look(signal).catch(() => undefined);
    if (seen !== undefined && !signal.aborted) hear(seen);
    await clock.sleep(machineIntervalMs, signal).catch(() => undefined);
  }
}

/** What is known of the machine as a whole. */

export type MachineReading = {
  readonly totalMiB: number;
  /** What can be had without swapping, by the kernel's own estimate. */
  readonly availableMiB: number;
  readonly swapTotalMiB: number;
  readonly swapFreeMiB: number;
  /** Pages swapped in and out since the start; undefined where the kernel does not tell. */
  readonly swappedPages: number | undefined;
  /** Processes that wanted to run, over 1, 5 and 15 minutes. */
  readonly load: readonly [number, number, number];
};

export type DiskSight = {
  readonly mountPoint: string;
  /** What is on it: `data`, `Docker`. */
  readonly holds: readonly string[];
  readonly freeMiB: number;
  readonly totalMiB: number;
};

export type BoxState = {
  readonly machine: MachineReading;
  /** A second, of 4 KiB each; undefined until there are two readings. */
  readonly swappedPagesPerSecond: number | undefined;
  readonly disks: readonly DiskSight[];
  /** Available memory in MiB, the oldest first. */
  readonly history: readonly number[];
  readonly readAtMs: number;
};

const historyLength = 60;

/** The next state of the box from a reading; `disks` undefined: they were not looked at this time. */
export function addReading(
  before: BoxState | undefined,
  machine: MachineReading,
  disks: readonly DiskSight[] | undefined,
  atMs: number,
): BoxState {
  const elapsedMs = before === undefined ? 0 : atMs - before.readAtMs;
  const pages = (machine.swappedPages ?? 0) - (before?.machine.swappedPages ?? 0);
  const isComparable = elapsedMs > 0 && pages >= 0 && machine.swappedPages !== undefined;
  return {
    machine,
    swappedPagesPerSecond: isComparable ? (pages * 1000) / elapsedMs : undefined,
    disks: disks ?? before?.disks ?? [],
    history: [...(before?.history ?? []), machine.availableMiB].slice(-historyLength),
    readAtMs: atMs,
  };
}

/** Memory, swap and load of the machine now: three small files of /proc, a fraction of a millisecond. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MachineReading } from '../../core/status/box-state.ts';

const kibPerMiB = 1024;

function readText(root: string, path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
}

/** The number of a line `Name: 123 kB` or `name 123`; undefined when there is none. */
function numberOf(text: string, name: string): number | undefined {
  const found = new RegExp(`^${name}:?\\s+(\\d+)`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Undefined where /proc does not tell of memory. `root` stands for `/`. */
export function readMachine(root: string): MachineReading | undefined {
  const memory = readText(root, 'proc/meminfo');
  const mebibytes = (name: string): number | undefined => {
    const kibibytes = numberOf(memory, name);
    return kibibytes === undefined ? undefined : kibibytes / kibPerMiB;
  };
  const totalMiB = mebibytes('MemTotal');
  if (totalMiB === undefined) return undefined;
  const activity = readText(root, 'proc/vmstat');
  const swappedIn = numberOf(activity, 'pswpin');
  const swappedOut = numberOf(activity, 'pswpout');
  const [load1 = 0, load5 = 0, load15 = 0] = readText(root, 'proc/loadavg').split(' ').map(Number);
  return {
    totalMiB,
    availableMiB: mebibytes('MemAvailable') ?? totalMiB,
    swapTotalMiB: mebibytes('SwapTotal') ?? 0,
    swapFreeMiB: mebibytes('SwapFree') ?? 0,
    swappedPages: swappedIn === undefined || swappedOut === undefined ? undefined : swappedIn + swappedOut,
    load: [load1, load5, load15],
  };
}

/** What processes cost, as the kernel counts it. */

import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ of Linux. */
const ticksPerSecond = 100;

/** User and system time since its start, with that of the children that it waited for; 0 for a process that is gone. */
export function cpuMs(pid: number): number {
  try {
    // The name, in parentheses, may hold spaces; the four times are the 12th to the 15th field after it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return (ticks * 1000) / ticksPerSecond;
  } catch {
    return 0;
  }
}

/** What the status screen may hold: 95 MB. */
export const mostResidentMiB = 95e6 / 1024 ** 2;

export function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** What is shared with other processes counts in parts; undefined where the kernel does not tell. */
export function proportionalMiB(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kilobytes = /^Pss:\s+(\d+) kB/m.exec(text)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

/** The engine: dockerd, containerd and the shims of the containers, which answer for their statistics. */
export function engineProcesses(): readonly number[] {
  const names = ['dockerd', 'containerd', 'containerd-shim'];
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        return names.includes(readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
      } catch {
        return false;
      }
    })
    .map(Number);
}

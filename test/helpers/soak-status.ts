/** The status screen left open while things happen: whether its memory stays as it was. */

import { setTimeout as sleep } from 'node:timers/promises';
import { residentMiB } from '../../scripts/bench/process-cost.ts';
import { docker } from './engine.ts';
import { launcher } from './program.ts';
import { startInPty } from './pty.ts';
import type { WatchedStack } from './watched-stack.ts';

export type SoakReport = {
  /** Resident memory in MiB, in the order of time, after warming up. */
  readonly samples: readonly number[];
  /** Of a line through the samples (least squares). */
  readonly slopeMiBPerHour: number;
  /** Between the median of the first and of the last third. */
  readonly growthMiB: number;
  readonly medianMiB: number;
};

const sampleMs = 2_000;
/** For code to be compiled and histories to fill: this part of the time does not count. */
const warmUpShare = 0.3;
const longestWarmUpMs = 180_000;
/** Every so many samples something is done. */
const eventEvery = 5;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const covariance = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0);
  const variance = values.reduce((sum, _, index) => sum + (index - middle) ** 2, 0);
  return covariance / variance;
}

/** What an operator does in hours, again and again: logs, events, sorting, another size; and a service is restarted. */
const deeds = (
  stack: WatchedStack,
  screen: ReturnType<typeof startInPty>,
): readonly (() => Promise<void>)[] => [
  async () => screen.press('l'),
  async () => screen.press('l', 'l'),
  async () => screen.press('s', 'e'),
  async () => screen.press('e', '?', 'x'),
  async () => screen.resize({ columns: 100, rows: 30 }),
  async () => screen.resize({ columns: 140, rows: 40 }),
  async () => {
    await docker(['restart', `${stack.project}-watched-001-1`]);
  },
];

/** Leaves the screen open for `minutes`. Throws when it ended by itself. */
export async function soakStatus(
  stack: WatchedStack,
  minutes: number,
  tell: (line: string) => void,
): Promise<SoakReport> {
  const screen = startInPty(launcher, ['--dir', stack.folder], {
    folder: stack.folder,
    environment: stack.environment,
    columns: 140,
    rows: 40,
  });
  try {
    await screen.waitForText(/watched-\d+ .* MB/, 60_000);
    const all: number[] = [];
    const startedMs = performance.now();
    const elapsed = (): number => performance.now() - startedMs;
    const todo = deeds(stack, screen);
    for (let index = 0; elapsed() < minutes * 60_000; index += 1) {
      await sleep(sampleMs);
      screen.mark();
      all.push(residentMiB(screen.pid));
      if (index % eventEvery === 0) await todo[(index / eventEvery) % todo.length]?.();
      if (index % 30 === 0) tell(`${Math.round(elapsed() / 1000)} s: ${all.at(-1)?.toFixed(1)} MiB`);
    }
    const warmUp = Math.min(longestWarmUpMs / sampleMs, Math.floor(all.length * warmUpShare));
    const samples = all.slice(warmUp);
    const third = Math.floor(samples.length / 3);
    return {
      samples,
      slopeMiBPerHour: (slopeOf(samples) * 3_600_000) / sampleMs,
      growthMiB: median(samples.slice(-third)) - median(samples.slice(0, third)),
      medianMiB: median(samples),
    };
  } finally {
    await screen.close();
  }
}

export const describeSoak = ({ samples, slopeMiBPerHour, growthMiB, medianMiB }: SoakReport): string =>
  `${samples.length} samples from ${Math.min(...samples).toFixed(1)} to ${Math.max(...samples).toFixed(1)} MiB, median ${medianMiB.toFixed(1)} MiB, slope ${slopeMiBPerHour.toFixed(1)} MiB/h, last third against first ${growthMiB >= 0 ? '+' : ''}${growthMiB.toFixed(1)} MiB`;

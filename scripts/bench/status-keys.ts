/** How long a key takes to be seen on the status screen: at rest, and while the log of a service that floods it is open. */

import { setTimeout as sleep } from 'node:timers/promises';
import { medianOf } from './median.ts';
import type { Watching } from './watch-cost.ts';

const presses = 60;
const giveUpMs = 5_000;
/** The key that changes what CPU is a share of: the heading of its column says which. */
const key = '%';
const headings = [/ Up .* CPU /, / Up .* Core /] as const;

export type Answers = { readonly medianMs: number; readonly p95Ms: number; readonly longestMs: number };

const has = ({ terminal }: Watching, text: RegExp): boolean => terminal.rows().some(row => text.test(row));

/** Presses the key again and again, not in step with the drawing. Throws when it is not answered. */
export async function measureAnswers(watching: Watching): Promise<Answers> {
  const times: number[] = [];
  for (let index = 0; index < presses; index += 1) {
    await sleep(150 + ((index * 37) % 100));
    const wanted = has(watching, headings[0]) ? headings[1] : headings[0];
    const startedMs = performance.now();
    const answered = watching.when(() => has(watching, wanted), giveUpMs);
    watching.press(key);
    const atMs = await answered;
    if (atMs === undefined) throw new Error(`No answer to a key:\n${watching.terminal.text()}`);
    times.push(atMs - startedMs);
  }
  const sorted = times.toSorted((a, b) => a - b);
  return {
    medianMs: medianOf(sorted),
    p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN,
    longestMs: sorted.at(-1) ?? Number.NaN,
  };
}

/** Opens the log of a service under the table; resolves when lines of it are there. */
export async function openLogOf(watching: Watching, service: string): Promise<void> {
  watching.press('/');
  await watching.when(() => has(watching, /Find /), giveUpMs);
  watching.press(service);
  await watching.when(() => has(watching, new RegExp(`Find ${service}`)), giveUpMs);
  watching.press('\r');
  // The group comes first; its only service follows.
  await watching.when(() => has(watching, /found by/), giveUpMs);
  watching.press('l');
  const isOpen = await watching.when(() => has(watching, /\d:\d\d .*10\d\d\d\d\d/), giveUpMs);
  if (isOpen === undefined) throw new Error(`No line of ${service}:\n${watching.terminal.text()}`);
}

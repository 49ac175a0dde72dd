/** Memory, CPU and log lines of a rehearsed container: made up, alive, and the same on every run. */

import type { ContainerUsage, LogLine } from '../../ports/engine.ts';
import type { RehearsalContainerSpec } from './rehearsal-container.ts';

/** A number from 0 to 1 that stays the same for the same text: FNV-1a, then mixed so that near texts are far apart. */
export function steadyFraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}

const warmUpMs = 8_000;

/** Grows to around the expected memory and then breathes a little; CPU time never runs backwards. */
export function rehearseUsage(spec: RehearsalContainerSpec, upMs: number, nowMs: number): ContainerUsage {
  const character = steadyFraction(spec.service);
  const warm = 1 - Math.exp(-upMs / warmUpMs);
  const breath = Math.sin(upMs / 9_000 + character * 6) * 0.03;
  const settledMiB = Math.min(
    spec.expectedMiB * (0.7 + character * 0.32),
    0.8 * (spec.limitMiB ?? Number.POSITIVE_INFINITY),
  );
  const memoryMiB = Math.max(4, settledMiB * (0.35 + 0.65 * warm + breath * warm));
  const share = 0.002 + character * 0.012;
  const period = 7_000 + character * 5_000;
  const busyMs =
    share * (upMs + (period / (2 * Math.PI)) * Math.sin((2 * Math.PI * upMs) / period)) + 400 * warm;
  return {
    memoryMiB: spec.limitMiB === undefined ? memoryMiB : Math.min(memoryMiB, spec.limitMiB),
    limitMiB: spec.limitMiB,
    cpuNs: Math.round(busyMs * 1e6),
    sampledAtMs: nowMs,
  };
}

const sayings = [
  'INFO health check answered in 3 ms',
  'INFO 12 events handled',
  'DEBUG cache: 118 hits, 4 misses',
  'INFO batch of 48 points written in 9 ms',
  'INFO nothing to do, next look in 5 s',
  'WARNING answer took 412 ms, usually 40 ms',
] as const;

const lineIntervalMs = (service: string): number =>
  900 + Math.round(steadyFraction(`${service} log`) * 2_600);

/** The `index`-th line since the container started, and when it comes. The first line says what starts. */
export function rehearseLogLine(
  service: string,
  startedMs: number,
  index: number,
): { readonly atMs: number; readonly line: LogLine } {
  const atMs = startedMs + index * lineIntervalMs(service);
  const pick = Math.floor(steadyFraction(`${service} ${index}`) * sayings.length);
  const text =
    index === 0 ? `INFO ${service} starts (rehearsal: nothing real runs)` : (sayings[pick] ?? sayings[0]);
  const stream = text.startsWith('WARNING') ? 'stderr' : 'stdout';
  return { atMs, line: { at: new Date(atMs).toISOString(), stream, text } };
}

/** How many lines a container has written by `nowMs`. */
export const rehearsedLineCount = (service: string, startedMs: number, nowMs: number): number =>
  nowMs < startedMs ? 0 : Math.floor((nowMs - startedMs) / lineIntervalMs(service)) + 1;

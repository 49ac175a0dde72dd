/** Durations as settings have them. */

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of `7d`, `1d12h`, `2w` or `0`, in the units that Compose and InfluxDB both take; undefined for what is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(?:\d+[smhdw])+$/.test(text)) return undefined;
  const parts = text.match(/\d+[smhdw]/g) ?? [];
  const seconds = parts.reduce(
    (sum, part) => sum + Number(part.slice(0, -1)) * (unitSeconds[part.slice(-1)] ?? 0),
    0,
  );
  return Number.isSafeInteger(seconds) ? seconds : undefined;
}

/** In the largest whole unit: `36h`. */
export function formatDuration(seconds: number): string {
  const [unit, size] = Object.entries(unitSeconds).findLast(([, each]) => seconds % each === 0) ?? ['s', 1];
  return `${seconds / size}${unit}`;
}

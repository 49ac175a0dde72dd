/** The options of `homeiq logs`, checked. Each throws a UserError with exit code 2 that names what is wrong. */

import { type LogLevel, logLevels } from '../core/logs/log-level.ts';
import { suggest, usageError } from './usage-error.ts';

export type LogOptions = {
  /** Empty: all. */
  readonly services: readonly string[];
  readonly follow: boolean;
  /** How far back, in milliseconds. */
  readonly backMs: number | undefined;
  readonly lines: number | undefined;
  readonly level: LogLevel | undefined;
  readonly grep: string | undefined;
  readonly utc: boolean;
};

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function readSince(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const found = /^(\d{1,6})([smhd])$/.exec(text);
  const unit = unitMs[found?.[2] ?? ''];
  if (unit !== undefined) return Number(found?.[1]) * unit;
  throw usageError(`--since takes a time like 30s, 10m, 2h or 1d, not ${text}.`);
}

function readLines(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw usageError(`--lines takes a whole number, not ${text}.`);
}

function readLevel(text: string | undefined): LogLevel | undefined {
  const level = logLevels.find(each => each === text);
  if (text === undefined || level !== undefined) return level;
  throw usageError(
    `There is no level ${text}.`,
    suggest(text, logLevels) ?? `The levels are ${logLevels.join(', ')}.`,
  );
}

export const readLogOptions = (
  services: readonly string[],
  text: (name: 'since' | 'lines' | 'level' | 'grep') => string | undefined,
  isOn: (name: 'follow' | 'utc') => boolean,
): LogOptions => ({
  services,
  follow: isOn('follow'),
  backMs: readSince(text('since')),
  lines: readLines(text('lines')),
  level: readLevel(text('level')),
  grep: text('grep'),
  utc: isOn('utc'),
});

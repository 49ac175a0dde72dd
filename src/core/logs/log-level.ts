/** How serious a line is, whatever word or number a service has for it. */

/** From the least to the most serious. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

const words: Readonly<Record<string, LogLevel>> = {
  trace: 'debug',
  verbose: 'debug',
  silly: 'debug',
  debug: 'debug',
  dbug: 'debug',
  trce: 'debug',
  info: 'info',
  information: 'info',
  notice: 'info',
  success: 'info',
  log: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  fail: 'error',
  severe: 'error',
  critical: 'error',
  crit: 'error',
  fatal: 'error',
  panic: 'error',
  alert: 'error',
  emerg: 'error',
  emergency: 'error',
};

/** A word as services write it, in any case; undefined for what is no level. */
export function levelOfWord(word: string): LogLevel | undefined {
  const key = word.toLowerCase();
  return Object.hasOwn(words, key) ? words[key] : undefined;
}

/** The numbers of pino and bunyan (10 to 60) and, below them, of syslog (0 is the worst). */
export function levelOfNumber(value: number): LogLevel | undefined {
  if (value >= 50) return 'error';
  if (value >= 40) return 'warn';
  if (value >= 30) return 'info';
  if (value >= 10) return 'debug';
  if (value >= 7) return 'debug';
  if (value >= 5) return 'info';
  if (value >= 4) return 'warn';
  return value >= 0 ? 'error' : undefined;
}

/** Whether a line passes a filter. A line that says nothing of its level counts as information. */
export const passesLevel = (level: LogLevel | undefined, least: LogLevel | undefined): boolean =>
  least === undefined || logLevels.indexOf(level ?? 'info') >= logLevels.indexOf(least);

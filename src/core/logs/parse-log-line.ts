/** A line of a log as a person reads it: its level found, JSON as a sentence with its fields, and nothing harmful in it. */

import { sanitiseLine } from '../text/sanitise.ts';
import { type LogLevel, levelOfNumber, levelOfWord } from './log-level.ts';

export type ParsedLogLine = {
  readonly level: LogLevel | undefined;
  /** One line, safe for a terminal, without the time that the service put before it. */
  readonly text: string;
  /** What a JSON line consists of, as it was written; undefined for other lines. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  /** The line goes on what the one before it began, as the lines of a stack do. */
  readonly isContinuation: boolean;
};

/** More than this of a line is counted, not kept. */
export const longestTextChars = 4_000;
/** A longer line is text, whatever it looks like. */
const longestJsonChars = 64 * 1024;

const messageKeys = ['message', 'msg', 'event', 'text'];
const levelKeys = ['level', 'levelname', 'severity', 'lvl', 'log.level', 'loglevel'];
/** The engine's own time is shown instead. */
const timeKeys = ['timestamp', 'time', 'ts', '@timestamp', 'asctime', 'datetime'];
/** Long, and read last. */
const stackKeys = ['stack', 'stack_trace', 'stacktrace', 'exc_info', 'exception', 'traceback'];

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}') || trimmed.length > longestJsonChars)
    return undefined;
  try {
    return JSON.parse(trimmed) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const findKey = (fields: Readonly<Record<string, unknown>>, keys: readonly string[]): string | undefined =>
  keys.find(key => isScalar(fields[key]) && fields[key] !== '');

/** Line breaks within a value stay visible: what a terminal does with them is not wanted, what they part is. */
const flat = (text: string): string => sanitiseLine(text.replace(/\s*[\r\n]+\s*/g, ' | ').trim());

function fieldText(key: string, value: unknown): string {
  const text = typeof value === 'string' ? flat(value) : flat(JSON.stringify(value) ?? '');
  const isQuoted = typeof value === 'string' && (text === '' || /[\s"=]/.test(text));
  return `${flat(key)}=${isQuoted ? JSON.stringify(text) : text}`;
}

function levelOf(value: unknown): LogLevel | undefined {
  if (typeof value === 'number') return levelOfNumber(value);
  return typeof value === 'string' ? levelOfWord(value) : undefined;
}

function readObject(fields: Readonly<Record<string, unknown>>): ParsedLogLine {
  const levelKey = findKey(fields, levelKeys);
  const messageKey = findKey(fields, messageKeys);
  const level = levelKey === undefined ? undefined : levelOf(fields[levelKey]);
  const shown = [levelKey, messageKey, ...timeKeys];
  const rest = Object.entries(fields).filter(
    ([key, value]) => !shown.includes(key) && value !== null && value !== undefined && value !== '',
  );
  const isStack = ([key]: readonly [string, unknown]): boolean => stackKeys.includes(key);
  const text = [
    level === undefined ? flat(String(levelKey === undefined ? '' : fields[levelKey])) : level.toUpperCase(),
    messageKey === undefined ? '' : flat(String(fields[messageKey])),
    ...rest.filter(entry => !isStack(entry)).map(([key, value]) => fieldText(key, value)),
    ...rest.filter(isStack).map(([key, value]) => fieldText(key, value)),
  ];
  return { level, text: text.filter(part => part !== '').join(' '), fields, isContinuation: false };
}

/** A date and a time at the start of a line, as most programs write it, and what parts it from the rest. */
const ownTime =
  /^\s*[[(]?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d| UTC)?[\])]?\s*(?:[-|:]\s+)?/;
/** `ts=2026-01-05T12:00:00Z` at the start, as in InfluxDB's own log. */
const namedTime = /^(?:ts|time|timestamp)="?\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)"?\s+/;

/** The level stands near the start of a line; further on, the word is part of what is said. */
const levelRoom = 120;
const namedLevel = /\b(?:level|lvl|severity|loglevel)["']?[=:]\s*["']?([A-Za-z]+)/;
const capitalLevel =
  /(?<![A-Za-z0-9_-])(TRACE|DEBUG|INFO|NOTICE|SUCCESS|WARN|WARNING|ERROR|ERR|FATAL|CRITICAL|CRIT|SEVERE|PANIC)(?![A-Za-z0-9_])/;
const bracketedLevel = /\[([A-Za-z]{3,9})\]/;
const leadingLevel = /^(trce|dbug|debug|info|warn|warning|error|fail|crit|fatal|panic)\s*:/i;
/** glog and klog: `E0105 12:00:00.000 …`. */
const letterLevel = /^([DIWEF])\d{4} \d\d:\d\d:\d\d/;
const letters: Readonly<Record<string, LogLevel>> = {
  D: 'debug',
  I: 'info',
  W: 'warn',
  E: 'error',
  F: 'error',
};

function levelInText(text: string): LogLevel | undefined {
  const start = text.slice(0, levelRoom);
  const letter = letterLevel.exec(start)?.[1];
  if (letter !== undefined) return letters[letter];
  for (const pattern of [namedLevel, leadingLevel, capitalLevel, bracketedLevel]) {
    const word = pattern.exec(start)?.[1];
    const level = word === undefined ? undefined : levelOfWord(word);
    if (level !== undefined) return level;
  }
  return undefined;
}

/** The head of a Python stack, or the line that ends one, without a level of its own. */
const stackHead = /^(?:Traceback \(most recent call last\)|(?:[\w.]+\.)?\w*(?:Error|Exception)\b.*|panic: )/;
const continuation = /^(?:\s{2,}|\t| at |Caused by:|\.\.\. \d+ more|Traceback \(most|During handling of)/;

function readText(text: string): ParsedLogLine {
  const clean = sanitiseLine(text);
  const withoutTime = clean.replace(ownTime, '').replace(namedTime, '');
  // A line that is nothing but a time is better than nothing.
  const shown = withoutTime.trim() === '' ? clean : withoutTime;
  const level = levelInText(shown) ?? (stackHead.test(shown) ? 'error' : undefined);
  return {
    level,
    text: shown.trimEnd(),
    fields: undefined,
    isContinuation: shown === clean && continuation.test(clean),
  };
}

/** Never throws, whatever a service writes. The text may be of any length. */
export function parseLogLine(line: string): ParsedLogLine {
  const fields = parseObject(line);
  return fields === undefined ? readText(line) : readObject(fields);
}

/** The text as it is kept: of a very long line its start, and how much more there was. */
export function boundText(text: string): string {
  if (text.length <= longestTextChars) return text;
  const more = text.length - longestTextChars;
  // Joined and cut again, so that the engine of JavaScript copies the start and lets go of the whole.
  return ` ${sanitiseLine(text.slice(0, longestTextChars))} [${more} characters more]`.slice(1);
}

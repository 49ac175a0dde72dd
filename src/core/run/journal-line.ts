/** One line of a journal: written by this program, read back with suspicion. */

import { hasShapeOf, isKnownKind } from './event-shape.ts';
import { journalVersion, type RunEvent } from './journal-event.ts';

export type JournalLine =
  | { readonly kind: 'event'; readonly event: RunEvent }
  /** An event of a kind that this version does not know. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreadable'; readonly reason: string };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads one line without its line end. */
export function parseJournalLine(text: string): JournalLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', reason: 'it is not JSON' };
  }
  if (!isRecord(value)) return { kind: 'unreadable', reason: 'it is not an event' };
  const { v, seq, at } = value;
  if (typeof v === 'number' && v > journalVersion) {
    return { kind: 'unreadable', reason: 'it was written by a newer homeiq' };
  }
  if (
    v !== journalVersion ||
    typeof seq !== 'number' ||
    typeof at !== 'string' ||
    !Number.isFinite(Date.parse(at)) ||
    typeof value.kind !== 'string'
  ) {
    return { kind: 'unreadable', reason: 'it is not an event' };
  }
  if (!isKnownKind(value.kind)) return { kind: 'unknown' };
  if (!hasShapeOf(value.kind, value)) {
    return { kind: 'unreadable', reason: `the event ${value.kind} lacks something` };
  }
  return { kind: 'event', event: { ...value, v, seq, at } };
}

/** The line for an event, with its line end. */
export const formatJournalLine = (event: RunEvent): string => `${JSON.stringify(event)}\n`;

/** One line of a journal: written by this program, read back with suspicion. */

import { journalVersion, type RunEvent, type RunEventBody } from './journal-event.ts';

export type JournalLine =
  | { readonly kind: 'event'; readonly event: RunEvent }
  /** An event of a kind that this version does not know. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreadable'; readonly reason: string };

type FieldType = 'string' | 'number' | 'boolean' | 'object';

/** What each kind cannot do without. */
const neededFields: Readonly<Record<RunEventBody['kind'], Readonly<Record<string, FieldType>>>> = {
  'run-started': { runId: 'string', pid: 'number', plan: 'object' },
  'step-started': { step: 'string' },
  'step-detail': { step: 'string', text: 'string' },
  image: { service: 'string', image: 'string', phase: 'string' },
  service: { service: 'string', phase: 'string' },
  'step-finished': { step: 'string', changed: 'boolean', summary: 'string', durationMs: 'number' },
  'step-failed': { step: 'string', error: 'object' },
  'rollback-started': { plan: 'object' },
  'run-finished': { outcome: 'string', changed: 'boolean' },
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasFields = (value: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, FieldType>>) =>
  Object.entries(fields).every(([name, type]) =>
    type === 'object' ? isRecord(value[name]) : typeof value[name] === type,
  );

const hasKnownKind = (value: Readonly<Record<string, unknown>>): value is RunEventBody & typeof value =>
  typeof value.kind === 'string' && Object.hasOwn(neededFields, value.kind);

/** The plan is what every screen builds on. */
const hasUsablePlan = (value: Readonly<Record<string, unknown>>): boolean =>
  (value.kind !== 'run-started' && value.kind !== 'rollback-started') ||
  (isRecord(value.plan) &&
    Array.isArray(value.plan.steps) &&
    value.plan.steps.every(isRecord) &&
    Array.isArray(value.plan.services) &&
    value.plan.services.every(isRecord));

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
    typeof value.kind !== 'string'
  ) {
    return { kind: 'unreadable', reason: 'it is not an event' };
  }
  if (!hasKnownKind(value)) return { kind: 'unknown' };
  if (!hasFields(value, neededFields[value.kind]) || !hasUsablePlan(value)) {
    return { kind: 'unreadable', reason: `the event ${value.kind} lacks something` };
  }
  return { kind: 'event', event: { ...value, v, seq, at } };
}

/** The line for an event, with its line end. */
export const formatJournalLine = (event: RunEvent): string => `${JSON.stringify(event)}\n`;

/** What an event of a journal must look like before anything is built on it: the file may be damaged, or made by somebody. */

import { modes } from '../mode/mode.ts';
import { levels } from '../plan/plan.ts';
import { serviceGroups } from '../stack/stack.ts';
import type { ImagePhase, RunEventBody, RunOutcome, ServicePhase } from './journal-event.ts';

type Test = (value: unknown) => boolean;

const text: Test = value => typeof value === 'string';
const flag: Test = value => typeof value === 'boolean';
const amount: Test = value => typeof value === 'number' && Number.isFinite(value);
const maybe =
  (test: Test): Test =>
  value =>
    value === undefined || test(value);
const list =
  (test: Test): Test =>
  value =>
    Array.isArray(value) && value.every(test);
const oneOf =
  (words: readonly string[]): Test =>
  value =>
    typeof value === 'string' && words.includes(value);
const record =
  (fields: Readonly<Record<string, Test>>): Test =>
  value =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(fields).every(([key, test]) =>
      test(Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined),
    );

const mode = oneOf(modes);
const service = record({
  name: text,
  group: oneOf(serviceGroups),
  start: flag,
  reason: maybe(text),
  expectedMiB: amount,
  isMeasured: maybe(flag),
  limitMiB: maybe(amount),
  reservedMiB: maybe(amount),
  canLeaveOut: maybe(flag),
});
const memory = record({
  totalMiB: amount,
  startMiB: amount,
  limitMiB: amount,
  budgetMiB: amount,
  reserveMiB: amount,
  headroomMiB: amount,
  verdict: oneOf(['fits', 'tight', 'does-not-fit']),
  measuredCount: maybe(amount),
  suggestions: list(record({ name: text, savesMiB: amount })),
});
const plan = record({
  mode,
  from: maybe(mode),
  changes: maybe(
    list(
      record({
        kind: oneOf(['stop', 'keep', 'recreate', 'start']),
        name: text,
        reason: maybe(text),
        reasons: maybe(list(text)),
      }),
    ),
  ),
  onTheWay: maybe(record({ beforeMiB: amount, worstMiB: amount, afterMiB: amount })),
  expectedMs: maybe(amount),
  level: oneOf(levels),
  project: text,
  folder: text,
  services: list(service),
  memory,
  source: record({ kind: oneOf(['none', 'folder', 'clone']) }),
  changedKeys: list(text),
  targets: maybe(list(text)),
  deleteData: maybe(list(text)),
  buckets: maybe(record({ modes: list(mode), retentionDays: maybe(amount), recover: maybe(text) })),
  steps: list(record({ id: text, title: text })),
});
const error = record({
  kind: oneOf(['user', 'external', 'bug']),
  message: text,
  hint: maybe(text),
  nextSteps: list(text),
  command: maybe(text),
  status: maybe(value => text(value) || amount(value)),
  tail: maybe(text),
  deletesData: maybe(text),
  exitCode: amount,
});
const summary = record({
  addresses: list(record({ name: text, url: text })),
  credentials: list(record({ what: text, file: text })),
  leftOut: list(record({ service: text, reason: text })),
  notes: list(text),
});
const transfer = record({ currentBytes: amount, totalBytes: maybe(amount) });

const imagePhases: readonly ImagePhase[] = ['present', 'pulling', 'building', 'ready', 'failed'];
const servicePhases: readonly ServicePhase[] = [
  'waiting',
  'creating',
  'starting',
  'healthy',
  'running',
  'done',
  'unhealthy',
  'exited',
];
const outcomes: readonly RunOutcome[] = ['done', 'failed', 'stopped', 'rolled-back'];

const shapes: Readonly<Record<RunEventBody['kind'], Test>> = {
  'run-started': record({ runId: text, pid: amount, plan }),
  'step-started': record({ step: text }),
  'step-detail': record({ step: text, text }),
  image: record({
    service: text,
    image: text,
    phase: oneOf(imagePhases),
    detail: maybe(text),
    transfer: maybe(transfer),
    allTransfer: maybe(transfer),
  }),
  service: record({ service: text, phase: oneOf(servicePhases), detail: maybe(text) }),
  'step-finished': record({ step: text, changed: flag, summary: text, durationMs: amount }),
  'step-failed': record({ step: text, error }),
  'rollback-started': record({ plan }),
  'run-finished': record({ outcome: oneOf(outcomes), changed: flag, summary: maybe(summary) }),
};

export const isKnownKind = (kind: string): kind is RunEventBody['kind'] => Object.hasOwn(shapes, kind);

/** Whether it has all that an event of its kind needs, each of its type. */
export const hasShapeOf = <Kind extends RunEventBody['kind']>(
  kind: Kind,
  value: Readonly<Record<string, unknown>>,
): value is Extract<RunEventBody, { kind: Kind }> & typeof value => shapes[kind](value);

/** What is known of a running deployment: the one truth that every rendering of the status draws. */

import type { Mode } from '../mode/mode.ts';
import type { Level } from '../plan/plan.ts';
import type { ServiceGroup } from '../stack/stack.ts';
import type { BoxState } from './box-state.ts';
import type { DataFlowSample } from './data-sample.ts';
import type { HealthSeen } from './health-seen.ts';

export type ServiceState =
  /** It should run, and there is no container. */
  | { readonly kind: 'missing' }
  /** It does not start in this mode by choice, or because something it needs is not set. */
  | { readonly kind: 'left-out'; readonly reason: string }
  /** The container was made and never started. */
  | { readonly kind: 'created' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'healthy' }
  | { readonly kind: 'unhealthy' }
  /** Running, and nobody checks its health. */
  | { readonly kind: 'unchecked' }
  | { readonly kind: 'restarting'; readonly exitCode: number | undefined }
  | {
      readonly kind: 'exited';
      readonly exitCode: number | undefined;
      /** Somebody asked for it, and the exit code says nothing else. */
      readonly wasAskedFor?: true;
    }
  /** A one-shot that ended with 0. */
  | { readonly kind: 'done' }
  | { readonly kind: 'paused' }
  /** Running, and it says itself that it is not ready yet. */
  | { readonly kind: 'initializing' }
  /** Running and, as it says itself, not well. */
  | { readonly kind: 'degraded'; readonly reason: string }
  /** It runs with another mode than the deployment's, or says so. */
  | { readonly kind: 'wrong-mode'; readonly mode: string };

type ServiceUsage = {
  /** Without page cache that can be dropped, as `docker stats` shows it. */
  readonly memoryMiB: number;
  /** Of all cores together, 0…1; undefined until two samples are there. */
  readonly cpuShare: number | undefined;
};

/** The oldest first; at most `historyLength` values each. */
type UsageHistory = {
  readonly memoryMiB: readonly number[];
  readonly cpuShare: readonly number[];
};

/** What the deployment wants of a service. */
export type ServiceRole =
  | { readonly kind: 'wanted' }
  /** It plays something outside HomeIQ (the sandbox): it must run, and is not counted among HomeIQ's services. */
  | { readonly kind: 'stand-in' }
  | { readonly kind: 'left-out'; readonly reason: string }
  /** It belongs to the other mode only: shown when it runs all the same. */
  | { readonly kind: 'other-mode'; readonly mode: Mode }
  /** It is in the stack and in no mode's set: shown when somebody started it. */
  | { readonly kind: 'by-hand' }
  /** It has the project's label and is not in the stack. */
  | { readonly kind: 'stranger' };

export const isExpected = ({ kind }: ServiceRole): boolean => kind === 'wanted' || kind === 'stand-in';

export type KnownService = {
  readonly name: string;
  readonly group: ServiceGroup;
  readonly role: ServiceRole;
  readonly expectedMiB: number;
  readonly limitMiB: number | undefined;
  readonly isOneShot: boolean;
};

export type ServiceStatus = KnownService & {
  readonly containerId: string | undefined;
  readonly containerName: string | undefined;
  readonly state: ServiceState;
  /** When the state began, as far as that was seen; for what runs, when its container started. */
  readonly sinceMs: number | undefined;
  readonly restartCount: number;
  readonly wasKilledForMemory: boolean;
  /** What the engine alone says of it. */
  readonly engineState?: ServiceState;
  /** What it said last on its health path; absent: it was not asked. */
  readonly health?: HealthSeen;
  /** How many of its processes the kernel killed for memory since it started; undefined where nobody counts. */
  readonly oomKillCount: number | undefined;
  readonly usage: ServiceUsage | undefined;
  readonly history: UsageHistory;
  /** The counter from which the next CPU share is made. */
  readonly cpuCounter: { readonly cpuNs: number; readonly sampledAtMs: number } | undefined;
};

type EngineState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'answering' }
  | {
      readonly kind: 'gone';
      readonly sinceMs: number;
      /** What was seen, without secrets. */
      readonly message: string;
      readonly retryAtMs: number;
    };

type DataFlow = {
  readonly bucket: string;
  readonly sample: (DataFlowSample & { readonly sampledAtMs: number }) | undefined;
  /** Points per minute, the oldest first. */
  readonly history: readonly number[];
  /** Why the last question had no answer; the sample before it is kept. */
  readonly problem: string | undefined;
};

export type StatusEvent = {
  readonly atMs: number;
  /** Undefined for what happens to the engine itself. */
  readonly service: string | undefined;
  readonly containerId?: string;
  /** It was before anybody watched, and the container still told it: of each service the last only. */
  readonly isFromContainer?: true;
  readonly what:
    | { readonly kind: 'created' | 'started' | 'healthy' | 'unhealthy' | 'removed' | 'out-of-memory' }
    | {
        readonly kind: 'ended';
        readonly exitCode: number | undefined;
        /** The engine said so of the container. */
        readonly wasKilledForMemory?: true;
        /** Somebody had the engine send the signal that ended it. */
        readonly wasAskedFor?: true;
      }
    | { readonly kind: 'paused' | 'unpaused' }
    | { readonly kind: 'engine-gone' | 'engine-back' };
};

type StatusTotals = {
  readonly memoryMiB: number;
  /** Undefined until two samples of something are there. */
  readonly cpuShare: number | undefined;
  /** Of the services that should run. */
  readonly expectedMiB: number;
  readonly budgetMiB: number;
  readonly memoryHistory: readonly number[];
};

export type StatusState = {
  readonly mode: Mode;
  readonly level: Level;
  readonly project: string;
  /** The deployment folder. */
  readonly folder: string;
  /** Of the machine: the base of the CPU shares. */
  readonly cores: number;
  /** Every service of the stack, shown or not. */
  readonly known: readonly KnownService[];
  readonly engine: EngineState;
  /** In the order of the stack; then what runs in the project without being in it. */
  readonly services: readonly ServiceStatus[];
  readonly totals: StatusTotals;
  readonly data: DataFlow;
  /** Undefined: nobody looked at the machine. */
  readonly box?: BoxState;
  /** What is wrong with the tokens that containers hold, a sentence each without a full stop; without secrets. */
  readonly tokenProblems: readonly string[];
  /** The newest last, at most `eventLimit`; with what the engine still knew of the time before. */
  readonly events: readonly StatusEvent[];
  /** Signals that somebody had the engine send to containers which have not ended since; the newest last. */
  readonly stopsAsked: readonly {
    readonly containerId: string;
    readonly signal: number;
    readonly atMs: number;
  }[];
  /** When the watching began. */
  readonly openedAtMs: number;
  /** The time of the last thing that was heard: ages and uptimes count to it. */
  readonly nowMs: number;
  /** When the containers were last listed. */
  readonly listedAtMs: number | undefined;
};

export const historyLength = 60;
export const eventLimit = 200;

/** Since when the events are all that happened, as far as the engine knew. */
export const eventsSinceMs = ({ events, openedAtMs }: StatusState): number => {
  const firstMs = events.find(({ isFromContainer }) => isFromContainer !== true)?.atMs ?? openedAtMs;
  // A full ring has let go of what was before.
  return events.length === eventLimit ? firstMs : Math.min(openedAtMs, firstMs);
};

/** True for what has a process. */
export const isRunningState = ({ kind }: ServiceState): boolean =>
  kind === 'starting' ||
  kind === 'healthy' ||
  kind === 'unhealthy' ||
  kind === 'unchecked' ||
  kind === 'initializing' ||
  kind === 'degraded' ||
  kind === 'paused' ||
  kind === 'wrong-mode';

/** What there is to sample. */
export const runningContainers = (state: StatusState): readonly { readonly id: string }[] =>
  state.services.flatMap(service =>
    service.containerId !== undefined && isRunningState(service.state) ? [{ id: service.containerId }] : [],
  );

/** Adds to a ring of at most `limit` values. */
export const pushBounded = <Value>(ring: readonly Value[], value: Value, limit: number): readonly Value[] =>
  ring.length < limit ? [...ring, value] : [...ring.slice(ring.length - limit + 1), value];

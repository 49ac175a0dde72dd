/** The plan as data: what a run will do, in order. It carries no secret and no value of a setting. */

import type { BucketsTask } from '../buckets/buckets-task.ts';
import type { MemoryFit } from '../memory/memory-fit.ts';
import type { MemoryOnTheWay } from '../memory/memory-on-the-way.ts';
import type { Mode } from '../mode/mode.ts';
import type { ServiceGroup } from '../stack/stack.ts';
import type { ServiceChange } from './service-change.ts';

export const levels = ['rehearsal', 'sandbox', 'bundled'] as const;
export type Level = (typeof levels)[number];

export const stepIds = [
  'documents',
  'settings',
  'images',
  'audit',
  'leave',
  'influxdb',
  'buckets',
  'home-assistant',
  'services',
  'verify',
  'stop',
  'delete-volumes',
  'restart',
  'start',
  'recreate',
  'operator-token',
  'token-users',
] as const;
export type StepId = (typeof stepIds)[number];

export type PlannedStep = {
  readonly id: StepId;
  readonly title: string;
  /** What was observed when the plan was made says that the step is already true. */
  readonly done: boolean;
  /** The step is not done when it is open: the run fails and says how it can be done. */
  readonly checkOnly?: true;
};

export type PlannedService = {
  readonly name: string;
  readonly group: ServiceGroup;
  readonly start: boolean;
  /** Why it does not start. */
  readonly reason?: string;
  readonly expectedMiB: number;
  /** `expectedMiB` was measured on this machine. */
  readonly isMeasured?: true;
  readonly limitMiB: number | undefined;
  readonly reservedMiB?: number;
  /** False: not even the operator can leave it out. */
  readonly canLeaveOut?: false;
};

/** Where images that are neither here nor to be pulled are built from. */
export type SourceChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'folder'; readonly path: string; readonly revision: string }
  /** The folder is filled by the run. */
  | { readonly kind: 'clone'; readonly path: string; readonly url: string; readonly revision: string };

export type Plan = {
  readonly version: 1;
  readonly mode: Mode;
  /** The mode that is left; undefined when no other mode is active. */
  readonly from?: Mode;
  /** Undefined: what runs could not be observed. */
  readonly changes?: readonly ServiceChange[];
  readonly onTheWay?: MemoryOnTheWay;
  /** Median of earlier runs of the same kind in this folder; undefined without any. */
  readonly expectedMs?: number;
  readonly level: Level;
  readonly project: string;
  readonly folder: string;
  readonly services: readonly PlannedService[];
  readonly memory: MemoryFit;
  readonly source: SourceChoice;
  /** Names of env keys whose value will change in `.env`. */
  readonly changedKeys: readonly string[];
  /** The services that a `stop`, `restart`, `start` or `recreate` step acts on. */
  readonly targets?: readonly string[];
  /** Data that the operator, asked for by name, allows to be deleted when a step cannot do without; of a stop: volumes. */
  readonly deleteData?: readonly string[];
  /** For a run of `homeiq buckets`; a set-up makes those of its mode. */
  readonly buckets?: BucketsTask;
  readonly steps: readonly PlannedStep[];
};

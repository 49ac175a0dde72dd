/** What the wizard works on, and the effects it may ask for. */

import type { Alternative } from '../../core/env/alternatives.ts';
import type { TemplateField, ValueOrigin } from '../../core/env/template-field.ts';
import type { HomeAssistantFinding } from '../../core/home-assistant/finding.ts';
import type { Mode } from '../../core/mode/mode.ts';
import type { Level, Plan } from '../../core/plan/plan.ts';
import type { RunEvent } from '../../core/run/journal-event.ts';
import type { RunDocuments } from '../../core/run/run-request.ts';

export type CheckLine = {
  readonly id: string;
  /** `problem` keeps the operator from going on. */
  readonly tone: 'good' | 'note' | 'problem';
  readonly text: string;
  /** What to do about it; shown under a problem, and in the details. */
  readonly mend: readonly string[];
};

export type MachineReport = {
  readonly hostname: string;
  readonly folder: string;
  readonly isNewFolder: boolean;
  readonly lines: readonly CheckLine[];
  readonly canContinue: boolean;
  /** No engine can be used here: the rehearsal is offered. */
  readonly shouldOfferRehearsal: boolean;
  /** By which containers and other machines reach this one. */
  readonly address?: string | undefined;
};

export type Choices = {
  readonly mode: Mode;
  /** Values the operator typed, by key. */
  readonly answers: Readonly<Record<string, string>>;
  /** Undefined: as the env document says. */
  readonly leftOut: readonly string[] | undefined;
  readonly acceptMemoryRisk: boolean;
  /** Clone HomeIQ at the pinned revision when images can neither be found nor pulled. */
  readonly fetchSource: boolean;
  /** Data that may be deleted, each by its name. */
  readonly deleteData?: readonly string[];
};

export type SettingValue = {
  readonly field: TemplateField;
  /** Empty when unset. Secrets are here in clear: a screen masks them. */
  readonly value: string;
  readonly origin: ValueOrigin;
  /** Why the value cannot be used; undefined when it can. */
  readonly problem: string | undefined;
  /** What else it could be without typing. */
  readonly alternatives?: readonly Alternative[];
};

export type EnvChange = {
  readonly key: string;
  readonly isSecret: boolean;
  readonly before: string | undefined;
  readonly after: string;
};

/** What each mode would mean, for the screen on which it is chosen. */
export type ModeOffer = {
  readonly mode: Mode;
  readonly services: number;
  readonly expectedMiB: number;
  readonly retentionDays: number;
};

export type MovedPort = {
  readonly service: string;
  readonly key: string;
  readonly from: number;
  /** Undefined: no port near it is free. */
  readonly to: number | undefined;
  /** A container or a process. */
  readonly holder: string;
};

/**
 * Everything that follows from the choices; made anew after each change, and changes nothing. The env documents with
 * their secrets are handed to the worker only.
 */
export type Draft = RunDocuments & {
  readonly plan: Plan;
  readonly settings: readonly SettingValue[];
  readonly envChanges: readonly EnvChange[];
  /** The commands that would do the same by hand, without secrets. */
  readonly commands: readonly string[];
  /** `retentionSeconds`: 0 is for ever. */
  readonly buckets: readonly { readonly name: string; readonly retentionSeconds: number }[];
  /** Said on the review: what is missing and what it means. */
  readonly notes: readonly string[];
  /** Set when images are neither here nor buildable: what a clone would cost. */
  readonly cloneOffer:
    | {
        readonly url: string;
        readonly revision: string;
        readonly downloadMB: number;
        readonly diskGB: number;
        readonly minutes: number;
      }
    | undefined;
  /** Host ports that something else uses, and where the services move to. */
  readonly movedPorts: readonly MovedPort[];
  /** The services that are left out by the operator, now or before. */
  readonly leftOut: readonly string[];
};

export type WizardEffects = {
  readonly level: Level;
  readonly modeOffers: () => Promise<readonly ModeOffer[]>;
  readonly checkMachine: () => Promise<MachineReport>;
  readonly draft: (choices: Choices) => Promise<Draft>;
  /** Asks the operator's Home Assistant; without a token only the address is looked at. Changes nothing. */
  readonly checkHomeAssistant: (
    address: string,
    token: string | undefined,
    signal: AbortSignal,
  ) => Promise<HomeAssistantFinding>;
  /** Hands the draft to the worker; resolves to the run's id once its journal exists. */
  readonly start: (draft: Draft, mode: Mode) => Promise<string>;
  readonly follow: (runId: string, signal: AbortSignal) => AsyncIterable<RunEvent>;
  /** The end of what the service's container wrote, safe for a terminal; empty when there is no container. */
  readonly readLog: (service: string) => Promise<readonly string[]>;
  /** Asks the worker to stop; finished steps stay. */
  readonly stopRun: () => Promise<void>;
};

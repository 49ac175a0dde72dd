/** The wizard as data: where it is, what was chosen, what follows from it, and what may happen next. */

import type { TemplateField, ValueOrigin } from '../../core/env/template-field.ts';
import type { ErrorReport, ExitCode } from '../../core/error.ts';
import type { HomeAssistantFinding } from '../../core/home-assistant/finding.ts';
import type { Mode } from '../../core/mode/mode.ts';
import type { Level } from '../../core/plan/plan.ts';
import type { RunEvent } from '../../core/run/journal-event.ts';
import type { RunState } from '../../core/run/reduce-run.ts';
import type { TextBuffer, TextEdit } from '../../core/text/text-buffer.ts';
import type { Choices, Draft, MachineReport, ModeOffer } from './wizard-types.ts';

export type WizardStep = 'machine' | 'mode' | 'memory' | 'settings' | 'review' | 'run';

type MachineState =
  | { readonly kind: 'checking' }
  | { readonly kind: 'checked'; readonly report: MachineReport }
  | { readonly kind: 'failed'; readonly error: ErrorReport };

type DraftState = {
  /** The last one that was made; it may be out of date while `isPending`. */
  readonly value: Draft | undefined;
  /** Counts the requests: only the answer to the last one is taken. */
  readonly request: number;
  readonly isPending: boolean;
  readonly error: ErrorReport | undefined;
};

/** One of the values that are offered instead of typing; without a value it is the way to typing. */
export type EditOption = {
  readonly value: string | undefined;
  /** Where it comes from; undefined for one of the template's choices that is nothing more. */
  readonly origin?: ValueOrigin | undefined;
};

export type Editing = {
  readonly key: string;
  readonly buffer: TextBuffer;
  /** Nothing was typed yet: a paste replaces what is there. */
  readonly isPristine: boolean;
  /** Why the text cannot be the value; told on leaving the field. */
  readonly problem: string | undefined;
  /** The same while it is being typed, when it may only be unfinished. */
  readonly hint: string | undefined;
  /** What was probably meant; taken with the next Enter. */
  readonly suggestion: { readonly value: string; readonly notes: readonly string[] } | undefined;
  /** The highlighted one of the options. Undefined: the value is typed. */
  readonly choice: number | undefined;
  readonly options: readonly EditOption[];
};

/** What is known of the operator's Home Assistant. */
export type HomeAssistantState = {
  /** Counts the checks: only the answer to the last one is taken. */
  readonly request: number;
  /** The values that the last check was for; an empty token: the address alone. */
  readonly asked: { readonly address: string; readonly token: string } | undefined;
  readonly isChecking: boolean;
  readonly finding: HomeAssistantFinding | undefined;
  /** The operator goes on although it is missing or not as it should be; for these values only. */
  readonly isSkipped: boolean;
};

export type SettingsState = {
  readonly selected: string | undefined;
  readonly showAdvanced: boolean;
  readonly search: string;
  /** The search is being typed. */
  readonly isSearching: boolean;
  readonly editing: Editing | undefined;
  readonly isRevealed: boolean;
};

export type DialogAnswer =
  | 'take-suggestions'
  | 'accept-risk'
  | 'fetch-source'
  | 'take-correction'
  | 'check-again'
  | 'skip-home-assistant'
  | 'delete-data'
  | 'leave-running'
  | 'stop-run'
  | 'cancel';

/** A question in the way. A number or an arrow selects an answer, Enter gives it. */
export type Dialog = {
  readonly kind: 'does-not-fit' | 'clone' | 'home-assistant' | 'delete-data' | 'interrupt';
  readonly answers: readonly DialogAnswer[];
  readonly selected: number;
};

/** The end of a service's own log. */
export type ServiceLog = {
  readonly service: string;
  /** Undefined: it is being read. */
  readonly lines: readonly string[] | undefined;
};

export type RunScreenState = {
  readonly kind: 'preparing' | 'starting' | 'following' | 'not-started';
  readonly runId: string | undefined;
  readonly state: RunState;
  /** Why no run could be started, or why its journal could not be read. */
  readonly error: ErrorReport | undefined;
  readonly isStopAsked: boolean;
  readonly showLog: boolean;
  /** Shown instead of the steps. */
  readonly serviceLog: ServiceLog | undefined;
};

/** How the wizard is over. The shell acts on it. */
export type Ending =
  | { readonly kind: 'quit'; readonly code: ExitCode }
  | { readonly kind: 'left-running'; readonly runId: string | undefined }
  | { readonly kind: 'status' }
  | { readonly kind: 'rehearse' };

export type WizardState = {
  readonly level: Level;
  /** The mode that the deployment was in when the wizard was opened. */
  readonly activeMode: Mode | undefined;
  /** Opened to change the mode: nothing is asked that is known, and the way back leads to the status. */
  readonly isSwitch: boolean;
  /** The first draft of a switch says on which screen it begins. */
  readonly isArriving: boolean;
  readonly step: WizardStep;
  readonly machine: MachineState;
  readonly showDetails: boolean;
  /** In the order of the modes; empty until they are known. */
  readonly offers: readonly ModeOffer[];
  readonly choices: Choices;
  /** The operator has left the screen of modes once, or gave the mode with the command. */
  readonly isModeChosen: boolean;
  readonly draft: DraftState;
  /** Enter was pressed before the draft was there: go on when it is. */
  readonly isContinuing: boolean;
  readonly memory: { readonly openGroups: readonly string[]; readonly selected: string | undefined };
  readonly settings: SettingsState;
  readonly homeAssistant: HomeAssistantState;
  /** Answers of the mode that is not chosen now, for keys that each mode has for itself. */
  readonly setAside: Readonly<Record<string, string>>;
  readonly panel: 'env' | 'commands' | undefined;
  /** First line shown of the open panel or log. */
  readonly scroll: number;
  readonly run: RunScreenState | undefined;
  readonly dialog: Dialog | undefined;
  /** Somebody else's run is watched: Ctrl+C leaves, and stops nothing. */
  readonly isOnlooker?: boolean;
  /** One line about the last key; gone with the next. */
  readonly notice: string | undefined;
  readonly ending: Ending | undefined;
};

/** What a key can mean without saying more. */
export type PlainWizardIntent =
  | 'continue'
  | 'back'
  | 'quit'
  | 'interrupt'
  | 'check-again'
  | 'toggle-details'
  | 'rehearse'
  | 'open'
  | 'close'
  | 'toggle-left-out'
  | 'toggle-advanced'
  | 'search'
  | 'edit'
  | 'edit-next'
  | 'edit-previous'
  | 'reveal'
  | 'use-default'
  | 'keep-typed'
  | 'take-correction'
  | 'delete-data'
  | 'toggle-env'
  | 'toggle-commands'
  | 'toggle-log'
  | 'change-settings'
  | 'switch-back';

export type WizardIntent =
  | { readonly kind: PlainWizardIntent }
  | { readonly kind: 'move'; readonly by: number }
  /** By number, from 0. */
  | { readonly kind: 'select'; readonly index: number }
  | { readonly kind: 'edit-text'; readonly edit: TextEdit }
  /** `isCleaned`: control sequences were taken out of it before. */
  | { readonly kind: 'paste'; readonly text: string; readonly isCleaned?: boolean };

/** What the effects report back. */
export type WizardResult =
  | { readonly kind: 'machine-checked'; readonly report: MachineReport }
  | { readonly kind: 'machine-failed'; readonly error: ErrorReport }
  | { readonly kind: 'offers-loaded'; readonly offers: readonly ModeOffer[] }
  | { readonly kind: 'draft-made'; readonly request: number; readonly draft: Draft }
  | { readonly kind: 'draft-failed'; readonly request: number; readonly error: ErrorReport }
  | {
      readonly kind: 'home-assistant-checked';
      readonly request: number;
      readonly finding: HomeAssistantFinding;
    }
  | { readonly kind: 'run-created'; readonly runId: string }
  | { readonly kind: 'run-refused'; readonly error: ErrorReport }
  | { readonly kind: 'run-event'; readonly event: RunEvent }
  /** The journal ended without an outcome, or it could not be read any further. */
  | { readonly kind: 'run-lost'; readonly error?: ErrorReport }
  | { readonly kind: 'log-read'; readonly service: string; readonly lines: readonly string[] }
  | { readonly kind: 'stop-failed'; readonly error: ErrorReport };

export type WizardEffect =
  | { readonly kind: 'check-machine' }
  | { readonly kind: 'load-offers' }
  | { readonly kind: 'make-draft'; readonly choices: Choices; readonly request: number }
  | {
      readonly kind: 'check-home-assistant';
      readonly address: string;
      readonly token: string | undefined;
      readonly request: number;
    }
  | { readonly kind: 'start-run'; readonly draft: Draft; readonly mode: Mode }
  | { readonly kind: 'follow'; readonly runId: string }
  | { readonly kind: 'read-log'; readonly service: string }
  | { readonly kind: 'stop-run' };

export type Step = { readonly state: WizardState; readonly effects: readonly WizardEffect[] };

/** Says why `value` cannot be the value of `field`; undefined when it can. */
export type CheckValue = (field: TemplateField, value: string) => string | undefined;

export const stay = (state: WizardState): Step => ({ state, effects: [] });

/** Asks for a new draft; answers to older requests are dropped when they come. */
export function redraft(state: WizardState): Step {
  const request = state.draft.request + 1;
  return {
    state: { ...state, draft: { ...state.draft, request, isPending: true, error: undefined } },
    effects: [{ kind: 'make-draft', choices: state.choices, request }],
  };
}

/** Keeps a number within a list of `count`; 0 when it is empty. */
export const within = (index: number, count: number): number => Math.max(0, Math.min(count - 1, index));

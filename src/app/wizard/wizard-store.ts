/** The wizard at work: keeps its state, and runs the effects that the reducer asks for. */

import { reportError } from '../../core/error.ts';
import { type Mode, otherMode } from '../../core/mode/mode.ts';
import { createStore, type Store } from '../store.ts';
import { noHomeAssistantSeen } from './reduce-home-assistant.ts';
import { attachRun } from './reduce-run-screen.ts';
import { reduceIntent, reduceResult } from './reduce-wizard.ts';
import {
  type CheckValue,
  redraft,
  type Step,
  type WizardEffect,
  type WizardIntent,
  type WizardResult,
  type WizardState,
} from './wizard-state.ts';
import type { Choices, WizardEffects } from './wizard-types.ts';

export type WizardOptions = {
  /** Says why a typed value cannot be used; undefined when it can. */
  readonly checkValue: CheckValue;
  /** What was given with the command; the wizard starts from it. */
  readonly choices?: Partial<Choices>;
  /** A run to attach to, instead of walking through the steps. */
  readonly attachTo?: string;
  /** The run is only watched: nothing on the screen stops it. */
  readonly isOnlooker?: boolean;
  /** The mode of the deployment that is there. */
  readonly activeMode?: Mode;
  /** Changes from the active mode to the other one. @default false */
  readonly isSwitch?: boolean;
};

export type Wizard = {
  readonly store: Store<WizardState>;
  readonly dispatch: (intent: WizardIntent) => void;
  /** Stops reading; a run that is under way goes on. */
  readonly dispose: () => void;
};

function initialState(effects: WizardEffects, options: WizardOptions): WizardState {
  const { activeMode, isSwitch = false, isOnlooker } = options;
  const choices: Partial<Choices> = {
    ...options.choices,
    ...(isSwitch && activeMode !== undefined ? { mode: otherMode(activeMode) } : {}),
  };
  return {
    level: effects.level,
    activeMode,
    isSwitch,
    isArriving: isSwitch,
    ...(isOnlooker === undefined ? {} : { isOnlooker }),
    step: isSwitch ? 'review' : 'machine',
    machine: { kind: 'checking' },
    showDetails: false,
    offers: [],
    choices: {
      mode: 'test',
      answers: {},
      leftOut: undefined,
      acceptMemoryRisk: false,
      fetchSource: false,
      ...choices,
    },
    isModeChosen: choices.mode !== undefined,
    draft: { value: undefined, request: 0, isPending: false, error: undefined },
    isContinuing: false,
    memory: { openGroups: [], selected: undefined },
    settings: {
      selected: undefined,
      showAdvanced: false,
      search: '',
      isSearching: false,
      editing: undefined,
      isRevealed: false,
    },
    homeAssistant: noHomeAssistantSeen,
    setAside: {},
    panel: undefined,
    scroll: 0,
    run: undefined,
    dialog: undefined,
    notice: undefined,
    ending: undefined,
  };
}

/** Starts the wizard: the machine is looked at at once, or the given run is read. */
export function createWizard(effects: WizardEffects, options: WizardOptions): Wizard {
  const store = createStore(initialState(effects, options));
  const closing = new AbortController();

  const take = (step: Step): void => {
    if (closing.signal.aborted) return;
    store.set(step.state);
    for (const effect of step.effects) void runEffect(effect);
  };
  const report = (result: WizardResult): void => {
    if (!closing.signal.aborted) take(reduceResult(store.get(), result, options.checkValue));
  };

  async function followRun(runId: string): Promise<void> {
    try {
      for await (const event of effects.follow(runId, closing.signal)) report({ kind: 'run-event', event });
      report({ kind: 'run-lost' });
    } catch (thrown) {
      report({ kind: 'run-lost', error: reportError(thrown) });
    }
  }

  async function startRun(effect: Extract<WizardEffect, { kind: 'start-run' }>, mode: Mode): Promise<void> {
    try {
      report({ kind: 'run-created', runId: await effects.start(effect.draft, mode) });
    } catch (thrown) {
      report({ kind: 'run-refused', error: reportError(thrown) });
    }
  }

  async function makeDraft(effect: Extract<WizardEffect, { kind: 'make-draft' }>): Promise<void> {
    const { request } = effect;
    try {
      report({ kind: 'draft-made', request, draft: await effects.draft(effect.choices) });
    } catch (thrown) {
      report({ kind: 'draft-failed', request, error: reportError(thrown) });
    }
  }

  let asking = new AbortController();
  async function checkHomeAssistant(
    effect: Extract<WizardEffect, { kind: 'check-home-assistant' }>,
  ): Promise<void> {
    const { address, token, request } = effect;
    asking.abort();
    asking = new AbortController();
    const signal = AbortSignal.any([asking.signal, closing.signal]);
    try {
      const finding = await effects.checkHomeAssistant(address, token, signal);
      report({ kind: 'home-assistant-checked', request, finding });
    } catch (thrown) {
      if (signal.aborted) return;
      const seen = reportError(thrown).message;
      report({
        kind: 'home-assistant-checked',
        request,
        finding: { kind: 'unreachable', reason: 'other', seen },
      });
    }
  }

  async function runEffect(effect: WizardEffect): Promise<void> {
    switch (effect.kind) {
      case 'check-machine':
        return effects.checkMachine().then(
          machine => report({ kind: 'machine-checked', report: machine }),
          thrown => report({ kind: 'machine-failed', error: reportError(thrown) }),
        );
      case 'load-offers':
        // The screen of modes does without the figures when they cannot be had; the draft says why.
        return effects.modeOffers().then(
          offers => report({ kind: 'offers-loaded', offers }),
          () => undefined,
        );
      case 'make-draft':
        return makeDraft(effect);
      case 'check-home-assistant':
        return checkHomeAssistant(effect);
      case 'start-run':
        return startRun(effect, effect.mode);
      case 'follow':
        return followRun(effect.runId);
      case 'read-log':
        return effects.readLog(effect.service).then(
          lines => report({ kind: 'log-read', service: effect.service, lines }),
          thrown =>
            report({ kind: 'log-read', service: effect.service, lines: [reportError(thrown).message] }),
        );
      case 'stop-run':
        return effects.stopRun().catch(thrown => report({ kind: 'stop-failed', error: reportError(thrown) }));
    }
  }

  const begin = (state: WizardState): Step => {
    if (options.attachTo !== undefined) return attachRun(state, options.attachTo);
    if (state.isSwitch) return redraft(state);
    return { state, effects: [{ kind: 'check-machine' }, { kind: 'load-offers' }] };
  };
  take(begin(store.get()));
  return {
    store,
    dispatch: intent => take(reduceIntent(store.get(), intent, options.checkValue)),
    dispose: () => closing.abort(),
  };
}

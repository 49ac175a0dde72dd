/** A wizard with scripted effects, driven by intents and looked at as data. */

import type { WizardIntent, WizardState } from '../../../src/app/wizard/wizard-state.ts';
import { createWizard, type Wizard, type WizardOptions } from '../../../src/app/wizard/wizard-store.ts';
import { checkValue } from '../../../src/core/env/validate.ts';
import { until } from '../../helpers/until.ts';
import { type ScriptedEffects, scriptedEffects } from '../../ui/wizard-fixture.ts';

type Simple = Exclude<WizardIntent['kind'], 'move' | 'select' | 'edit-text' | 'paste'>;
const opened: Wizard[] = [];

/** To be called after each test. */
export function closeWizards(): void {
  for (const wizard of opened.splice(0)) wizard.dispose();
}

export type OpenWizard = {
  readonly effects: ScriptedEffects;
  readonly state: () => WizardState;
  readonly press: (...intents: readonly (Simple | WizardIntent)[]) => void;
  readonly reach: (condition: (state: WizardState) => boolean) => Promise<unknown>;
};

export function openWizard(
  change: Parameters<typeof scriptedEffects>[0] = {},
  options: Partial<WizardOptions> = {},
): OpenWizard {
  const effects = scriptedEffects(change);
  const wizard = createWizard(effects, { checkValue, ...options });
  opened.push(wizard);
  const state = wizard.store.get;
  return {
    effects,
    state,
    press: (...intents) => {
      for (const intent of intents) wizard.dispatch(typeof intent === 'string' ? { kind: intent } : intent);
    },
    reach: condition =>
      until(() => condition(state()), {
        describe: () => JSON.stringify({ ...state(), draft: undefined, run: undefined }),
      }),
  };
}

export const isReady = (state: WizardState): boolean =>
  state.draft.value !== undefined && !state.draft.isPending;

/** Nothing is edited, drafted or asked any more. */
export const isAnswered = (state: WizardState): boolean =>
  isReady(state) && state.settings.editing === undefined && !state.homeAssistant.isChecking;

export const type = (text: string): WizardIntent => ({ kind: 'edit-text', edit: { kind: 'insert', text } });
export const clear: WizardIntent = { kind: 'edit-text', edit: { kind: 'clear' } };

/** Every screen of the wizard as a state, reached by the keys that an operator would press. */

import type { WizardIntent, WizardState } from '../../src/app/wizard/wizard-state.ts';
import { createWizard } from '../../src/app/wizard/wizard-store.ts';
import { checkValue } from '../../src/core/env/validate.ts';
import type { Level } from '../../src/core/plan/plan.ts';
import {
  brokenMachineFixture,
  failingBodies,
  planFixture,
  runBodies,
  runEndBodies,
  scriptedEffects,
} from './wizard-fixture.ts';

type Simple = Exclude<WizardIntent['kind'], 'move' | 'select' | 'edit-text' | 'paste'>;

/** All promises of the scripted effects have been answered. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(resolve => setImmediate(resolve));
};

/** Each named screen once. */
export async function wizardStates(level: Level = 'bundled'): Promise<ReadonlyMap<string, WizardState>> {
  const states = new Map<string, WizardState>();
  const open = async (
    change: Parameters<typeof scriptedEffects>[0] = {},
    options: Partial<Parameters<typeof createWizard>[1]> = {},
  ) => {
    const effects = scriptedEffects({ level, ...change });
    const wizard = createWizard(effects, { checkValue, ...options });
    const press = async (...intents: readonly (Simple | WizardIntent)[]): Promise<void> => {
      for (const intent of intents) {
        wizard.dispatch(typeof intent === 'string' ? { kind: intent } : intent);
        await settle();
      }
    };
    const keep = (name: string): void => void states.set(name, wizard.store.get());
    keep('checking');
    await settle();
    return { effects, press, keep };
  };
  const plan = planFixture('test', { level });

  const { effects, press, keep } = await open();
  keep('machine');
  await press('toggle-details');
  keep('machine-details');
  await press('continue');
  keep('mode');
  await press('continue');
  keep('memory');
  await press({ kind: 'move', by: 1 }, 'open', { kind: 'move', by: 2 }, 'toggle-left-out');
  keep('memory-open');
  await press('toggle-left-out', 'continue');
  keep('settings');
  await press('toggle-advanced');
  keep('settings-advanced');
  await press({ kind: 'move', by: 2 }, 'edit');
  keep('settings-choice');
  await press('back', 'toggle-advanced', 'continue');
  keep('review');
  await press('toggle-env');
  keep('review-env');
  await press('toggle-commands');
  keep('review-commands');
  await press('back', 'continue');
  keep('starting');
  effects.tell(runBodies(plan));
  await settle();
  keep('run');
  await press('interrupt');
  keep('run-interrupt');
  await press('back', 'toggle-log');
  keep('run-log');
  await press('toggle-log');
  effects.tell(runEndBodies(plan));
  await settle();
  keep('end');

  const failed = await open();
  await failed.press('continue', 'continue', 'continue', 'continue', 'continue');
  failed.effects.tell(failingBodies(plan));
  await settle();
  failed.keep('failed');

  const broken = await open({ checkMachine: async () => brokenMachineFixture });
  broken.keep('machine-broken');

  const production = await open({ budgetMiB: 6000 }, { choices: { mode: 'production' } });
  await production.press('continue', 'continue');
  production.keep('memory-too-much');
  await production.press('continue');
  production.keep('memory-question');
  await production.press({ kind: 'select', index: 2 }, 'continue');
  production.keep('settings-needed');
  await production.press({ kind: 'edit-text', edit: { kind: 'insert', text: '192.168.1.86' } }, 'continue');
  production.keep('settings-problem');
  await production.press(
    { kind: 'edit-text', edit: { kind: 'home' } },
    { kind: 'edit-text', edit: { kind: 'insert', text: 'http://' } },
    'continue',
    { kind: 'paste', text: 'Bearer abcdefghijklmnopqrstuvwxyz0123456789Yw8\n' },
  );
  production.keep('settings-secret');
  await production.press('continue', 'continue');
  production.keep('review-production');
  return states;
}

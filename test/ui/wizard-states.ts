/** Every screen of the wizard as a state, reached by the keys that an operator would press. */

import type { WizardIntent, WizardState } from '../../src/app/wizard/wizard-state.ts';
import { createWizard } from '../../src/app/wizard/wizard-store.ts';
import { checkValue } from '../../src/core/env/validate.ts';
import type { Level } from '../../src/core/plan/plan.ts';
import {
  brokenMachineFixture,
  failingBodies,
  failingSwitchBodies,
  knownHome,
  measuredDraftFixture,
  planFixture,
  rolledBackBodies,
  runBodies,
  runEndBodies,
  scriptedEffects,
  strangerBodies,
  switchPlanFixture,
} from './wizard-fixture.ts';

type Simple = Exclude<WizardIntent['kind'], 'move' | 'select' | 'edit-text' | 'paste'>;

/** All promises of the scripted effects have been answered. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(resolve => setImmediate(resolve));
};

const insert = (text: string): WizardIntent => ({ kind: 'edit-text', edit: { kind: 'insert', text } });

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
    if (!states.has('checking')) keep('checking');
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

  const measured = await open({ draft: async choices => measuredDraftFixture(choices, level) });
  await measured.press('continue', 'continue', { kind: 'move', by: 1 }, 'open');
  measured.keep('memory-measured');

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
  await production.press(insert('http://'), 'continue');
  production.keep('settings-problem');
  await production.press({ kind: 'edit-text', edit: { kind: 'clear' } }, insert('192.168.1'));
  production.keep('settings-typing');
  await production.press(insert('.86'), 'continue');
  production.keep('settings-suggestion');
  await production.press('continue', {
    kind: 'paste',
    text: 'Bearer abcdefghijklmnopqrstuvwxyz0123456789Yw8\n',
  });
  production.keep('settings-secret');
  await production.press('continue');
  production.keep('settings-accepted');
  await production.press({ kind: 'select', index: 3 }, 'edit');
  production.keep('settings-options');
  await production.press('back', 'continue');
  production.keep('review-production');

  const wrong = await open(
    { checkHomeAssistant: async () => ({ kind: 'wrong-scheme', corrected: 'https://192.168.1.86:8123' }) },
    { choices: { mode: 'production' } },
  );
  await wrong.press('continue', 'continue', 'continue', insert('http://192.168.1.86:8123'), 'continue');
  await wrong.press({ kind: 'paste', text: 'abcdefghijklmnopqrstuvwxyz0123456789Yw8' }, 'continue');
  wrong.keep('settings-wrong');
  await wrong.press('continue');
  wrong.keep('home-assistant-question');
  await wrong.press({ kind: 'select', index: 3 }, 'continue');
  wrong.keep('review-skipped');

  const asking = await open(
    { checkHomeAssistant: () => new Promise(() => {}) },
    { choices: { mode: 'production' } },
  );
  await asking.press('continue', 'continue', 'continue', 'back', 'continue');
  asking.keep('home-assistant-missing');
  await asking.press('continue', insert('http://192.168.1.86:8123'), 'continue');
  await asking.press(
    { kind: 'paste', text: 'abcdefghijklmnopqrstuvwxyz0123456789Yw8' },
    'continue',
    'continue',
  );
  asking.keep('settings-asking');

  const stranger = await open();
  await stranger.press('continue', 'continue', 'continue', 'continue', 'continue');
  stranger.effects.tell(strangerBodies(plan));
  await settle();
  stranger.keep('failed-deletable');
  await stranger.press('delete-data');
  stranger.keep('delete-question');

  const toProduction = switchPlanFixture('production', { level });
  const change = await open({ activeMode: 'test', known: knownHome }, { activeMode: 'test', isSwitch: true });
  change.keep('switch-review');
  await change.press('toggle-commands');
  change.keep('switch-review-commands');
  await change.press('back', 'continue');
  change.effects.tell(failingSwitchBodies(toProduction).slice(0, -2));
  await settle();
  change.keep('switch-run');
  change.effects.tell(failingSwitchBodies(toProduction).slice(-2));
  await settle();
  change.keep('switch-failed');
  await change.press('toggle-log');
  change.keep('switch-service-log');

  const back = await open({ activeMode: 'test', known: knownHome }, { attachTo: 'run-1' });
  back.effects.tell(rolledBackBodies(toProduction, switchPlanFixture('test', { level })));
  await settle();
  back.keep('switch-rolled-back');

  const needed = await open({ activeMode: 'test' }, { activeMode: 'test', isSwitch: true });
  needed.keep('switch-settings');

  const deployed = await open({ activeMode: 'test' }, { activeMode: 'test', choices: { mode: 'test' } });
  await deployed.press('continue', { kind: 'select', index: 1 });
  deployed.keep('switch-mode');
  return states;
}

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { HomeAssistantFinding } from '../../../src/core/home-assistant/finding.ts';
import {
  failingSwitchBodies,
  knownHome,
  rolledBackBodies,
  switchPlanFixture,
} from '../../ui/wizard-fixture.ts';
import { closeWizards, isAnswered, isReady, openWizard } from './open-wizard.ts';

afterEach(closeWizards);

const plan = switchPlanFixture('production');

/** A wizard that was opened from the status of a deployment in test mode. */
const openSwitch = (change: Parameters<typeof openWizard>[0] = {}) =>
  openWizard({ activeMode: 'test', known: knownHome, ...change }, { activeMode: 'test', isSwitch: true });

async function onFailedSwitch() {
  const wizard = openSwitch();
  await wizard.reach(isAnswered);
  wizard.press('continue');
  await wizard.reach(({ run }) => run?.kind === 'following');
  wizard.effects.tell(failingSwitchBodies(plan));
  await wizard.reach(({ run }) => run?.state.status === 'failed');
  return wizard;
}

test('with a complete document the switch begins at its review, and Enter does it', async () => {
  const { effects, state, press, reach } = openSwitch();
  await reach(isAnswered);
  assert.equal(state().step, 'review');
  assert.equal(state().choices.mode, 'production');
  assert.deepEqual(state().draft.value?.plan.from, 'test');
  press('continue');
  await reach(({ run }) => run?.kind === 'following');
  assert.deepEqual(effects.calls, [
    'draft production',
    'check http://192.168.1.86:8123 with token',
    'start production 22',
    'follow run-1',
  ]);
});

test('Escape at the review leads back to the status, and nothing was started', async () => {
  const { effects, state, press, reach } = openSwitch();
  await reach(isAnswered);
  press('toggle-env', 'back');
  assert.equal(state().ending, undefined);
  press('back');
  assert.deepEqual(state().ending, { kind: 'status' });
  assert.ok(!effects.calls.some(call => call.startsWith('start')));
});

test('what is missing is asked first, and nothing else', async () => {
  const { state, reach } = openSwitch({ known: {} });
  await reach(isReady);
  assert.equal(state().step, 'settings');
  assert.equal(state().settings.editing?.key, 'HA_HTTP_URL');
});

test('a mode that does not fit begins with the question about memory', async () => {
  const { state, press, reach } = openSwitch({ budgetMiB: 6000 });
  await reach(isReady);
  assert.equal(state().step, 'memory');
  assert.equal(state().dialog?.kind, 'does-not-fit');
  press('back', 'back');
  assert.deepEqual(state().ending, { kind: 'status' });
});

test('Enter before Home Assistant has answered is kept; an answer that is not good leads to the settings', async () => {
  let answer: (finding: HomeAssistantFinding) => void = () => {};
  const { state, press, reach } = openSwitch({
    checkHomeAssistant: () =>
      new Promise(resolve => {
        answer = resolve;
      }),
  });
  await reach(({ homeAssistant }) => homeAssistant.isChecking);
  press('continue');
  assert.equal(state().step, 'review');
  answer({ kind: 'token-refused', isShapedLikeToken: true });
  await reach(({ step }) => step === 'settings');
  assert.equal(state().run, undefined);
});

test('a failed switch goes back: the same machinery with the old mode as its target', async () => {
  const { effects, state, press, reach } = await onFailedSwitch();
  press('switch-back');
  await reach(({ run }) => run?.kind === 'following');
  assert.deepEqual(effects.calls.slice(-3), ['draft test', 'start test 16', 'follow run-2']);
  assert.equal(state().choices.mode, 'test');
});

test('a failed switch tries again with the wanted mode', async () => {
  const { effects, press, reach } = await onFailedSwitch();
  press('continue');
  await reach(({ run }) => run?.kind === 'following');
  assert.deepEqual(effects.calls.slice(-3), ['draft production', 'start production 22', 'follow run-2']);
});

test('the log of the service that keeps the others is shown first, from its end', async () => {
  const { effects, state, press, reach } = await onFailedSwitch();
  press('toggle-log');
  await reach(({ run }) => run?.serviceLog?.lines !== undefined);
  assert.equal(state().run?.serviceLog?.service, 'data-api');
  assert.equal(effects.calls.at(-1), 'log data-api');
  press({ kind: 'move', by: -10 });
  assert.equal(state().scroll, 1);
  press('toggle-log');
  assert.equal(state().run?.showLog, true);
  assert.equal(state().run?.serviceLog, undefined);
  press('back');
  assert.equal(state().run?.showLog, false);
});

test('a switch that went back by itself ends at the status of the mode that runs again', async () => {
  const { effects, state, press, reach } = openWizard({}, { attachTo: 'run-1' });
  effects.tell(rolledBackBodies(plan, switchPlanFixture('test')));
  await reach(({ run }) => run?.state.status === 'rolled-back');
  press('switch-back');
  assert.equal(state().run?.kind, 'following');
  press('continue');
  assert.deepEqual(state().ending, { kind: 'status' });
  assert.equal(state().choices.mode, 'test');
});

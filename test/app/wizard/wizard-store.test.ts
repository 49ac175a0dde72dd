import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { Draft, WizardEffects } from '../../../src/app/wizard/wizard-types.ts';
import { ExternalError, UserError } from '../../../src/core/error.ts';
import {
  brokenMachineFixture,
  draftFixture,
  failingBodies,
  machineFixture,
  planFixture,
  runBodies,
  runEndBodies,
  type scriptedEffects,
} from '../../ui/wizard-fixture.ts';
import { clear, closeWizards, isAnswered, isReady, openWizard as open, type } from './open-wizard.ts';

afterEach(closeWizards);

/** A wizard on its review. */
async function onReview(change: Parameters<typeof scriptedEffects>[0] = {}) {
  const wizard = open(change);
  await wizard.reach(isReady);
  wizard.press('continue', 'continue', 'continue', 'continue');
  await wizard.reach(state => state.step === 'review');
  return wizard;
}

test('a first set-up in test mode: six times Enter and nothing typed', async () => {
  const { effects, state, press, reach } = open();
  await reach(isReady);
  assert.equal(state().step, 'machine');
  press('continue');
  assert.equal(state().step, 'mode');
  press('continue');
  assert.equal(state().step, 'memory');
  press('continue');
  assert.equal(state().step, 'settings');
  press('continue');
  assert.equal(state().step, 'review');
  assert.equal(
    effects.calls.some(call => call.startsWith('start')),
    false,
  );
  press('continue');
  assert.equal(state().step, 'run');
  await reach(({ run }) => run?.kind === 'following');
  const plan = planFixture('test');
  effects.tell([...runBodies(plan), ...runEndBodies(plan)]);
  await reach(({ run }) => run?.state.status === 'done');
  press('continue');
  assert.deepEqual(state().ending, { kind: 'status' });
  assert.deepEqual(
    effects.calls.filter(call => call.startsWith('start')),
    ['start test 16'],
  );
});

test('the machine is looked at at once, and Enter before the answer is kept', async () => {
  const { state, press, reach } = open();
  assert.equal(state().machine.kind, 'checking');
  press('continue');
  assert.equal(state().step, 'machine');
  await reach(({ step }) => step === 'mode');
});

test('a machine that cannot run HomeIQ keeps the operator on the first screen', async () => {
  let report = brokenMachineFixture;
  const { effects, state, press, reach } = open({ checkMachine: async () => report });
  await reach(({ machine }) => machine.kind === 'checked');
  press('continue');
  assert.equal(state().step, 'machine');
  assert.deepEqual(effects.calls, []);
  report = machineFixture;
  press('check-again');
  await reach(isReady);
  press('continue');
  assert.equal(state().step, 'mode');
});

test('a check that throws says why', async () => {
  const { state, reach } = open({
    checkMachine: async () => {
      throw new UserError('The folder is a file.');
    },
  });
  await reach(({ machine }) => machine.kind === 'failed');
  assert.equal(state().machine.kind === 'failed' ? state().machine : '', state().machine);
});

test('every step goes back, and what was chosen stays', async () => {
  const { state, press, reach } = await onReview();
  press('back');
  assert.equal(state().step, 'settings');
  press('back');
  assert.equal(state().step, 'memory');
  press('back');
  assert.equal(state().step, 'mode');
  press({ kind: 'select', index: 1 });
  await reach(current => isReady(current) && current.draft.value?.plan.mode === 'production');
  press('back');
  assert.equal(state().step, 'machine');
  press('continue');
  assert.equal(state().choices.mode, 'production');
});

test('only the last draft that was asked for counts', async () => {
  const waiting: { readonly mode: string; readonly answer: (draft: Draft) => void }[] = [];
  const draft: WizardEffects['draft'] = choices =>
    new Promise(resolve => waiting.push({ mode: choices.mode, answer: resolve }));
  const { state, press, reach } = open({ draft });
  await reach(({ machine }) => machine.kind === 'checked');
  press('continue', { kind: 'move', by: 1 }, { kind: 'move', by: -1 });
  assert.deepEqual(
    waiting.map(({ mode }) => mode),
    ['test', 'production', 'test'],
  );
  const choices = { ...state().choices };
  waiting[2]?.answer(draftFixture(choices));
  await reach(isReady);
  waiting[0]?.answer(draftFixture(choices));
  waiting[1]?.answer(draftFixture({ ...choices, mode: 'production' }));
  await new Promise(resolve => setImmediate(resolve));
  assert.equal(state().draft.value?.plan.mode, 'test');
});

test('Enter on the memory screen before the draft is there goes on when it is', async () => {
  let answer: (draft: Draft) => void = () => undefined;
  const { state, press, reach } = open({
    draft: () =>
      new Promise(resolve => {
        answer = resolve;
      }),
  });
  await reach(({ machine }) => machine.kind === 'checked');
  press('continue', 'continue', 'continue');
  assert.equal(state().step, 'memory');
  answer(draftFixture(state().choices));
  await reach(({ step }) => step === 'settings');
});

test('a draft that fails says why, and is made again on request', async () => {
  let isBroken = true;
  const { state, press, reach } = open({
    draft: async choices => {
      if (isBroken)
        throw new ExternalError('Compose cannot read compose.override.yaml.', {
          command: 'docker compose config',
        });
      return draftFixture(choices);
    },
  });
  await reach(({ draft }) => draft.error !== undefined);
  press('continue', 'continue', 'continue');
  assert.equal(state().step, 'memory');
  isBroken = false;
  press('check-again');
  await reach(isReady);
  press('continue');
  assert.equal(state().step, 'settings');
});

test('a service left out is left out of the next draft, and consent is asked anew', async () => {
  const { effects, state, press, reach } = open();
  await reach(isReady);
  press(
    'continue',
    'continue',
    { kind: 'select', index: 1 },
    'open',
    { kind: 'move', by: 1 },
    'toggle-left-out',
  );
  await reach(isReady);
  assert.deepEqual(state().choices.leftOut, ['openvino-service']);
  assert.equal(state().draft.value?.plan.memory.startMiB, 5120 - 512);
  press('toggle-left-out');
  await reach(isReady);
  assert.deepEqual(state().choices.leftOut, []);
  assert.equal(effects.calls.length, 3);
});

test('the database cannot be left out, and the screen says so', async () => {
  const { state, press, reach } = open();
  await reach(isReady);
  press('continue', 'continue', 'open', { kind: 'move', by: 1 }, 'toggle-left-out');
  assert.equal(state().choices.leftOut, undefined);
  assert.match(state().notice ?? '', /cannot do without/);
});

test('what does not fit needs a decision: leave something out, or accept the risk by name', async () => {
  const { state, press, reach } = open({ budgetMiB: 5600 });
  await reach(isReady);
  press('continue', 'continue', 'continue');
  assert.deepEqual(state().dialog?.answers, ['take-suggestions', 'cancel', 'accept-risk']);
  press('continue');
  await reach(isReady);
  assert.equal(state().draft.value?.plan.memory.verdict === 'does-not-fit', false);
  assert.equal(state().step, 'memory');
});

test('the risk is accepted only by the answer that says so, and for what it was given for', async () => {
  const { state, press, reach } = open({ budgetMiB: 5600 });
  await reach(isReady);
  press('continue', 'continue', 'continue', 'back');
  assert.equal(state().choices.acceptMemoryRisk, false);
  press('continue', { kind: 'select', index: 2 }, 'continue');
  assert.equal(state().choices.acceptMemoryRisk, true);
  assert.equal(state().step, 'settings');
  press('back', 'open', { kind: 'select', index: 2 }, 'toggle-left-out');
  assert.equal(state().choices.acceptMemoryRisk, false);
});

test('production asks for two values, one after the other, and offers what was meant', async () => {
  const { state, press, reach } = open({}, { choices: { mode: 'production' } });
  await reach(isReady);
  press('continue', 'continue', 'continue');
  assert.equal(state().settings.editing?.key, 'HA_HTTP_URL');
  press(type('http://'), 'continue');
  assert.match(state().settings.editing?.problem ?? '', /not an address/);
  press(clear, type('192.168.1.86'), 'continue');
  assert.equal(state().settings.editing?.suggestion?.value, 'http://192.168.1.86:8123');
  press('continue');
  assert.equal(state().settings.editing?.key, 'HA_TOKEN');
  press({ kind: 'paste', text: 'Bearer abcdefghijklmnop\n' }, 'continue');
  await reach(isAnswered);
  assert.deepEqual(state().choices.answers, {
    HA_HTTP_URL: 'http://192.168.1.86:8123',
    HA_TOKEN: 'abcdefghijklmnop',
  });
  press('continue');
  assert.equal(state().step, 'review');
});

test('a pasted value says what was taken away, and replaces what was there', async () => {
  const { state, press, reach } = open(
    {},
    { choices: { mode: 'production', answers: { HA_HTTP_URL: 'http://old' } } },
  );
  await reach(isReady);
  press('continue', 'continue', 'continue', 'back', { kind: 'select', index: 0 }, 'edit');
  press({ kind: 'paste', text: ' http://192.168.1.86:8123 \n' });
  assert.equal(state().settings.editing?.buffer.text, 'http://192.168.1.86:8123');
  assert.match(state().notice ?? '', /removed/);
});

test('an edit that is broken off leaves the value; a forgotten answer gives the old one back', async () => {
  const { state, press, reach } = open();
  await reach(isReady);
  press('continue', 'continue', 'continue', 'edit', { kind: 'edit-text', edit: { kind: 'clear' } }, 'back');
  assert.deepEqual(state().choices.answers, {});
  press('edit', { kind: 'edit-text', edit: { kind: 'clear' } }, type('UTC'), 'continue');
  await reach(isReady);
  assert.equal(state().draft.value?.settings.find(setting => setting.field.key === 'TZ')?.value, 'UTC');
  press('use-default');
  await reach(isReady);
  assert.deepEqual(state().choices.answers, {});
});

test('a value of the mode is not edited', async () => {
  const { state, press, reach } = open();
  await reach(isReady);
  press('continue', 'continue', 'continue', 'toggle-advanced', { kind: 'select', index: 1 }, 'edit');
  assert.equal(state().settings.editing, undefined);
  assert.match(state().notice ?? '', /belongs to the mode/);
});

test('the search narrows the settings; Escape shows all again', async () => {
  const { state, press, reach } = open();
  await reach(isReady);
  press('continue', 'continue', 'continue', 'search', type('port'), 'continue');
  assert.equal(state().settings.selected, 'DASHBOARD_PORT');
  assert.equal(state().step, 'settings');
  press('back');
  assert.equal(state().settings.search, '');
  assert.equal(state().step, 'settings');
});

test('images that can be had nowhere need a yes to the clone before anything runs', async () => {
  const cloneOffer = {
    url: 'https://example.org/homeiq',
    revision: '8e84c4eb',
    downloadMB: 40,
    diskGB: 6,
    minutes: 20,
  };
  const { effects, state, press, reach } = await onReview({
    draft: async choices => ({ ...draftFixture(choices), cloneOffer }),
  });
  press('continue');
  assert.equal(state().dialog?.kind, 'clone');
  assert.equal(effects.calls.length, 0);
  press('continue');
  // The plan is being made again: what is done is what was shown, so Enter waits.
  press('continue');
  assert.equal(state().step, 'review');
  assert.equal(state().dialog, undefined);
  await reach(isReady);
  assert.equal(state().choices.fetchSource, true);
  press('continue');
  assert.equal(state().step, 'run');
});

test('Ctrl+C before the run leaves at once, with 130, and nothing was started', async () => {
  const { effects, state, press } = await onReview();
  press('interrupt');
  assert.deepEqual(state().ending, { kind: 'quit', code: 130 });
  assert.equal(
    effects.calls.some(call => call.startsWith('start')),
    false,
  );
  press('continue');
  assert.equal(state().step, 'review');
});

test('Ctrl+C during the run asks; leaving it running stops nothing', async () => {
  const { effects, state, press, reach } = await onReview();
  press('continue');
  await reach(({ run }) => run?.kind === 'following');
  press('interrupt');
  assert.deepEqual(state().dialog?.answers, ['leave-running', 'stop-run', 'cancel']);
  press({ kind: 'select', index: 2 }, 'continue');
  assert.equal(state().dialog, undefined);
  press('interrupt', 'interrupt');
  assert.deepEqual(state().ending, { kind: 'left-running', runId: 'run-1' });
  assert.equal(effects.calls.includes('stop'), false);
});

test('a stop is asked for once the worker is there, and its end is told', async () => {
  let created: (runId: string) => void = () => undefined;
  const { effects, state, press, reach } = await onReview({
    start: () =>
      new Promise(resolve => {
        created = resolve;
      }),
  });
  press('continue', 'interrupt', { kind: 'move', by: 1 }, 'continue');
  assert.equal(effects.calls.includes('stop'), false);
  created('run-7');
  await reach(() => effects.calls.includes('stop'));
  effects.tell([
    ...runBodies(planFixture('test')),
    { kind: 'run-finished', outcome: 'stopped', changed: true },
  ]);
  await reach(({ run }) => run?.state.status === 'stopped');
  press('quit');
  assert.deepEqual(state().ending, { kind: 'quit', code: 130 });
});

test('a question is withdrawn when the run is over meanwhile', async () => {
  const { effects, state, press, reach } = await onReview();
  press('continue');
  await reach(({ run }) => run?.kind === 'following');
  press('interrupt');
  effects.tell([...runBodies(planFixture('test')), ...runEndBodies(planFixture('test'))]);
  await reach(({ run }) => run?.state.status === 'done');
  assert.equal(state().dialog, undefined);
});

test('a failed run is tried again from a new draft', async () => {
  const { effects, state, press, reach } = await onReview();
  press('continue');
  effects.tell(failingBodies(planFixture('test')));
  await reach(({ run }) => run?.state.status === 'failed');
  press('continue');
  await reach(({ run }) => run?.runId === 'run-2');
  const plan = planFixture('test');
  effects.tell([...runBodies(plan), ...runEndBodies(plan)]);
  await reach(({ run }) => run?.state.status === 'done');
  assert.deepEqual(
    effects.calls.filter(call => call.startsWith('start') || call.startsWith('follow')),
    ['start test 16', 'follow run-1', 'start test 16', 'follow run-2'],
  );
  press('quit');
  assert.deepEqual(state().ending, { kind: 'quit', code: 0 });
});

test('from a failed run back to the review, with what is true now', async () => {
  const { effects, state, press, reach } = await onReview();
  press('continue');
  effects.tell(failingBodies(planFixture('test')));
  await reach(({ run }) => run?.state.status === 'failed');
  press('back');
  await reach(current => isReady(current) && current.step === 'review');
  assert.equal(state().run, undefined);
});

test('leaving after a failure gives the exit code of the error', async () => {
  const { effects, state, press, reach } = await onReview();
  press('continue');
  effects.tell(failingBodies(planFixture('test')));
  await reach(({ run }) => run?.state.status === 'failed');
  press('quit');
  assert.deepEqual(state().ending, { kind: 'quit', code: 1 });
});

test('a run that cannot start says why and gives its exit code', async () => {
  const { state, press, reach } = await onReview({
    start: async () => {
      throw new UserError('Another run is under way.', { exitCode: 3 });
    },
  });
  press('continue');
  await reach(({ run }) => run?.kind === 'not-started');
  assert.match(state().run?.error?.message ?? '', /under way/);
  press('quit');
  assert.deepEqual(state().ending, { kind: 'quit', code: 3 });
});

test('a worker that died leaves a run that is lost, and can be gone on with', async () => {
  const { effects, press, reach } = await onReview();
  press('continue');
  effects.tell(runBodies(planFixture('test')));
  await reach(({ run }) => run?.state.status === 'running');
  effects.endJournal();
  await reach(({ run }) => run?.state.status === 'lost');
  press('continue');
  await reach(({ run }) => run?.runId === 'run-2');
});

test('attached to a run, the wizard shows its mode and reads no machine', async () => {
  const { effects, state, reach } = open({}, { attachTo: 'run-9' });
  effects.tell(runBodies(planFixture('production')));
  await reach(({ run }) => run?.state.status === 'running');
  assert.equal(state().choices.mode, 'production');
  assert.deepEqual(effects.calls, ['follow run-9']);
});

test('closing the wizard ends the reading', async () => {
  const { effects, reach, press, state } = await onReview();
  press('continue');
  await reach(({ run }) => run?.kind === 'following');
  closeWizards();
  const before = state();
  effects.tell(runBodies(planFixture('test')));
  await new Promise(resolve => setImmediate(resolve));
  assert.equal(state(), before);
});

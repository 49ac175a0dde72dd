/** The settings step: what is offered, what is checked, and the operator's own Home Assistant. */

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { leavingExitCode } from '../../../src/app/wizard/reduce-run-screen.ts';
import type { WizardIntent, WizardState } from '../../../src/app/wizard/wizard-state.ts';
import type { Choices, WizardEffects } from '../../../src/app/wizard/wizard-types.ts';
import type { HomeAssistantFinding } from '../../../src/core/home-assistant/finding.ts';
import { draftFixture, machineFixture, planFixture, strangerBodies } from '../../ui/wizard-fixture.ts';
import {
  clear,
  closeWizards,
  isAnswered,
  isReady,
  type OpenWizard,
  openWizard,
  type,
} from './open-wizard.ts';

afterEach(closeWizards);

const url = 'http://192.168.1.86:8123';
const paste = (text: string): WizardIntent => ({ kind: 'paste', text });

/** On the settings of a mode, with the first field open where one needs a value. */
async function onSettings(
  change: Parameters<typeof openWizard>[0] = {},
  choices: Partial<Choices> = { mode: 'production' },
): Promise<OpenWizard> {
  const wizard = openWizard(change, { choices });
  await wizard.reach(isReady);
  wizard.press('continue', 'continue', 'continue');
  assert.equal(wizard.state().step, 'settings');
  return wizard;
}

/** Address and token are given, and asked about. */
async function withHome(finding: HomeAssistantFinding | WizardEffects['checkHomeAssistant']) {
  const wizard = await onSettings({
    checkHomeAssistant:
      typeof finding === 'function'
        ? finding
        : async (_address, token) => (token === undefined ? { kind: 'open' } : finding),
  });
  wizard.press(paste(url), 'continue', paste('a-token'), 'continue');
  await wizard.reach(isReady);
  return wizard;
}

const settingValue = (state: WizardState, key: string): string | undefined =>
  state.draft.value?.settings.find(({ field }) => field.key === key)?.value;

test('what a field could be is offered by number, and typing another value is one of it', async () => {
  const { state, press, reach } = await onSettings({}, {});
  press('edit');
  assert.deepEqual(
    state().settings.editing?.options.map(({ value, origin }) => [value, origin]),
    [
      ['Europe/Zurich', 'machine'],
      ['UTC', 'default'],
      [undefined, undefined],
    ],
  );
  press({ kind: 'select', index: 1 }, 'continue');
  await reach(isReady);
  assert.equal(settingValue(state(), 'TZ'), 'UTC');
  press('use-default');
  await reach(isReady);
  press('edit', { kind: 'select', index: 2 }, 'continue');
  assert.equal(state().settings.editing?.choice, undefined);
  press(clear, type('Mars/Base'), 'continue');
  assert.match(state().settings.editing?.problem ?? '', /time zone/);
  press(clear, type('Asia/Tokyo'), 'continue');
  await reach(isReady);
  assert.equal(settingValue(state(), 'TZ'), 'Asia/Tokyo');
});

test('a letter or a paste over the offers begins to type', async () => {
  const { state, press } = await onSettings({}, {});
  press('edit', type('A'));
  assert.equal(state().settings.editing?.buffer.text, 'A');
  press('back', paste('Asia/Tokyo\n'));
  assert.equal(state().settings.editing?.buffer.text, 'Asia/Tokyo');
  assert.match(state().notice ?? '', /removed/);
});

test('a secret is made anew only when that is chosen', async () => {
  const { state, press, reach } = await onSettings(
    {
      draft: async choices => {
        const draft = draftFixture(choices);
        return {
          ...draft,
          settings: draft.settings.map(setting =>
            setting.field.key === 'API_KEY'
              ? { ...setting, alternatives: [{ origin: 'generated', value: 'a-new-key' }] }
              : setting,
          ),
        };
      },
    },
    {},
  );
  const before = settingValue(state(), 'API_KEY');
  press('search', type('API_KEY'), 'continue', 'edit', 'continue');
  assert.deepEqual(state().choices.answers, {});
  press('edit', { kind: 'select', index: 1 }, 'continue');
  await reach(isReady);
  assert.equal(state().choices.answers.API_KEY, 'a-new-key');
  assert.notEqual(settingValue(state(), 'API_KEY'), before);
});

test('a value is checked while it is typed, softly, and on leaving, in earnest', async () => {
  const { state, press } = await onSettings({}, {});
  press('search', type('dashboard port'), 'continue', 'edit', clear, type('30a'));
  const editing = () => state().settings.editing;
  assert.match(editing()?.hint ?? '', /whole number/);
  assert.equal(editing()?.problem, undefined);
  press('continue');
  assert.match(editing()?.problem ?? '', /whole number/);
  press({ kind: 'edit-text', edit: { kind: 'backspace' } });
  assert.equal(editing()?.hint, undefined);
  assert.equal(editing()?.problem, undefined);
  press(type('99999'));
  assert.match(editing()?.hint ?? '', /65535/);
});

test('control sequences in a paste are told, and a typed “Bearer ” is taken off like a pasted one', async () => {
  const { state, press, reach } = await onSettings();
  press({ kind: 'paste', text: url, isCleaned: true });
  assert.match(state().notice ?? '', /Control sequences/);
  press('continue', type('Bearer "a-token"'), 'continue');
  await reach(isAnswered);
  assert.equal(state().choices.answers.HA_TOKEN, 'a-token');
});

test('a secret that is opened and left is kept, and typing replaces it', async () => {
  const { state, press, reach } = await withHome({ kind: 'accepted', version: '2026.11.1' });
  press({ kind: 'select', index: 1 }, 'edit', 'continue');
  assert.equal(state().choices.answers.HA_TOKEN, 'a-token');
  press('edit', type('b'), 'continue');
  await reach(isAnswered);
  assert.equal(state().choices.answers.HA_TOKEN, 'b');
});

test('an address is corrected with one more Enter, or kept as it was typed', async () => {
  const { state, press, reach } = await onSettings();
  press(paste(`${url}/lovelace/0\n`), 'continue');
  const suggestion = state().settings.editing?.suggestion;
  assert.equal(suggestion?.value, url);
  assert.match(suggestion?.notes.join() ?? '', /follows the host and port/);
  press('continue');
  assert.equal(state().choices.answers.HA_HTTP_URL, url);
  assert.equal(state().settings.editing?.key, 'HA_TOKEN');
  press('back', { kind: 'select', index: 0 }, 'edit', clear, type(`${url}/x`), 'continue', 'keep-typed');
  await reach(isReady);
  assert.equal(state().choices.answers.HA_HTTP_URL, `${url}/x`);
});

test('localhost becomes the address of this machine', async () => {
  const { state, press } = await onSettings({
    checkMachine: async () => ({ ...machineFixture, address: '192.168.1.20' }),
  });
  press(paste('localhost:8123'), 'continue');
  assert.equal(state().settings.editing?.suggestion?.value, 'http://192.168.1.20:8123');
});

test('Home Assistant is asked once for the address, and again with the token', async () => {
  const { effects, press, reach } = await onSettings();
  press(paste(url), 'continue', paste('a-token'), 'continue');
  await reach(isAnswered);
  press('toggle-advanced', { kind: 'move', by: 1 });
  assert.deepEqual(
    effects.calls.filter(call => call.startsWith('check')),
    [`check ${url} without token`, `check ${url} with token`],
  );
});

test('an older check is given up, and only the answer to the last one counts', async () => {
  const asked: { readonly address: string; readonly signal: AbortSignal }[] = [];
  const answers: ((finding: HomeAssistantFinding) => void)[] = [];
  const { state, press, reach } = await onSettings({
    checkHomeAssistant: (address, _token, signal) => {
      asked.push({ address, signal });
      return new Promise(resolve => answers.push(resolve));
    },
  });
  press(paste(url), 'continue', paste('a-token'), 'continue');
  assert.equal(asked.length, 2);
  assert.equal(asked[0]?.signal.aborted, true);
  assert.equal(asked[1]?.signal.aborted, false);
  answers[1]?.({ kind: 'accepted', version: '2026.11.1' });
  await reach(isAnswered);
  answers[0]?.({ kind: 'banned' });
  await new Promise(resolve => setImmediate(resolve));
  assert.equal(state().homeAssistant.finding?.kind, 'accepted');
  closeWizards();
  assert.equal(asked[1]?.signal.aborted, true);
});

test('going on waits for the answer, and goes on by itself when it is good', async () => {
  let answer: (finding: HomeAssistantFinding) => void = () => undefined;
  const { state, press, reach } = await withHome(
    () =>
      new Promise(resolve => {
        answer = resolve;
      }),
  );
  press('continue');
  assert.equal(state().step, 'settings');
  assert.equal(state().isContinuing, true);
  answer({ kind: 'accepted', version: '2026.11.1' });
  await reach(({ step }) => step === 'review');
});

test('whoever does something else meanwhile is not taken away from it', async () => {
  let answer: (finding: HomeAssistantFinding) => void = () => undefined;
  const { state, press, reach } = await withHome(
    () =>
      new Promise(resolve => {
        answer = resolve;
      }),
  );
  press('continue', { kind: 'move', by: 1 });
  answer({ kind: 'accepted', version: '2026.11.1' });
  await reach(isAnswered);
  assert.equal(state().step, 'settings');
});

test('a wrong answer asks: take what was found, change it, ask again, or go on all the same', async () => {
  const findings: Readonly<Record<string, HomeAssistantFinding>> = {
    [url]: { kind: 'wrong-scheme', corrected: 'https://192.168.1.86:8123' },
    'https://192.168.1.86:8123': { kind: 'accepted', version: '2026.11.1' },
  };
  const { state, press, reach } = await withHome(async address => findings[address] ?? { kind: 'banned' });
  await reach(isAnswered);
  press('continue');
  assert.deepEqual(state().dialog?.answers, [
    'take-correction',
    'cancel',
    'check-again',
    'skip-home-assistant',
  ]);
  press('continue');
  await reach(({ step }) => step === 'review');
  assert.equal(state().choices.answers.HA_HTTP_URL, 'https://192.168.1.86:8123');
});

test('the corrected address is taken with one key, and asked about at once', async () => {
  const { effects, state, press, reach } = await onSettings({
    checkHomeAssistant: async address =>
      address === url ? { kind: 'open' } : { kind: 'wrong-port', corrected: url },
  });
  press(paste('http://192.168.1.86'), 'continue');
  await reach(({ homeAssistant }) => homeAssistant.finding?.kind === 'wrong-port');
  press('take-correction');
  await reach(({ homeAssistant }) => homeAssistant.finding?.kind === 'open');
  assert.equal(state().choices.answers.HA_HTTP_URL, url);
  assert.equal(state().settings.editing?.key, 'HA_TOKEN');
  assert.deepEqual(
    effects.calls.filter(call => call.startsWith('check')),
    [],
  );
});

test('a refused token opens its field again', async () => {
  const { state, press, reach } = await withHome({ kind: 'token-refused', isShapedLikeToken: true });
  await reach(isAnswered);
  press('continue');
  assert.deepEqual(state().dialog?.answers, ['cancel', 'check-again', 'skip-home-assistant']);
  press('continue');
  assert.equal(state().settings.editing?.key, 'HA_TOKEN');
});

test('what cannot be reached now may be taken all the same, for these values alone', async () => {
  const { state, press, reach } = await withHome({
    kind: 'unreachable',
    reason: 'refused',
    seen: 'nothing listens there',
  });
  await reach(isAnswered);
  press('continue', { kind: 'select', index: 2 }, 'continue');
  assert.equal(state().step, 'review');
  press('back', { kind: 'select', index: 1 }, 'edit', type('c'), 'continue');
  await reach(isAnswered);
  assert.equal(state().homeAssistant.isSkipped, false);
  press('continue');
  assert.equal(state().dialog?.kind, 'home-assistant');
});

test('without Home Assistant the way goes on only after a question', async () => {
  const { effects, state, press, reach } = await onSettings();
  press('continue');
  assert.match(state().settings.editing?.problem ?? '', /needed/);
  press('back', 'continue');
  assert.deepEqual(state().dialog?.answers, ['cancel', 'skip-home-assistant']);
  press('continue');
  assert.equal(state().settings.editing?.key, 'HA_HTTP_URL');
  press('back', 'continue', { kind: 'select', index: 1 }, 'continue');
  assert.equal(state().step, 'review');
  press('continue');
  await reach(({ run }) => run?.kind === 'following');
  assert.deepEqual(
    effects.calls.filter(call => call.startsWith('check')),
    [],
  );
});

test('stand-ins are not asked; an address of one’s own asks for a token of one’s own', async () => {
  const { effects, state, press, reach } = await onSettings({
    draft: async choices => {
      const draft = draftFixture(choices);
      const standIns: Readonly<Record<string, string>> = {
        HA_HTTP_URL: 'http://operator-home-assistant:8123',
        HA_TOKEN: 'sandbox-operator-token',
      };
      return {
        ...draft,
        settings: draft.settings.map(setting =>
          setting.value === '' && standIns[setting.field.key] !== undefined
            ? { ...setting, value: standIns[setting.field.key] ?? '', origin: 'stand-in' }
            : setting,
        ),
      };
    },
  });
  assert.equal(state().settings.editing, undefined);
  press(paste(url), 'continue');
  assert.equal(state().settings.editing?.key, 'HA_TOKEN');
  press('back', 'continue');
  await reach(({ dialog }) => dialog !== undefined);
  press('continue');
  assert.equal(state().settings.editing?.key, 'HA_TOKEN');
  press(paste('a-token'), 'continue');
  await reach(isAnswered);
  press('continue');
  assert.equal(state().step, 'review');
  assert.deepEqual(
    effects.calls.filter(call => call.startsWith('check')),
    [`check ${url} without token`, `check ${url} with token`],
  );
});

test('what was typed for one mode stays out of the other, and is there on the way back', async () => {
  const { state, press, reach } = await withHome({ kind: 'accepted', version: '2026.11.1' });
  press({ kind: 'select', index: 3 }, 'edit', { kind: 'select', index: 1 }, 'continue');
  await reach(isAnswered);
  press('back', 'back', { kind: 'select', index: 0 });
  await reach(isReady);
  assert.deepEqual(state().choices.answers, { TZ: 'UTC' });
  press({ kind: 'select', index: 1 });
  await reach(isReady);
  assert.deepEqual(state().choices.answers, { TZ: 'UTC', HA_HTTP_URL: url, HA_TOKEN: 'a-token' });
});

test('data is deleted only after a question that names it, for the one run it was asked for', async () => {
  const seen: (readonly string[] | undefined)[] = [];
  const { effects, state, press, reach } = openWizard({
    draft: async choices => {
      seen.push(choices.deleteData);
      return draftFixture(choices);
    },
  });
  await reach(isReady);
  press('continue', 'continue', 'continue', 'continue', 'continue');
  effects.tell(strangerBodies(planFixture('test')));
  await reach(({ run }) => run?.state.status === 'failed');
  assert.equal(leavingExitCode(state().run), 1);
  press('delete-data');
  assert.deepEqual(state().dialog, { kind: 'delete-data', answers: ['cancel', 'delete-data'], selected: 0 });
  press('continue');
  assert.equal(state().run?.state.status, 'failed');
  press('delete-data', { kind: 'select', index: 1 }, 'continue');
  await reach(({ run }) => run?.runId === 'run-2');
  assert.deepEqual(seen.at(-1), ['home-assistant-test-config']);
  effects.tell(strangerBodies(planFixture('test')));
  await reach(({ run }) => run?.state.status === 'failed');
  press('continue');
  await reach(({ run }) => run?.runId === 'run-3');
  assert.equal(seen.at(-1), undefined);
});

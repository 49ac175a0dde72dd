import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { Text } from 'ink';
import { createStore } from '../../../src/app/store.ts';
import { createWizard } from '../../../src/app/wizard/wizard-store.ts';
import { checkValue } from '../../../src/core/env/validate.ts';
import { runTui, type TuiOptions } from '../../../src/ui/tui/app.tsx';
import type { Shell, TuiScreen } from '../../../src/ui/tui/screen.ts';
import { createTerminal } from '../../helpers/terminal.ts';
import { until } from '../../helpers/until.ts';
import {
  brokenMachineFixture,
  planFixture,
  runBodies,
  runEndBodies,
  scriptedEffects,
} from '../wizard-fixture.ts';

/** Streams of a terminal that keeps its screen in memory. */
function openTerminal() {
  const terminal = createTerminal({ columns: 80, rows: 24 });
  const chunks: string[] = [];
  const stdout = Object.assign(new EventEmitter(), {
    isTTY: true,
    columns: 80,
    rows: 24,
    write: (text: string, ...rest: unknown[]) => {
      terminal.write(text, rest.find(item => typeof item === 'function') as (() => void) | undefined);
      return true;
    },
  });
  const stdin = Object.assign(new EventEmitter(), {
    isTTY: true,
    setEncoding: () => stdin,
    setRawMode: () => stdin,
    ref: () => stdin,
    unref: () => stdin,
    resume: () => stdin,
    pause: () => stdin,
    read: () => chunks.shift() ?? null,
  });
  return {
    terminal,
    send: (text: string) => {
      chunks.push(text);
      stdin.emit('readable');
    },
    sees: (text: string) =>
      until(() => terminal.isSettled() && terminal.has(text), {
        describe: () => `${text} on\n${terminal.text()}`,
      }),
    streams: { stdin, stdout, stderr: stdout } as unknown as Pick<TuiOptions, 'stdin' | 'stdout' | 'stderr'>,
  };
}

const statusScreen = (shell: Shell, disposed: string[]): TuiScreen => ({
  store: createStore(0),
  draw: () => <Text>the status of HomeIQ</Text>,
  handleKey: event => {
    if (event.kind === 'key' && event.key === 'q') shell.exit(0, ['Come back with: homeiq']);
  },
  bindings: () => [],
  isTyping: () => false,
  dispose: () => void disposed.push('status'),
});

const createSwitch: TuiOptions['createSwitch'] = activeMode =>
  createWizard(scriptedEffects(), { checkValue, activeMode, isSwitch: true });

const environment = { TERM: 'xterm-256color', LANG: 'C.UTF-8' };

test('wizard, run, status, and out: one terminal, last words on the main screen, exit 0', async () => {
  const { terminal, send, sees, streams } = openTerminal();
  const effects = scriptedEffects();
  const disposed: string[] = [];
  const over = runTui({
    ...streams,
    environment,
    first: { kind: 'wizard', wizard: createWizard(effects, { checkValue }) },
    createSwitch,
    createStatus: shell => statusScreen(shell, disposed),
  });
  await sees('Ready');
  assert.equal(terminal.isAlternateScreen(), true);
  for (const wanted of ['Which mode', 'FITS', 'Nothing more', 'do it']) {
    send('\r');
    await sees(wanted);
  }
  send('\r');
  const plan = planFixture('test');
  effects.tell([...runBodies(plan), ...runEndBodies(plan)]);
  await sees('HomeIQ runs in TEST mode');
  send('\r');
  await sees('the status of HomeIQ');
  send('q');
  assert.equal(await over, 0);
  await sees('Come back with: homeiq');
  assert.equal(terminal.isAlternateScreen(), false);
  assert.deepEqual(disposed, ['status']);
});

test('Ctrl+C before the run: exit 130, and the main screen says that nothing was changed', async () => {
  const { terminal, send, sees, streams } = openTerminal();
  const over = runTui({
    ...streams,
    environment,
    first: { kind: 'wizard', wizard: createWizard(scriptedEffects(), { checkValue }) },
    createSwitch,
    createStatus: shell => statusScreen(shell, []),
  });
  await sees('Ready');
  send('\x03');
  assert.equal(await over, 130);
  await sees('nothing was changed');
  assert.equal(terminal.isAlternateScreen(), false);
});

test('a machine without Docker leads to the rehearsal', async () => {
  const { send, sees, streams } = openTerminal();
  const over = runTui({
    ...streams,
    environment,
    first: {
      kind: 'wizard',
      wizard: createWizard(scriptedEffects({ checkMachine: async () => brokenMachineFixture }), {
        checkValue,
      }),
    },
    createSwitch,
    createStatus: shell => statusScreen(shell, []),
    createRehearsal: async () => createWizard(scriptedEffects({ level: 'rehearsal' }), { checkValue }),
  });
  await sees('permission denied');
  send('t');
  await sees('REHEARSAL');
  await sees('Ready');
  send('q');
  assert.equal(await over, 130);
});

test('the status as the first screen', async () => {
  const { send, sees, streams } = openTerminal();
  const over = runTui({
    ...streams,
    environment,
    first: { kind: 'status' },
    createSwitch,
    createStatus: shell => statusScreen(shell, []),
  });
  await sees('the status of HomeIQ');
  send('q');
  assert.equal(await over, 0);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { showEarlyFrame } from '../../../src/ui/tui/early-frame.ts';
import { createTerminal } from '../../helpers/terminal.ts';
import { until } from '../../helpers/until.ts';

const size = { columns: 80, rows: 24 };

function open(t: test.TestContext, environment: Readonly<Record<string, string>> = {}) {
  const terminal = createTerminal(size);
  t.after(() => terminal.dispose());
  terminal.write('what was there before\r\n');
  const stdout = {
    ...size,
    write: (text: string) => {
      terminal.write(text);
      return true;
    },
  } as unknown as NodeJS.WriteStream;
  const early = showEarlyFrame(stdout, environment);
  return { terminal, early, settled: () => until(() => terminal.isSettled()) };
}

test('there is something to read at once, and the terminal is as it was when nobody takes over', async t => {
  const { terminal, early, settled } = open(t);
  await settled();
  assert.ok(
    terminal.isAlternateScreen() && terminal.has('Looking at the deployment') && terminal.has('q quit'),
  );
  early.end();
  early.end();
  await settled();
  assert.equal(terminal.isAlternateScreen(), false);
  assert.equal(terminal.text(), 'what was there before');
});

test('who takes over gives the terminal back', async t => {
  const { terminal, early, settled } = open(t);
  early.handOver();
  early.end();
  await settled();
  assert.ok(terminal.isAlternateScreen());
});

test('without colours none is written', async t => {
  const { terminal, settled } = open(t, { NO_COLOR: '1' });
  await settled();
  assert.doesNotMatch(terminal.written(), /\x1b\[[\d;]+m/);
});

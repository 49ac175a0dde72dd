import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ending } from '../../../src/app/wizard/wizard-state.ts';
import { createWizard } from '../../../src/app/wizard/wizard-store.ts';
import { checkValue } from '../../../src/core/env/validate.ts';
import { unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import { ShellView } from '../../../src/ui/tui/shell.tsx';
import { createWizardScreen } from '../../../src/ui/tui/wizard/wizard-screen.tsx';
import { KEYS, renderOnScreen } from '../../helpers/screen.ts';
import { planFixture, runBodies, runEndBodies, runStartMs, scriptedEffects } from '../wizard-fixture.ts';

function open(
  options: {
    readonly effects?: Parameters<typeof scriptedEffects>[0];
    readonly wizard?: Partial<Parameters<typeof createWizard>[1]>;
    readonly size?: Parameters<typeof renderOnScreen>[1];
  } = {},
) {
  const effects = scriptedEffects(options.effects);
  const wizard = createWizard(effects, { checkValue, ...options.wizard });
  const endings: Ending[] = [];
  const screen = createWizardScreen({
    wizard,
    comeBack: 'homeiq',
    now: () => runStartMs + 48_000,
    onEnd: ending => endings.push(ending),
  });
  const shown = renderOnScreen(
    <ShellView screen={screen} glyphs={unicodeGlyphs} painting={{ hasStyles: true }} />,
    options.size,
  );
  return {
    ...shown,
    effects,
    wizard,
    endings,
    close: () => {
      shown.close();
      screen.dispose();
    },
  };
}

test('from the first screen to the status with six keys, and the whole screen is never cleared', async t => {
  const screen = open();
  t.after(screen.close);
  await screen.waitForText('Ready, with 1 note');
  screen.mark();
  await screen.press(KEYS.enter);
  await screen.waitForText('Which mode should run here?');
  await screen.press(KEYS.enter);
  await screen.waitForText('FITS');
  await screen.press(KEYS.enter);
  await screen.waitForText('Nothing more is needed');
  await screen.press(KEYS.enter);
  await screen.waitForText('enter do it');
  await screen.press(KEYS.enter);
  const plan = planFixture('test');
  screen.effects.tell(runBodies(plan));
  await screen.waitForText('1 of 16 up');
  screen.effects.tell(runEndBodies(plan));
  await screen.waitForText('HomeIQ runs in TEST mode');
  await screen.press(KEYS.enter);
  await screen.until(() => screen.endings.length > 0);
  assert.deepEqual(screen.endings, [{ kind: 'status' }]);
  assert.equal(screen.clears(), 0);
  assert.equal(screen.scrolledOff(), 0);
});

test('numbers choose, keys in one chunk all count, and Escape goes back', async t => {
  const screen = open();
  t.after(screen.close);
  await screen.waitForText('Ready');
  screen.sendChunk('\r2\r');
  await screen.waitForText('PRODUCTION');
  await screen.waitForText('Does it fit?');
  await screen.press(KEYS.escape);
  await screen.waitForText('Which mode should run here?');
});

test('a value is pasted, cleaned, typed on and taken, all at the speed of a line', async t => {
  const screen = open({ wizard: { choices: { mode: 'production' } } });
  t.after(screen.close);
  await screen.waitForText('Ready');
  screen.sendChunk('\r\r\r');
  await screen.waitForText('2 values needed');
  screen.sendChunk('\x1b[200~ http://192.168.1.86:8123\n\x1b[201~');
  await screen.waitForText('http://192.168.1.86:8123');
  await screen.waitForText('removed');
  screen.sendChunk('\rabcdefghijklmnopqrstuvwxyz?\r');
  await screen.waitForText('Nothing more is needed');
  assert.equal(screen.wizard.store.get().choices.answers.HA_TOKEN, 'abcdefghijklmnopqrstuvwxyz?');
  assert.equal(screen.has('abcdefghijklmnopqrstuvwxyz'), false);
});

test('a secret is masked as it is typed; Ctrl+R shows it, and hides it again', async t => {
  const screen = open({ wizard: { choices: { mode: 'production' } } });
  t.after(screen.close);
  await screen.waitForText('Ready');
  screen.sendChunk('\r\r\r');
  await screen.waitForText('2 values needed');
  screen.sendChunk('http://192.168.1.86:8123\r');
  await screen.waitForText('1 value needed');
  screen.sendChunk('abcdefghijklmnopqrstuvwxyz');
  await screen.until(() => screen.wizard.store.get().settings.editing?.buffer.text.length === 26);
  assert.equal(screen.has('abcdefghijklm'), false);
  await screen.press('\x12');
  await screen.waitForText('abcdefghijklmnopqrstuvwxyz');
  await screen.press('\x12');
  await screen.until(() => !screen.has('abcdefghijklm'));
});

test('the help lists the keys of the screen, and any key closes it', async t => {
  const screen = open();
  t.after(screen.close);
  await screen.waitForText('Ready');
  await screen.press('?');
  await screen.waitForText('Look at the machine again');
  await screen.press('x');
  await screen.waitForText('Ready');
  await screen.press('?');
  await screen.waitForText('Keys on this screen');
  await screen.press(KEYS.interrupt);
  await screen.until(() => screen.endings.length > 0);
  assert.deepEqual(screen.endings, [{ kind: 'quit', code: 130 }]);
});

test('Ctrl+C inside a chunk leaves before the run', async t => {
  const screen = open();
  t.after(screen.close);
  await screen.waitForText('Ready');
  screen.sendChunk('\r\r\x03\r\r\r');
  await screen.until(() => screen.endings.length > 0);
  assert.deepEqual(screen.endings, [{ kind: 'quit', code: 130 }]);
  assert.equal(
    screen.effects.calls.some(call => call.startsWith('start')),
    false,
  );
});

test('Ctrl+C during the run asks, and a number with Enter answers', async t => {
  const screen = open({ wizard: { attachTo: 'run-3' } });
  t.after(screen.close);
  screen.effects.tell(runBodies(planFixture('test')));
  await screen.waitForText('1 of 16 up');
  await screen.press(KEYS.interrupt);
  await screen.waitForText('Leave it running');
  await screen.press('2', KEYS.enter);
  await screen.until(() => screen.effects.calls.includes('stop'));
  await screen.waitForText('Stopping after');
});

test('a run costs few bytes: a change of one line sends little more than that line', async t => {
  const screen = open({ wizard: { attachTo: 'run-3' } });
  t.after(screen.close);
  const plan = planFixture('test');
  screen.effects.tell(runBodies(plan));
  await screen.waitForText('1 of 16 up');
  screen.mark();
  screen.effects.tell([{ kind: 'service', service: 'ner-service', phase: 'healthy' }]);
  await screen.waitForText('2 of 16 up');
  // By write, for on a slow machine the time in the title moves on meanwhile. A whole frame has over 1,000.
  assert.ok(screen.largestWrite() < 300, `${screen.largestWrite()} bytes in one write`);
  assert.equal(screen.clears(), 0);
});

test('any size and back leaves nothing of the old frames', async t => {
  const screen = open();
  t.after(screen.close);
  await screen.waitForText('Ready');
  await screen.press(KEYS.enter, KEYS.enter);
  await screen.waitForText('FITS');
  const before = screen.text();
  for (const size of [
    { columns: 40, rows: 12 },
    { columns: 120, rows: 40 },
    { columns: 39, rows: 10 },
    { columns: 61, rows: 17 },
    { columns: 80, rows: 24 },
  ]) {
    screen.resize(size);
    await screen.until(() =>
      size.columns < 40 ? screen.has('too small') : (screen.rows().at(-1) ?? '').includes('? keys'),
    );
  }
  await screen.until(() => screen.text() === before);
  assert.equal(screen.text(), before);
});

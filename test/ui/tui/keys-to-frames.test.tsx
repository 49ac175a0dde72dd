/** Keys in, frames out, through Ink's own testing library: what is shown after a key, without a terminal in between. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from 'ink-testing-library';
import { createWizard } from '../../../src/app/wizard/wizard-store.ts';
import { checkValue } from '../../../src/core/env/validate.ts';
import { asciiGlyphs } from '../../../src/ui/present/glyphs.ts';
import { ShellView } from '../../../src/ui/tui/shell.tsx';
import { createWizardScreen } from '../../../src/ui/tui/wizard/wizard-screen.tsx';
import { until } from '../../helpers/until.ts';
import { runStartMs, scriptedEffects } from '../wizard-fixture.ts';

/** The library's stream has no rows of its own: without them the size of the developer's terminal would be taken. */
function open(choices: NonNullable<Parameters<typeof createWizard>[1]['choices']> = {}) {
  const wizard = createWizard(scriptedEffects(), { checkValue, choices });
  const screen = createWizardScreen({ wizard, comeBack: 'homeiq', now: () => runStartMs, onEnd: () => {} });
  const shown = render(<ShellView screen={screen} glyphs={asciiGlyphs} />);
  Object.defineProperty(shown.stdout, 'rows', { value: 24, configurable: true });
  shown.stdout.emit('resize');
  const frame = (): string => shown.lastFrame() ?? '';
  return {
    frame,
    press: (key: string) => shown.stdin.write(key),
    shows: (text: string) =>
      until(() => frame().includes(text), { describe: () => `no ${text} in\n${frame()}` }),
    close: () => {
      shown.unmount();
      screen.dispose();
    },
  };
}

test('enter goes on, escape goes back, and the frame keeps its height', async t => {
  const wizard = open();
  t.after(wizard.close);
  await wizard.shows('Ready');
  wizard.press('\r');
  await wizard.shows('Which mode should run here?');
  assert.equal(wizard.frame().split('\n').length, 24);
  wizard.press('\u001B');
  await wizard.shows('Ready');
});

test('? shows the keys of the screen and any key takes them away', async t => {
  const wizard = open();
  t.after(wizard.close);
  await wizard.shows('Ready');
  wizard.press('?');
  await wizard.shows('check again');
  assert.doesNotMatch(wizard.frame(), /Deployment folder/);
  wizard.press('x');
  await wizard.shows('Deployment folder');
});

test('an arrow selects a group and opens it', async t => {
  const wizard = open({ mode: 'test' });
  t.after(wizard.close);
  await wizard.shows('Ready');
  wizard.press('\r');
  await wizard.shows('Which mode should run here?');
  wizard.press('\r');
  await wizard.shows('FITS');
  assert.doesNotMatch(wizard.frame(), /ner-service/);
  wizard.press('\u001B[B');
  wizard.press('\u001B[C');
  await wizard.shows('ner-service');
});

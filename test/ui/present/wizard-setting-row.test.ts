import assert from 'node:assert/strict';
import test from 'node:test';
import { unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import { settingRowLines } from '../../../src/ui/present/wizard-setting-row.ts';
import { settingsFixture } from '../wizard-fixture.ts';
import { wizardStates } from '../wizard-states.ts';

/** The last two lines of a selected row whose field says this. */
async function helpOf(...help: readonly string[]): Promise<readonly string[]> {
  const [setting] = settingsFixture('production', {});
  const [state] = (await wizardStates()).values();
  assert.ok(setting !== undefined && state !== undefined);
  const field = { ...setting.field, help };
  const lines = settingRowLines(
    { ...setting, field },
    { ...state, settings: { ...state.settings, selected: field.key } },
    { columns: 40, rows: 12, glyphs: unicodeGlyphs },
  );
  return lines.slice(-2).map(spans => {
    const text = spans.map(span => span.text).join('');
    assert.ok(text.length <= 38, text);
    return text.trim();
  });
}

test('what the template says flows at the width of the screen, wherever the template breaks it', async () => {
  assert.deepEqual(await helpOf('one two three four five', 'six seven', 'eight'), [
    'one two three four five six seven',
    'eight',
  ]);
});

test('what has no room is said to go on', async () => {
  const numbers = 'one two three four five six seven eight nine ten eleven twelve';
  assert.deepEqual(await helpOf(`${numbers} thirteen fourteen`), [
    'one two three four five six seven',
    'eight nine ten eleven twelve …',
  ]);
  const [, full = ''] = await helpOf(`${numbers} 13 a b`, 'more and more');
  assert.match(full, /…$/);
});

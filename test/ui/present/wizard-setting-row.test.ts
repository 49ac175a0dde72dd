import assert from 'node:assert/strict';
import test from 'node:test';
import { unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import { settingRowLines } from '../../../src/ui/present/wizard-setting-row.ts';
import { settingsFixture } from '../wizard-fixture.ts';
import { wizardStates } from '../wizard-states.ts';

test('what the template says flows at the width of the screen, wherever the template breaks it', async () => {
  const [setting] = settingsFixture('production', {});
  const [state] = (await wizardStates()).values();
  assert.ok(setting !== undefined && state !== undefined);
  const field = { ...setting.field, help: ['one two three four five', 'six seven', 'eight'] };
  const lines = settingRowLines(
    { ...setting, field },
    { ...state, settings: { ...state.settings, selected: field.key } },
    { columns: 40, rows: 12, glyphs: unicodeGlyphs },
  );
  const help = lines.slice(-2).map(spans =>
    spans
      .map(({ text }) => text)
      .join('')
      .trim(),
  );
  assert.deepEqual(help, ['one two three four five six seven', 'eight']);
});

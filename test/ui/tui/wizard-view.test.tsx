import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderToString } from 'ink';
import { asciiGlyphs, unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import { textWidth } from '../../../src/ui/present/text-width.ts';
import { lineText } from '../../../src/ui/present/tone.ts';
import { presentWizard } from '../../../src/ui/present/wizard.ts';
import { WizardView } from '../../../src/ui/tui/wizard/wizard-view.tsx';
import { runStartMs } from '../wizard-fixture.ts';
import { wizardStates } from '../wizard-states.ts';

const nowMs = runStartMs + 48_000;

for (const [columns, rows] of [
  [40, 12],
  [80, 24],
  [120, 40],
] as const) {
  test(`Ink draws each screen as it was presented, ${columns}x${rows}`, async () => {
    for (const [name, state] of await wizardStates()) {
      for (const glyphs of [unicodeGlyphs, asciiGlyphs]) {
        const drawn = renderToString(
          <WizardView
            state={state}
            size={{ columns, rows }}
            glyphs={glyphs}
            nowMs={nowMs}
            comeBack="homeiq"
          />,
          { columns },
        )
          .replaceAll(/\x1b\[[0-9;]*m/g, '')
          .split('\n');
        assert.equal(drawn.length, rows, name);
        for (const row of drawn) assert.ok(textWidth(row) <= columns, `${name}: ${row}`);
        const presented = presentWizard(state, { columns, rows, glyphs }, { nowMs, comeBack: 'homeiq' });
        assert.deepEqual(
          drawn.map(row => row.trimEnd()),
          presented.map(content => lineText(content).trimEnd()),
          name,
        );
      }
    }
  });
}

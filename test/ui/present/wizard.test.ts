import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckLine } from '../../../src/app/wizard/wizard-types.ts';
import { fitsViewport, type Viewport } from '../../../src/ui/present/compose-screen.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import { findCommand } from '../../../src/ui/present/key-hints.ts';
import { lineText } from '../../../src/ui/present/tone.ts';
import { presentWizard } from '../../../src/ui/present/wizard.ts';
import { wizardKeys } from '../../../src/ui/present/wizard-keys.ts';
import { assertGolden } from '../golden.ts';
import { runStartMs } from '../wizard-fixture.ts';
import { wizardStates } from '../wizard-states.ts';

const presentation = { nowMs: runStartMs + 48_000, comeBack: 'homeiq' };
const sizes = [
  [40, 12],
  [40, 24],
  [60, 16],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;
const frame = (state: Parameters<typeof presentWizard>[0], viewport: Viewport): string =>
  presentWizard(state, viewport, presentation).map(lineText).join('\n');

for (const level of ['bundled', 'sandbox', 'rehearsal'] as const) {
  test(`every screen fits every size, ${level}`, async () => {
    for (const [name, state] of await wizardStates(level)) {
      for (const [columns, rows] of sizes) {
        for (const glyphs of [unicodeGlyphs, asciiGlyphs]) {
          const viewport = { columns, rows, glyphs };
          const lines = presentWizard(state, viewport, presentation);
          assert.ok(
            fitsViewport(lines, viewport),
            `${name} at ${columns}x${rows}:\n${frame(state, viewport)}`,
          );
        }
      }
    }
  });

  test(`every screen names the mode and the level, ${level}`, async () => {
    for (const [name, state] of await wizardStates(level)) {
      for (const [columns, rows] of sizes) {
        const [title = ''] = frame(state, { columns, rows, glyphs: unicodeGlyphs }).split('\n');
        assert.match(title, /TEST|PRODUCTION|no mode yet/, name);
        assert.equal(title.includes('SANDBOX'), level === 'sandbox', name);
        assert.equal(title.includes('REHEARSAL'), level === 'rehearsal', name);
      }
    }
  });
}

test('every screen shows its keys in its last line', async () => {
  for (const [name, state] of await wizardStates()) {
    for (const [columns, rows] of sizes) {
      const last = frame(state, { columns, rows, glyphs: unicodeGlyphs }).split('\n').at(-1) ?? '';
      assert.match(last, /\? keys|esc /, `${name} at ${columns}x${rows}`);
    }
  }
});

test('the ASCII screens are ASCII, and no screen has an emoji or a glyph that is not on the list', async () => {
  const allowed = new Set([...Object.values(unicodeGlyphs).flat().join(''), '“', '”']);
  for (const [name, state] of await wizardStates()) {
    assert.match(frame(state, { columns: 80, rows: 24, glyphs: asciiGlyphs }), /^[\n\x20-\x7e]*$/, name);
    for (const character of frame(state, { columns: 80, rows: 24, glyphs: unicodeGlyphs })) {
      assert.ok(character <= '~' || allowed.has(character), `${name} has ${character}`);
    }
  }
});

test('no screen shows a secret that was not revealed', async () => {
  for (const [name, state] of await wizardStates()) {
    for (const [columns, rows] of sizes) {
      const text = frame(state, { columns, rows, glyphs: unicodeGlyphs });
      assert.ok(!text.includes('k3y-k3y') && !text.includes('abcdefghijk'), name);
    }
  }
});

test('a secret that is being typed is shown on request', async () => {
  const state = (await wizardStates()).get('settings-secret');
  assert.ok(state !== undefined);
  const revealed = { ...state, settings: { ...state.settings, isRevealed: true } };
  assert.match(
    frame(revealed, { columns: 80, rows: 24, glyphs: unicodeGlyphs }),
    /abcdefghijklmnopqrstuvwxyz/,
  );
});

test('a search among the settings that finds none says so, and the way back', async () => {
  const state = (await wizardStates()).get('settings');
  assert.ok(state !== undefined);
  for (const [columns, rows] of sizes) {
    const searched = (search: string): string =>
      frame(
        { ...state, settings: { ...state.settings, search, isSearching: true } },
        { columns, rows, glyphs: unicodeGlyphs },
      ).replaceAll(/\s+/g, ' ');
    assert.match(
      searched('no such'),
      /No setting has "no such" in its name, label or text\. Esc shows all again/,
    );
    assert.doesNotMatch(searched('time zone'), /No setting has/);
  }
});

test('details of the machine are offered when a note has any, and nowhere else', async () => {
  const state = (await wizardStates()).get('machine');
  assert.ok(state?.machine.kind === 'checked');
  const { report } = state.machine;
  const shown = (change: (line: CheckLine) => CheckLine | undefined): string => {
    const lines = report.lines.flatMap(each => change(each) ?? []);
    const machine = { kind: 'checked', report: { ...report, lines } } as const;
    return frame({ ...state, machine }, { columns: 80, rows: 24, glyphs: unicodeGlyphs });
  };
  assert.match(
    shown(each => each),
    /Ready, with 1 note\. Details: d[\s\S]* d details/,
  );
  for (const change of [
    (each: CheckLine) => (each.tone === 'note' ? undefined : each),
    (each: CheckLine) => ({ ...each, mend: [] }),
  ]) {
    assert.match(shown(change), /Ready/);
    assert.doesNotMatch(shown(change), /[Dd]etails/);
    const lines = report.lines.flatMap(each => change(each) ?? []);
    const keys = wizardKeys({ ...state, machine: { kind: 'checked', report: { ...report, lines } } });
    assert.equal(findCommand(keys, 'd'), undefined);
  }
  assert.equal(findCommand(wizardKeys({ ...state, machine: { kind: 'checking' } }), 'd'), undefined);
});

test('a window below 40x12 says so, in any size', async () => {
  const state = (await wizardStates()).get('machine');
  assert.ok(state !== undefined);
  for (const [columns, rows] of [
    [39, 24],
    [80, 11],
    [12, 3],
    [1, 1],
  ] as const) {
    const viewport = { columns, rows, glyphs: unicodeGlyphs };
    const lines = presentWizard(state, viewport, presentation);
    assert.ok(fitsViewport(lines, viewport), `${columns}x${rows}`);
    if (columns > 2) assert.match(lineText(lines[0] ?? []), /^W/);
  }
});

for (const [columns, rows] of [
  [40, 12],
  [80, 24],
  [120, 40],
] as const) {
  test(`the screens look as they were approved, ${columns}x${rows}`, async () => {
    for (const [name, state] of await wizardStates()) {
      assertGolden(`${name}-${columns}x${rows}`, frame(state, { columns, rows, glyphs: unicodeGlyphs }));
    }
  });
}

/** What others say, in every text of every screen: on a terminal it is words, and the lines stay where they belong. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sanitiseLine } from '../../src/core/text/sanitise.ts';
import { toJsonLine } from '../../src/ui/json/escape.ts';
import { unicodeGlyphs } from '../../src/ui/present/glyphs.ts';
import { presentStatus } from '../../src/ui/present/status.ts';
import type { Line } from '../../src/ui/present/tone.ts';
import { presentWizard } from '../../src/ui/present/wizard.ts';
import { Lines } from '../../src/ui/tui/lines.tsx';
import { renderOnScreen } from '../helpers/screen.ts';
import { findForeign, findHarm, terminalAttacks } from '../helpers/terminal-attacks.ts';
import { situationNames, statusIn } from './status/status-states.ts';
import { wizardStates } from './wizard-states.ts';

const viewport = { columns: 80, rows: 24, glyphs: unicodeGlyphs };

/** Fields whose words come from others, or may: not those that decide what is drawn. */
const told = new Set(
  [
    'name',
    'message',
    'hint',
    'text',
    'detail',
    'summary',
    'title',
    'tail',
    'command',
    'reason',
    'image',
    'url',
    'file',
    'what',
  ]
    .concat([
      'value',
      'note',
      'label',
      'help',
      'service',
      'containerName',
      'folder',
      'project',
      'problem',
      'place',
      'address',
    ])
    .concat([
      'notes',
      'reasons',
      'nextSteps',
      'commands',
      'suggestions',
      'changedKeys',
      'bucket',
      'seen',
      'path',
      'holder',
    ]),
);

/** The same state with `attack` before each of these texts, at any depth. */
function poison(value: unknown, attack: string, isTold = false): unknown {
  if (typeof value === 'string') return isTold ? `${attack}${value}` : value;
  if (Array.isArray(value)) return value.map(item => poison(item, attack, isTold));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, poison(entry, attack, told.has(key))]),
  );
}

type Screen = {
  readonly name: string;
  readonly draw: (attack: string) => readonly Line[];
  readonly state: unknown;
};

async function listScreens(): Promise<readonly Screen[]> {
  const wizard = [...(await wizardStates())].map(([name, state]) => ({
    name,
    state,
    draw: (attack: string) =>
      presentWizard(poison(state, attack) as typeof state, viewport, {
        nowMs: 0,
        comeBack: `homeiq --dir ${attack}`,
      }),
  }));
  const status = [];
  for (const name of situationNames) {
    const state = await statusIn(name);
    status.push({
      name,
      state,
      draw: (attack: string) => presentStatus(poison(state, attack) as typeof state, viewport),
    });
  }
  return [...wizard, ...status];
}

test('each attack alone: the words stay, nothing else does', () => {
  for (const { name, text } of terminalAttacks) {
    const clean = sanitiseLine(text);
    assert.equal(findHarm(clean), undefined, name);
    assert.match(clean, /safe|word/, name);
    assert.equal(sanitiseLine(clean), clean, name);
    assert.equal(findHarm(toJsonLine({ [text]: text })), undefined, name);
    assert.deepEqual(JSON.parse(toJsonLine({ [text]: text })), { [text]: text }, name);
  }
});

test('every screen with every attack in every text: no byte of it, and the lines are as long as they may be', async t => {
  const screens = await listScreens();
  let shown = 0;
  for (const { name, draw } of screens) {
    for (const { name: attack, text } of terminalAttacks) {
      const lines = draw(text).map(parts => parts.map(part => part.text).join(''));
      assert.equal(lines.length, viewport.rows, `${name}, ${attack}`);
      for (const line of lines)
        assert.equal(findHarm(line), undefined, `${name}, ${attack}: ${JSON.stringify(line)}`);
      if (lines.join('\n').includes('safe')) shown += 1;
    }
  }
  t.diagnostic(
    `${screens.length} screens, ${terminalAttacks.length} attacks, ${shown} frames with their words`,
  );
  assert.ok(shown > (screens.length * terminalAttacks.length) / 2, String(shown));
});

test('drawn by Ink on a terminal: what was written is Ink’s own, and each row is the line that was laid out', async t => {
  const chosen = ['machine-broken', 'failed', 'broken'];
  const screens = (await listScreens()).filter(({ name }) => chosen.includes(name));
  assert.ok(screens.length >= chosen.length);
  const terminal = renderOnScreen(<Lines lines={[]} size={viewport} />);
  t.after(terminal.close);
  let frames = 0;
  for (const { name, draw } of screens) {
    for (const { name: attack, text } of terminalAttacks) {
      const lines = draw(text);
      terminal.mark();
      terminal.rerender(<Lines lines={lines} size={viewport} />);
      const expected = lines.map(parts =>
        parts
          .map(part => part.text)
          .join('')
          .trimEnd(),
      );
      await terminal.until(() => terminal.rows().join('\n') === expected.join('\n')).catch(() => undefined);
      assert.deepEqual(terminal.rows(), expected, `${name}, ${attack}`);
      assert.equal(findForeign(terminal.written()), undefined, `${name}, ${attack}`);
      frames += 1;
    }
  }
  t.diagnostic(`${frames} frames`);
});

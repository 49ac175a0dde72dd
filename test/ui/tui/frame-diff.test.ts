/** Frames drawn by their differences, on a terminal: what it shows is what was drawn last, whatever was there before. */

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { truncateLine } from '../../../src/ui/present/format.ts';
import { unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import type { Line, Tone } from '../../../src/ui/present/tone.ts';
import { line, span } from '../../../src/ui/present/tone.ts';
import { diffFrames } from '../../../src/ui/tui/frame-diff.ts';
import { createPainter } from '../../../src/ui/tui/painter.ts';
import { createTerminal } from '../../helpers/terminal.ts';
import { until } from '../../helpers/until.ts';

const size = { columns: 24, rows: 4 } as const;
const tones: readonly Tone[] = ['plain', 'strong', 'dim', 'good', 'warn', 'bad', 'accent', 'match'];

/** What services may be called, and what figures look like: narrow, wide, combined, and from outside of the tables. */
const texts = fc.oneof(
  fc.constantFrom(
    'data-api',
    '12 MB',
    '0.4 %',
    '  7 %',
    '▁▂▃▄',
    '▁▁▂▃',
    '✔',
    '❯ ▾ Core',
    '家庭助手',
    '家',
    'e\u0301a',
    '👍',
    '',
  ),
  fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom(...'ab 1.▅家é') }),
);
/** Rows that have much in common, as the frames of a screen do. */
const alike = fc.constantFrom('0.4 %', '  7 %', '0.5 %', 'a', 'b', '▁▂', '▁▁', '家');
const framesOf = (text: fc.Arbitrary<string>): fc.Arbitrary<readonly Line[]> =>
  fc.array(
    fc
      .array(fc.record({ text, tone: fc.constantFrom(...tones) }), { maxLength: 5 })
      .map(spans => truncateLine(spans, size.columns, unicodeGlyphs)),
    { minLength: size.rows, maxLength: size.rows },
  );

const frames = fc.oneof(framesOf(texts), framesOf(alike));

const settle = async (terminal: ReturnType<typeof createTerminal>): Promise<void> => {
  while (!terminal.isSettled()) await new Promise(resolve => setImmediate(resolve));
};

/** With their colours. */
async function screenAfter(shown: readonly (readonly Line[])[], isEachAnew: boolean) {
  const terminal = createTerminal(size);
  let before: readonly Line[] | undefined;
  for (const frame of shown) {
    terminal.write(diffFrames(isEachAnew ? undefined : before, frame, { hasStyles: true }));
    before = frame;
  }
  await settle(terminal);
  const rows = terminal.styledRows();
  terminal.dispose();
  return rows;
}

test('after any frames the screen is the last one, in its colours, as if it had been drawn alone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(frames, { minLength: 2, maxLength: 4 }), async shown => {
      assert.deepEqual(await screenAfter(shown, false), await screenAfter(shown.slice(-1), true));
    }),
    { numRuns: 400 },
  );
});

test('what is left of a longer row goes, and nothing before it', async () => {
  const shown = [
    [line('0.4 %', 'a')],
    [line('  7 %')],
    [line('  7 %', span(' and more', 'dim'), 'xx')],
    [line('  8 %', span(' and less', 'dim'))],
    [line('  9 %')],
  ];
  for (let count = 2; count <= shown.length; count += 1) {
    const frames = shown.slice(0, count).map(frame => [...frame, [], [], []]);
    assert.deepEqual(await screenAfter(frames, false), await screenAfter(frames.slice(-1), true));
  }
});

test('a figure that changes costs its characters and the way there; nothing costs nothing', () => {
  const row = (cpu: string): Line =>
    line('  ', span('data-api  ', 'strong'), span(cpu), span('  12 MB', 'dim'));
  const options = { hasStyles: true };
  assert.equal(diffFrames([row('0.4 %')], [row('0.4 %')], options), '');
  assert.equal(diffFrames([row('0.4 %')], [row('0.5 %')], options), '\x1b[1;15H5\x1b[H');
  assert.equal(
    diffFrames([line(span('a', 'bad'))], [line(span('a', 'good'))], { hasStyles: false }),
    '\x1b[1;1Ha\x1b[H',
    'without colours no colour is set',
  );
});

test('between two drawings there is time; then only the newest is drawn, and a new size draws all', async () => {
  const writes: string[] = [];
  const painter = createPainter({ hasStyles: false, write: text => writes.push(text) });
  const paint = (text: string, columns = 24) => painter.paint([line(text)], { columns, rows: 1 });
  for (const text of ['a', 'b', 'c', 'd']) paint(text);
  assert.equal(writes.length, 1);
  await new Promise(resolve => setTimeout(resolve, 60));
  assert.equal(writes.length, 2);
  assert.match(writes[1] ?? '', /d/);
  await new Promise(resolve => setTimeout(resolve, 60));
  paint('d', 30);
  assert.match(writes[2] ?? '', /\x1b\[J.*d/);
  painter.stop();
});

test('a size that was taken back before anybody looked draws everything anew, once', async () => {
  const writes: string[] = [];
  const painter = createPainter({ hasStyles: false, write: text => writes.push(text) });
  painter.paint([line('all of it')], { columns: 24, rows: 1 });
  for (let index = 0; index < 5; index += 1) painter.repaintSoon();
  assert.equal(writes.length, 1);
  await until(() => writes.length === 2);
  assert.match(writes[1] ?? '', /\x1b\[J.*all of it/);
  painter.stop();
});

test('nothing is drawn while the terminal is lent, and all of it afterwards', async () => {
  const writes: string[] = [];
  const painter = createPainter({ hasStyles: false, write: text => writes.push(text) });
  const size = { columns: 24, rows: 1 };
  painter.paint([line('before')], size);
  await painter.lend(async () => {
    painter.paint([line('while')], size);
    painter.repaint();
    await new Promise(resolve => setTimeout(resolve, 60));
    assert.equal(writes.length, 1);
  });
  assert.match(writes[1] ?? '', /\x1b\[J.*while/);
  painter.stop();
});

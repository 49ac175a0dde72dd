import assert from 'node:assert/strict';
import { test } from 'node:test';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { asciiGlyphs, unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import {
  fitCells,
  isOneCellEach,
  takeCells,
  takeCellsFromEnd,
  textWidth,
  truncateEnd,
  truncateMiddle,
  wrapWords,
} from '../../../src/ui/present/text-width.ts';

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('a', ' ', 'é', '漢', 'ｗ', '─', '✔', 'e\u0301'), maxLength: 40 }),
);

test('the width of what screens draw', () => {
  assert.equal(textWidth('homeiq'), 6);
  assert.equal(textWidth('✔ ─ ● ▁█'), 8);
  assert.equal(textWidth('漢字'), 4);
  assert.equal(textWidth('e\u0301'), 1);
});

test('the width is what a terminal takes, for letters, marks, box drawing and CJK', async () => {
  for (const text of [
    'homeiq',
    'Zürich',
    '漢字 kana かな',
    '✔✖▸▾●○·…→↑↓',
    '│─█▒░▁▂▃',
    'e\u0301a\u0308',
    '한국어',
  ]) {
    const terminal = new xterm.Terminal({ cols: 80, rows: 2, allowProposedApi: true });
    await new Promise<void>(resolve => terminal.write(text, resolve));
    assert.equal(terminal.buffer.active.cursorX, textWidth(text), text);
    terminal.dispose();
  }
});

test('cut text is never wider than its room, and filled text exactly as wide', () => {
  fc.assert(
    fc.property(texts, fc.nat(30), (text, cells) => {
      assert.ok(textWidth(takeCells(text, cells)) <= cells);
      assert.ok(textWidth(takeCellsFromEnd(text, cells)) <= cells);
      assert.ok(textWidth(truncateEnd(text, cells)) <= cells);
      assert.ok(textWidth(truncateMiddle(text, cells)) <= cells);
      assert.equal(textWidth(fitCells(text, cells)), cells);
      assert.equal(textWidth(fitCells(text, cells, 'right')), cells);
    }),
  );
});

test('text that fits is left as it is', () => {
  fc.assert(
    fc.property(texts, text => {
      assert.equal(truncateEnd(text, textWidth(text)), text);
      assert.equal(truncateMiddle(text, textWidth(text)), text);
    }),
  );
  assert.equal(truncateEnd('openvino-service', 8), 'openvin…');
  assert.equal(truncateMiddle('/home/ada/homeiq/.env', 11), '/home…/.env');
});

test('wrapped lines fit, and lose nothing but blanks', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 30 }), (text, cells) => {
      const lines = wrapWords(text, cells);
      for (const part of lines) assert.ok(textWidth(part) <= cells, `${part} in ${cells}`);
      assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
    }),
  );
  assert.deepEqual(wrapWords('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrapWords('abcdefgh', 3), ['abc', 'def', 'gh']);
});

test('every glyph that screens draw is known to be one cell, so that figures beside it are drawn alone', () => {
  for (const glyphs of [unicodeGlyphs, asciiGlyphs]) {
    for (const glyph of Object.values(glyphs).flat()) assert.ok(isOneCellEach(glyph), glyph);
  }
  for (const text of ['家', 'e\u0301', '👍', '⚠️', '\u200b']) assert.equal(isOneCellEach(text), false, text);
});

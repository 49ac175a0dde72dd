import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { composeScreen, fitsViewport } from '../../../src/ui/present/compose-screen.ts';
import { unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import { footerLine, type KeyBinding } from '../../../src/ui/present/key-hints.ts';
import { type Line, line, lineText } from '../../../src/ui/present/tone.ts';

const numbered = (count: number): readonly Line[] =>
  Array.from({ length: count }, (_, index) => line(`body ${index}.`));
const viewport = { columns: 40, rows: 12, glyphs: unicodeGlyphs };

test('any parts at any size give exactly the lines of the terminal', () => {
  const someLines = fc.array(
    fc.string({ unit: 'grapheme', maxLength: 90 }).map(text => line(text)),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(
      fc.record({
        columns: fc.integer({ min: 1, max: 120 }),
        rows: fc.integer({ min: 1, max: 50 }),
        head: someLines,
        body: someLines,
        foot: someLines,
        scroll: fc.integer({ min: -5, max: 60 }),
        fromEnd: fc.option(fc.nat(60), { nil: undefined }),
        focus: fc.option(fc.nat(29), { nil: undefined }),
      }),
      ({ columns, rows, head, body, foot, scroll, fromEnd, focus }) => {
        const size = { columns, rows, glyphs: unicodeGlyphs };
        const lines = composeScreen(
          {
            title: line('title'),
            head,
            body,
            foot,
            footer: line('keys'),
            scroll,
            ...(fromEnd === undefined ? {} : { fromEnd }),
            ...(focus === undefined || focus >= body.length ? {} : { focus: { from: focus, to: focus } }),
          },
          size,
        );
        assert.ok(fitsViewport(lines, size));
      },
    ),
  );
});

test('the focus is always seen, and what is hidden is counted', () => {
  for (let index = 0; index < 30; index += 1) {
    const lines = composeScreen(
      {
        title: line('t'),
        head: [],
        body: numbered(30),
        foot: [],
        footer: line('k'),
        focus: { from: index, to: index },
      },
      viewport,
    ).map(lineText);
    assert.ok(
      lines.some(text => text.includes(`body ${index}.`)),
      `${index}: ${lines.join('|')}`,
    );
    const shown = lines.filter(text => text.includes('body')).length;
    const hidden = lines
      .map(text => Number(/(\d+) more/.exec(text)?.[1] ?? 0))
      .reduce((sum, count) => sum + count, 0);
    assert.equal(shown + hidden, 30, `${index}: ${lines.join('|')}`);
  }
});

test('what grows at its end is shown from its end', () => {
  const parts = { title: line('t'), head: [], body: numbered(30), foot: [], footer: line('k') };
  const atEnd = composeScreen({ ...parts, fromEnd: 0 }, viewport)
    .map(lineText)
    .join('\n');
  assert.match(atEnd, /body 29\./);
  const back = composeScreen({ ...parts, fromEnd: 10 }, viewport)
    .map(lineText)
    .join('\n');
  assert.doesNotMatch(back, /body 29\./);
  assert.match(back, /body 18\./);
});

test('no escape sequence gets through, whatever a text from outside holds', () => {
  const lines = composeScreen(
    {
      title: line('a\x1b]0;owned\x07b'),
      head: [],
      body: [line('c\x1b[2Jd\x9b31me')],
      foot: [],
      footer: line('k'),
    },
    viewport,
  ).map(lineText);
  assert.equal(lines[0], ' ab');
  assert.equal(lines[1], ' cde');
});

test('a footer that is too long keeps its first and its last hint', () => {
  const bindings: readonly KeyBinding[] = [
    { command: 'continue', keys: ['enter'], label: 'continue', explanation: '' },
    { command: 'other', keys: ['o'], label: 'something quite long that has no room', explanation: '' },
    { command: 'hidden', keys: ['h'], label: undefined, explanation: '' },
    { command: 'help', keys: ['?'], label: 'keys', explanation: '' },
  ];
  assert.equal(lineText(footerLine(bindings, 38, unicodeGlyphs)), 'enter continue · ? keys');
});

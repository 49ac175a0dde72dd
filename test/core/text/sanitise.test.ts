import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { cutText, sanitiseLine } from '../../../src/core/text/sanitise.ts';

test('colours, cursor moves, titles and bells are taken out; the words stay', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['\x1b[31mERROR\x1b[0m failed', 'ERROR failed'],
    ['a\x1b[2J\x1b[Hb', 'ab'],
    ['\x1b]0;owned\x07text', 'text'],
    ['\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\', 'link'],
    ['\x1bPq#0\x1b\\after', 'after'],
    ['\x9b5mred', 'red'],
    ['ding\x07dong\x08', 'dingdong'],
    ['col\tumn', 'col  umn'],
    ['10 %\r20 %\r', '20 %'],
    ['plain ünïcode 中文', 'plain ünïcode 中文'],
    ['\u202eevil\u202c', 'evil'],
    ['unended \x1b]0;title', 'unended '],
    ['half \x1b[', 'half '],
  ];
  for (const [given, expected] of cases) assert.equal(sanitiseLine(given), expected);
});

test('nothing that a terminal acts on is left, whatever comes in', () => {
  const anything = fc.string({ unit: 'binary' });
  const sequences = fc.array(
    fc.constantFrom(
      '\x1b',
      '[',
      ']',
      '\x07',
      '\\',
      '31m',
      '\r',
      '\n',
      'a',
      '\x9b',
      '\x9c',
      '\u2028',
      '\ud800',
    ),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        anything,
        sequences.map(parts => parts.join('')),
      ),
      text => {
        const clean = sanitiseLine(text);
        assert.doesNotMatch(clean, /[\x00-\x1f\x7f-\x9f\u2028-\u202e]/);
        assert.equal(Buffer.from(clean).toString(), clean);
        assert.equal(sanitiseLine(clean), clean);
      },
    ),
  );
});

test('printable ASCII comes through unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...' abcXYZ09{}"\\/[];:%') }), text => {
      assert.equal(sanitiseLine(text), text);
    }),
  );
});

test('a cut text never ends with half a character', () => {
  assert.equal(cutText('ab\u{1f600}cd', 3), 'ab');
  assert.equal(cutText('ab\u{1f600}cd', 4), 'ab\u{1f600}');
  assert.equal(cutText('short', 80), 'short');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editText, type TextBuffer, type TextEdit, textBuffer } from '../../../src/core/text/text-buffer.ts';

const edit = (buffer: TextBuffer, ...edits: readonly TextEdit[]): TextBuffer =>
  edits.reduce(editText, buffer);

test('typing, moving and deleting', () => {
  assert.equal(edit(textBuffer('abc'), { kind: 'left' }, { kind: 'insert', text: 'X' }).text, 'abXc');
  assert.equal(edit(textBuffer('abc'), { kind: 'home' }, { kind: 'delete' }).text, 'bc');
  assert.equal(edit(textBuffer('one two '), { kind: 'delete-word' }).text, 'one ');
  assert.equal(edit(textBuffer('abc'), { kind: 'clear' }).text, '');
});

test('a character of several units goes in one piece', () => {
  assert.equal(edit(textBuffer('a👩‍👧e\u0301'), { kind: 'backspace' }).text, 'a👩‍👧');
  assert.equal(edit(textBuffer('a👩‍👧'), { kind: 'backspace' }).text, 'a');
});

test('the cursor stays in the text whatever is done', () => {
  const edits = fc.oneof(
    fc.string({ unit: 'grapheme' }).map((text): TextEdit => ({ kind: 'insert', text })),
    fc
      .constantFrom(
        'backspace' as const,
        'delete' as const,
        'left' as const,
        'right' as const,
        'home' as const,
        'end' as const,
        'delete-word' as const,
      )
      .map((kind): TextEdit => ({ kind })),
  );
  fc.assert(
    fc.property(fc.array(edits), all => {
      const buffer = edit(textBuffer(''), ...all);
      assert.ok(buffer.cursor >= 0 && buffer.cursor <= buffer.text.length);
    }),
  );
});

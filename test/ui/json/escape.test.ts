import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sanitiseLine } from '../../../src/core/text/sanitise.ts';
import { toJsonLine } from '../../../src/ui/json/escape.ts';

test('a document comes back as it was, and a terminal gets nothing of it to act on', () => {
  const hostile = [
    '\x1b]52;c;eA==\x07',
    '\x9b31m',
    '\x7f',
    '\u202eevil',
    '\u{e0041}',
    `e${'\u0301'.repeat(40)}`,
  ];
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...hostile));
  const anything = fc.anything({ key: text, values: [text, fc.double({ noNaN: true }), fc.boolean()] });
  const document = fc.record({ text, anything });
  fc.assert(
    fc.property(document, value => {
      const line = toJsonLine(value);
      // The last gate takes out of plain text what is not harmless: there must be nothing left for it.
      assert.equal(sanitiseLine(line), line);
      assert.deepEqual(JSON.parse(line), JSON.parse(JSON.stringify(value)));
    }),
    {
      numRuns: 2000,
      examples: hostile.map(
        each => [{ text: each, anything: { [each]: each } }] as [{ text: string; anything: unknown }],
      ),
    },
  );
});

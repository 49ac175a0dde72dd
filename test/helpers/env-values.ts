/** Values as operators type and paste them, for properties of the env document. */

import fc from 'fast-check';

const awkward = [
  ...'$\'"\\#`={}:;&|<>!*?~^%@()[]',
  ' ',
  '\t',
  '\n',
  '\r',
  '$A',
  '${',
  'A}',
  '$$',
  '\\n',
  '\\"',
  " '",
  ' #',
  'é',
  'ß',
  '漢',
  '🏠',
  '\u00a0',
  '\u0085',
  '\u2028',
  '\ufeff',
];

/** Any text that an environment variable can hold: no NUL, no lone surrogate. */
export const envValue: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 6, arbitrary: fc.array(fc.constantFrom(...awkward, ...'abcXYZ019'), { maxLength: 12 }) },
    {
      weight: 2,
      arbitrary: fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }), {
        maxLength: 30,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }), { maxLength: 30 }),
    },
    {
      weight: 1,
      arbitrary: fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), { maxLength: 30 }),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.array(fc.constantFrom(...awkward), { maxLength: 4 }), fc.integer({ min: 100, max: 2000 }))
        .map(([parts, length]) => [parts.join('').repeat(4), 'x'.repeat(length)]),
    },
  )
  .map(parts => parts.join('').replaceAll('\0', ''));

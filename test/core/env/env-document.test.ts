import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkDocument } from '../../../src/core/env/check-document.ts';
import { diffDocuments, hiddenValue } from '../../../src/core/env/diff.ts';
import { parseEnv } from '../../../src/core/env/parse.ts';
import { findProblems } from '../../../src/core/env/problems.ts';
import { quoteValue } from '../../../src/core/env/quote.ts';
import { serialiseEnv } from '../../../src/core/env/serialise.ts';
import { documentValues, setValues } from '../../../src/core/env/values.ts';
import { UserError } from '../../../src/core/error.ts';
import { envCorpus } from '../../helpers/env-corpus.ts';
import { envValue } from '../../helpers/env-values.ts';

const reference = (name: string): string => `\${${name}}`;

const key = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/);
/** Text that looks like an env file, more or less. */
const envText = fc
  .array(
    fc.oneof(
      envValue,
      fc.constantFrom('\n', '\r\n', 'A=', 'export ', '# ', '"', "'", 'B: ', ' #', '\ufeff'),
      fc.tuple(key, envValue).map(([name, value]) => `${name}=${quoteValue(value).text}\n`),
    ),
    { maxLength: 20 },
  )
  .map(parts => parts.join(''));

test('any text comes out as it went in', () => {
  fc.assert(
    fc.property(envText, text => {
      assert.equal(serialiseEnv(parseEnv(text)), text);
    }),
    { numRuns: 2000 },
  );
});

for (const { name, bytes, text } of envCorpus()) {
  test(`${name} comes out byte for byte as it went in, also when values are set to what they are`, () => {
    const document = parseEnv(text);
    assert.deepEqual(Buffer.from(serialiseEnv(document)), bytes);
    assert.deepEqual(Buffer.from(serialiseEnv(setValues(document, documentValues(document)))), bytes);
  });
}

test('any value that is written reads back the same, in a new and in an existing line', () => {
  const start = parseEnv(`# head\r\nA=old # remark\r\nB="${reference('A')}"\r\n`);
  fc.assert(
    fc.property(envValue, envValue, (first, second) => {
      const document = parseEnv(serialiseEnv(setValues(start, { A: first, NEW: second })));
      const values = documentValues(document);
      assert.equal(values.A, first);
      assert.equal(values.NEW, second);
      assert.deepEqual(
        findProblems(document).filter(({ kind }) => kind === 'unreadable'),
        [],
      );
    }),
    { numRuns: 3000 },
  );
});

test('a change touches one line and keeps its remark, its place and its line end', () => {
  const text = '\ufeff# head\r\nexport A = old   # remark\r\nB=2\r\n';
  assert.equal(
    serialiseEnv(setValues(parseEnv(text), { A: "it's" })),
    '\ufeff# head\r\nexport A = "it\'s"   # remark\r\nB=2\r\n',
  );
});

test('an emptied value does not turn its remark into the value', () => {
  const document = setValues(parseEnv('A=1 # remark\n'), { A: '' });
  assert.equal(serialiseEnv(document), "A='' # remark\n");
  assert.equal(documentValues(document).A, '');
});

test('of duplicates the last counts and the last is changed', () => {
  assert.equal(serialiseEnv(setValues(parseEnv('A=1\nA=2\n'), { A: '3' })), 'A=1\nA=3\n');
});

test('a line that refers to others stays while it reads as asked, and gives way when not', () => {
  const document = parseEnv(`HOST=a\nURL=http://${reference('HOST')}\n`);
  assert.equal(
    serialiseEnv(setValues(document, { URL: 'http://a' })),
    `HOST=a\nURL=http://${reference('HOST')}\n`,
  );
  assert.equal(serialiseEnv(setValues(document, { HOST: 'b', URL: 'http://a' })), 'HOST=b\nURL=http://a\n');
  assert.equal(documentValues(setValues(document, { HOST: 'b' })).URL, 'http://b');
});

test('new keys come under their heading, in the line ends of the file', () => {
  const first = setValues(parseEnv('A=1\r\nB=2'), { C: '3' }, 'More');
  assert.equal(serialiseEnv(first), 'A=1\r\nB=2\r\n\r\n# More\r\nC=3\r\n');
  assert.equal(
    serialiseEnv(setValues(first, { D: '4' }, 'More')),
    'A=1\r\nB=2\r\n\r\n# More\r\nC=3\r\nD=4\r\n',
  );
  assert.equal(serialiseEnv(setValues(parseEnv(''), { A: '1' }, 'More')), '# More\nA=1\n');
});

test('what cannot be the name of a setting or its value is refused', () => {
  const document = parseEnv('');
  assert.throws(() => setValues(document, { 'A B': '1' }), UserError);
  assert.throws(() => setValues(document, { A: 'a\0b' }), UserError);
  assert.throws(() => setValues(document, { A: '\ud800' }), UserError);
});

test('values are read as Compose reads them', () => {
  const values = (name: string): Readonly<Record<string, string>> => {
    const file = envCorpus().find(entry => entry.name === name);
    assert.ok(file, name);
    return documentValues(parseEnv(file.text));
  };
  assert.deepEqual(values('quotes.env'), {
    A: 'single $HOME #x',
    B: 'double "inner" $HOME \\ \n end',
    C: 'tab\tbell\x07octalA kept\\101 kept\\q',
    D: 'back\\slash',
    E: "it's",
    F: '',
    G: '',
    H: '`backtick`',
    I: 'mid"dle\'quote',
    J: 'quoted',
    K: 'octal\\8 \\ S \\400',
  });
  assert.deepEqual(values('spaces.env'), {
    A: '1',
    B: '2',
    C: 'three',
    D: 'with space',
    E: 'no#remark',
    F: '# counts as the value',
    G: '',
    H: '8',
    I: 'yaml style',
    J: 'nbsp',
  });
  assert.deepEqual(values('references.env'), {
    HOST: 'nuc',
    URL: 'http://nuc:8123',
    PLAIN: 'nuc/x',
    FALLBACK: 'default',
    NESTED: 'nuc',
    PRESENT: 'yes',
    EMPTY: '',
    LITERAL: reference('HOST'),
    DOLLARS: '$HOST and $ 5',
    ESCAPED: reference('HOST'),
    BRACE: 'nucb',
    KELVIN: '1',
    FOLDED: ' x',
    NOT_FOLDED: '$é',
  });
  assert.deepEqual(values('one-line-two-statements.env'), { A: '1', B: '2', C: '3' });
  assert.deepEqual(values('unreadable.env'), { A: '1', D: '4' });
});

test('problems are told with their line', () => {
  const problems = (name: string): readonly string[] => {
    const file = envCorpus().find(entry => entry.name === name);
    assert.ok(file, name);
    return findProblems(parseEnv(file.text)).map(
      ({ kind, lineNumber, key }) => `${lineNumber} ${kind} ${key ?? ''}`,
    );
  };
  assert.deepEqual(problems('unreadable.env'), [
    '2 unreadable ',
    '3 unreadable ',
    '4 unreadable ',
    '5 unreadable ',
    '7 unreadable ',
    '8 unreadable ',
  ]);
  assert.deepEqual(problems('duplicates.env'), ['3 duplicate A']);
  assert.deepEqual(problems('inherited.env'), ['2 inherited HOME', '4 inherited PATH']);
  assert.deepEqual(problems('multi-line.env'), []);
  const after = findProblems(parseEnv('A="1\n2\n3"\nB C=1\n'));
  assert.deepEqual(
    after.map(({ lineNumber }) => lineNumber),
    [4],
  );
});

test('the first form that fits is used', () => {
  const form = (value: string): string => quoteValue(value).text;
  assert.equal(form(''), '');
  assert.equal(form('http://10.0.0.2:8123/api?a=1'), "'http://10.0.0.2:8123/api?a=1'");
  assert.equal(form('abc_DEF-1.2/3:4@5%6+7,8=9'), 'abc_DEF-1.2/3:4@5%6+7,8=9');
  assert.equal(form('pa$$w"rd #x'), `'pa$$w"rd #x'`);
  assert.equal(form("it's"), `"it's"`);
  assert.equal(form('two\nlines'), '"two\\nlines"');
  assert.equal(form(`it's "x"`), `it's "x"`);
  assert.equal(form('a\n"b"$C'), `'a\n"b"$C'`);
  assert.deepEqual(quoteValue(`'$A"\\\n`), { text: `"'\\$A\\"\\\\\\n"`, isCommon: false });
});

test('a difference names what was added, removed and changed, and hides secrets', () => {
  const before = parseEnv('A=1\nB=2\nTOKEN=old\nSAME="x"\nEMPTY_SECRET=\n');
  const after = parseEnv("SAME=x\nA=1\nB=3\nTOKEN='new'\nD=4\nEMPTY_SECRET=now\n");
  assert.deepEqual(
    diffDocuments(before, after, name => name.includes('TOKEN') || name.includes('SECRET')),
    [
      { kind: 'changed', key: 'B', isSecret: false, before: '2', after: '3' },
      { kind: 'changed', key: 'TOKEN', isSecret: true, before: hiddenValue, after: hiddenValue },
      { kind: 'added', key: 'D', isSecret: false, before: undefined, after: '4' },
      { kind: 'changed', key: 'EMPTY_SECRET', isSecret: true, before: '', after: hiddenValue },
    ],
  );
  assert.deepEqual(
    diffDocuments(after, before, () => false).map(({ kind, key }) => `${kind} ${key}`),
    ['changed B', 'changed TOKEN', 'changed EMPTY_SECRET', 'removed D'],
  );
});

test('references that double one another, and references in references, come to an end', () => {
  const doubling = [
    'K0=x',
    ...Array.from({ length: 200 }, (_, index) => `K${index + 1}=$K${index}$K${index}`),
  ];
  const values = documentValues(parseEnv(doubling.join('\n')));
  assert.equal(values.K10?.length, 1024);
  assert.equal(values.K200, '');
  assert.ok(Object.values(values).every(value => value.length <= 256 * 1024));

  const nested = parseEnv(`A=${'$'}${`{A:-${'$'}`.repeat(40_000)}${'}'.repeat(40_000)}`);
  assert.equal(nested.lines[0]?.kind, 'unreadable');
});

test('many keys that nobody knows, and a very long one, are checked in a moment', async () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => `SOMEBODYS_${index}=1`);
  const text = `${keys.join('\n')}\n${'X'.repeat(100_000)}=1\n`;
  const known = Array.from({ length: 100 }, (_, index) => `HOMEIQ_SETTING_NUMBER_${index}`);
  const findings = await checkDocument(parseEnv(text), [], known);
  assert.equal(findings.length, 20_001);
});

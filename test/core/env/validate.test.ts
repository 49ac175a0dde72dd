import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cleanPaste } from '../../../src/core/env/clean-paste.ts';
import { type FieldType, fieldTypes, type TemplateField } from '../../../src/core/env/template-field.ts';
import { checkValue } from '../../../src/core/env/validate.ts';
import { badValues, goodValues } from '../../helpers/field-values.ts';

const field = (type: FieldType, more: Partial<TemplateField> = {}): TemplateField => ({
  key: 'HA_TOKEN',
  section: 'Section',
  label: 'Label',
  help: [],
  type,
  defaultValue: '',
  scope: 'mode',
  isRequired: false,
  isSecret: false,
  isGenerated: false,
  isAdvanced: false,
  isFixed: false,
  isPlaceholder: false,
  choices: type === 'choice' ? ['json', 'text'] : [],
  minimum: undefined,
  maximum: undefined,
  ...more,
});

for (const type of fieldTypes) {
  test(`${type}: takes what is right and says what is wrong with the rest`, () => {
    for (const value of ['', ...goodValues[type]])
      assert.equal(checkValue(field(type), value), undefined, value);
    for (const [value, message] of badValues[type])
      assert.match(checkValue(field(type), value) ?? '', message, value);
  });
}

test('bounds of the field win', () => {
  assert.match(checkValue(field('integer', { minimum: -1 }), '-2') ?? '', /At least -1/);
  assert.match(checkValue(field('integer', { maximum: 5 }), '6') ?? '', /At most 5/);
  assert.match(checkValue(field('port', { minimum: 1024 }), '80') ?? '', /Between 1024 and 65535/);
  const interval = field('duration', { minimum: 1, maximum: 3600 });
  assert.match(checkValue(interval, '0') ?? '', /^At least 1s\.$/);
  assert.match(checkValue(interval, '2h') ?? '', /^At most 1h\.$/);
  const retention = field('retention', { minimum: 3600, maximum: 14 * 86_400 });
  assert.match(checkValue(retention, '59m') ?? '', /^At least 1h\.$/);
  assert.match(checkValue(retention, '3w') ?? '', /^At most 2w\.$/);
  for (const value of ['60m', '14d', '0']) assert.equal(checkValue(retention, value), undefined);
});

test('a message never repeats a secret', () => {
  const secret = 'a secret with spaces';
  assert.ok(!(checkValue(field('token', { isSecret: true }), secret) ?? '').includes('secret with'));
});

const token = field('token', { isSecret: true });

test('a paste is cleaned, and what was removed is said', () => {
  const cases: readonly (readonly [TemplateField, string, string, number])[] = [
    [token, 'abc.def', 'abc.def', 0],
    [token, 'abc.def\n', 'abc.def', 1],
    [token, '  abc\n  def \r\n', 'abcdef', 2],
    [token, 'Bearer abc', 'abc', 1],
    [token, 'Authorization: Bearer abc', 'abc', 1],
    [token, '"Bearer abc"\n', 'abc', 3],
    [token, '\x1b[200~abc\x1b[201~', 'abc', 1],
    [token, '[200~abc[201~', 'abc', 1],
    [token, '\x1b]0;title\x07a\x1b[31mb\x1b[0mc\x07', 'abc', 1],
    [token, 'HA_TOKEN="abc"', 'abc', 2],
    [token, 'export HA_TOKEN=abc', 'abc', 1],
    [token, '\u201cabc\u201d', 'abc', 1],
    [token, '\ufeffabc\u200b', 'abc', 1],
    [field('text'), 'Las\nVegas', 'Las Vegas', 1],
    [field('text'), 'Bearer of news', 'Bearer of news', 0],
    [field('url'), ' http://a:8123/ \n', 'http://a:8123/', 1],
  ];
  for (const [to, text, value, notes] of cases) {
    const cleaned = cleanPaste(to, text);
    assert.equal(cleaned.value, value, JSON.stringify(text));
    assert.equal(cleaned.notes.length, notes, JSON.stringify(cleaned.notes));
  }
});

test('a cleaned paste holds nothing that a terminal would act on', () => {
  const piece = fc.constantFrom(
    '\x1b',
    '[200~',
    '\x1b[31m',
    '"',
    "'",
    'Bearer ',
    'HA_TOKEN=',
    '\n',
    ' ',
    'abc',
    '\x07',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 8 }), parts => {
      const { value } = cleanPaste(token, parts.join(''));
      assert.doesNotMatch(value, /[\x00-\x1f\x7f]/);
      assert.equal(value, value.trim());
    }),
    { numRuns: 2000 },
  );
});

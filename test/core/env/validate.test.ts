import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cleanPaste } from '../../../src/core/env/clean-paste.ts';
import { type FieldType, fieldTypes, type TemplateField } from '../../../src/core/env/template-field.ts';
import { checkValue } from '../../../src/core/env/validate.ts';

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

const good: Readonly<Record<FieldType, readonly string[]>> = {
  text: ['anything at all', 'Las Vegas', '$"\''],
  url: [
    'http://192.168.1.20:8123',
    'https://ha.example/path',
    'ws://x/api',
    'mqtt://b:1883',
    'http://[::1]:80',
  ],
  token: ['eyJ0.eyJp-_.x', '=='],
  path: ['/backups', './data', '..', '.'],
  port: ['1', '65535', '8123'],
  duration: ['7d', '1d12h', '30m', '0'],
  integer: ['-1', '0', '24'],
  number: ['1.5', '-0.25', '.5'],
  choice: ['json', 'text'],
  boolean: ['true', 'false'],
  'time-zone': ['UTC', 'Europe/Amsterdam'],
  latitude: ['52.37', '-90', '90'],
  longitude: ['-180', '4.9'],
};
const bad: Readonly<Record<FieldType, readonly (readonly [string, RegExp])[]>> = {
  text: [
    ['two\nlines', /control/],
    [' padded', /spaces at its ends/],
    ['\ud800', /half a character/],
  ],
  url: [
    ['192.168.1.20:8123', /starts with http/],
    ['http://a b', /no spaces/],
    ['http://x:99999', /99999 is no port/],
    ['http://', /not an address/],
  ],
  token: [['two words', /no spaces/]],
  path: [
    ['~/data', /in full/],
    ['data', /starts with/],
  ],
  port: [
    ['0', /Between 1 and 65535/],
    ['70000', /Between/],
    ['80a', /whole number/],
  ],
  duration: [
    ['7', /unit/],
    ['7 d', /unit/],
  ],
  integer: [['1.5', /whole number/]],
  number: [['1,5', /With a dot: 1\.5/]],
  choice: [['jsn', /did you mean json/]],
  boolean: [['yes', /true or false/]],
  'time-zone': [['Amsterdam', /Europe\/Amsterdam/]],
  latitude: [
    ['91', /Between -90 and 90/],
    ['52,37', /52\.37/],
  ],
  longitude: [['181', /Between -180 and 180/]],
};

for (const type of fieldTypes) {
  test(`${type}: takes what is right and says what is wrong with the rest`, () => {
    for (const value of ['', ...good[type]]) assert.equal(checkValue(field(type), value), undefined, value);
    for (const [value, message] of bad[type])
      assert.match(checkValue(field(type), value) ?? '', message, value);
  });
}

test('bounds of the field win', () => {
  assert.match(checkValue(field('integer', { minimum: -1 }), '-2') ?? '', /At least -1/);
  assert.match(checkValue(field('integer', { maximum: 5 }), '6') ?? '', /At most 5/);
  assert.match(checkValue(field('port', { minimum: 1024 }), '80') ?? '', /Between 1024 and 65535/);
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

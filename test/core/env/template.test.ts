import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { deriveKeys } from '../../../src/core/env/derive.ts';
import { parseTemplate } from '../../../src/core/env/template.ts';
import { UserError } from '../../../src/core/error.ts';

const header = '#! homeiq template version 3 for test';
const template = (...lines: readonly string[]): string =>
  [header, '# About it.', '', ...lines, ''].join('\n');

/** The number of the line and what is said of it. */
function refusal(text: string): string {
  try {
    parseTemplate(text);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  }
  return 'accepted';
}

describe('parseTemplate', () => {
  test('reads fields under their headings, with every word of the annotation', () => {
    const parsed = parseTemplate(
      template(
        '## Home',
        '',
        '# First line.',
        '#',
        '# Third line.',
        '#: "Address" url mode required',
        'HA_HTTP_URL=',
        '',
        '# A port.',
        '#: "Port" port shared advanced min=1024 max=2048',
        'PORT="1100"',
        '## Other',
        '# Made here.',
        '#: "Key" token shared secret generated required',
        'KEY=',
        '# One of two.',
        '#: "Level" choice mode choices=a,b',
        'LEVEL=b',
        '# Follows.',
        '#: "WebSocket" text mode fixed from=HA_HTTP_URL',
        'HA_WS_URL=',
        '# Lets it start.',
        '#: "Stand-in" text mode secret placeholder',
        "STAND_IN='a #b'",
      ),
    );
    assert.equal(parsed.version, 3);
    assert.equal(parsed.mode, 'test');
    assert.deepEqual(parsed.sections, ['Home', 'Other']);
    assert.deepEqual(parsed.fields[0], {
      key: 'HA_HTTP_URL',
      section: 'Home',
      label: 'Address',
      help: ['First line.', '', 'Third line.'],
      type: 'url',
      defaultValue: '',
      scope: 'mode',
      isRequired: true,
      isSecret: false,
      isGenerated: false,
      isAdvanced: false,
      isFixed: false,
      isPlaceholder: false,
      choices: [],
      minimum: undefined,
      maximum: undefined,
    });
    const [, port, key, level, webSocket, standIn] = parsed.fields;
    assert.deepEqual(
      [port?.defaultValue, port?.minimum, port?.maximum, port?.isAdvanced],
      ['1100', 1024, 2048, true],
    );
    assert.deepEqual([key?.section, key?.isSecret, key?.isGenerated], ['Other', true, true]);
    assert.deepEqual([level?.choices, level?.defaultValue], [['a', 'b'], 'b']);
    assert.equal(webSocket?.derivedFrom, 'HA_HTTP_URL');
    assert.deepEqual([standIn?.isPlaceholder, standIn?.defaultValue], [true, 'a #b']);
  });

  test('reads a file with Windows line ends', () => {
    const text = template('## A', '# h', '#: "K" text mode', 'K=v').replaceAll('\n', '\r\n');
    assert.equal(parseTemplate(text).fields[0]?.defaultValue, 'v');
  });

  test('every fault is named with its line', () => {
    const at = (...lines: readonly string[]): string => refusal(template('## A', ...lines));
    assert.match(refusal(''), /line 1: expected "#! homeiq template/);
    assert.match(refusal(header.replace('test', 'prodution')), /line 1: expected/);
    assert.match(
      refusal(`${header}\n# h\n#: "K" text mode\nK=`),
      /line 4: K stands before the first ## heading/,
    );
    assert.match(at('# h', 'K='), /line 6: K has no #: line above it/);
    assert.match(at('#: "K" text mode', 'K='), /line 6: K has no comment for people/);
    assert.match(at('# h', '#: K text mode', 'K='), /line 6: expected #: "Label"/);
    assert.match(at('# h', '#: "K" mode', 'K='), /line 6: no type/);
    assert.match(at('# h', '#: "K" text', 'K='), /line 6: no scope/);
    assert.match(
      at('# h', '#: "K" text mode requird', 'K='),
      /line 6: unknown word "requird" \(required\?\)/,
    );
    assert.match(at('# h', '#: "K" text url mode', 'K='), /line 6: "url" is one word too many of its kind/);
    assert.match(at('# h', '#: "K" text mode secret secret', 'K='), /line 6: "secret" is one word too many/);
    assert.match(at('# h', '#: "K" integer mode min=x', 'K='), /line 6: "x" is no number/);
    assert.match(at('# h', '#: "K" choice mode', 'K='), /line 6: a choice, and nothing else, has choices/);
    assert.match(at('# h', '#: "K" text mode choices=a,b', 'K='), /line 6: a choice, and nothing else/);
    assert.match(at('# h', '#: "K" choice mode choices=a,b', 'K=c'), /line 7: the value of K is none/);
    assert.match(at('# h', '#: "K" token mode secret', 'K=hunter2'), /line 7: K is a secret and has a value/);
    assert.doesNotMatch(at('# h', '#: "K" token mode secret', 'K=hunter2'), /hunter2/);
    assert.match(
      at('# h', '#: "K" text mode from=B', 'K='),
      /line 6: a value that follows another key is fixed/,
    );
    assert.match(at('# h', '#: "K" text mode', 'K=$OTHER'), /line 7: expected a comment or KEY=value/);
    assert.match(at('# h', '#: "K" text mode', 'no assignment'), /line 7: expected a comment or KEY=value/);
    assert.match(
      at('# h', '#: "K" text mode', 'K=', '# h', '#: "K" text mode', 'K='),
      /line 10: K is there twice/,
    );
    assert.match(at('# h', '#: "K" text mode', '', 'K='), /line 7: the #: line above has no key/);
    assert.match(at('# h', '#: "K" text mode', '#: "L" text mode'), /line 7: the #: line above has no key/);
    assert.match(at('# h', '#: "K" text mode', '# more'), /line 7: a comment stands above its #: line/);
    assert.match(at('# h', '#: "K" text mode'), /the #: line above has no key/);
  });

  test('any text is either a template or a UserError', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(header, '## A', '# h', '#: "K" text mode', 'K=', '#:', '#: ""', 'K="', '#!', "K='"),
    );
    fc.assert(
      fc.property(fc.array(line), lines => {
        refusal([header, ...lines].join('\n'));
      }),
      { numRuns: 500 },
    );
  });
});

describe('deriveKeys', () => {
  const webSocket = (address: string | undefined): string =>
    deriveKeys(address === undefined ? {} : { HA_HTTP_URL: address }).HA_WS_URL;

  test('follows the address of Home Assistant', () => {
    assert.equal(webSocket('http://ha:8123'), 'ws://ha:8123/api/websocket');
    assert.equal(webSocket('https://home.example.org/'), 'wss://home.example.org/api/websocket');
    assert.equal(webSocket(' HTTPS://h/ha// '), 'wss://h/ha/api/websocket');
    assert.equal(webSocket('http://[fd00::1]:8123'), 'ws://[fd00::1]:8123/api/websocket');
  });

  test('is empty without one', () => {
    for (const address of [undefined, '', 'ha:8123', 'ftp://ha', 'http://', 'http://a b']) {
      assert.equal(webSocket(address), '');
    }
  });
});

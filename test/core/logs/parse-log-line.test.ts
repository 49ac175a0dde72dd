import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { createEntryMaker } from '../../../src/core/logs/log-entry.ts';
import { longestTextChars, parseLogLine } from '../../../src/core/logs/parse-log-line.ts';
import { attacks } from './log-fixtures.ts';

test('the level is found in the forms that services write, and the time they put before it is left out', () => {
  const cases: readonly (readonly [line: string, level: string | undefined, text: string])[] = [
    [
      '2026-01-05 12:00:00,123 - data_api - WARNING - slow answer',
      'warn',
      'data_api - WARNING - slow answer',
    ],
    [
      'INFO:     127.0.0.1:1 - "GET / HTTP/1.1" 200 OK',
      'info',
      'INFO:     127.0.0.1:1 - "GET / HTTP/1.1" 200 OK',
    ],
    [
      '2026-01-05 12:00:00.123 ERROR (MainThread) [homeassistant.core] Timer',
      'error',
      'ERROR (MainThread) [homeassistant.core] Timer',
    ],
    ['2026/01/05 12:00:00 [error] 7#7: *1 open() failed', 'error', '[error] 7#7: *1 open() failed'],
    ['2026-01-05 12:00:00.000 | DEBUG    | app:main:3 - hello', 'debug', 'DEBUG    | app:main:3 - hello'],
    [
      'ts=2026-01-05T12:00:00.000000Z lvl=info msg="Open store" log_id=0x',
      'info',
      'lvl=info msg="Open store" log_id=0x',
    ],
    ['E0105 12:00:00.000000 1 main.go:5] boom', 'error', 'E0105 12:00:00.000000 1 main.go:5] boom'],
    ['warn: Microsoft.Hosting[0]', 'warn', 'warn: Microsoft.Hosting[0]'],
    ['Traceback (most recent call last):', 'error', 'Traceback (most recent call last):'],
    ['ValueError: no such thing', 'error', 'ValueError: no such thing'],
    ['12 events without an error', undefined, '12 events without an error'],
    ['2026-01-05 12:00:00', undefined, '2026-01-05 12:00:00'],
    ['', undefined, ''],
  ];
  for (const [line, level, text] of cases) {
    const parsed = parseLogLine(line);
    assert.deepEqual([parsed.level, parsed.text], [level, text], line);
  }
});

test('a line of JSON reads as its level, its message and its fields, with the stack at the end', () => {
  const read = (value: unknown): string => parseLogLine(JSON.stringify(value)).text;
  assert.equal(
    read({
      timestamp: '2026-01-05T12:00:00Z',
      level: 'WARNING',
      stack: 'a\n  b',
      message: 'slow',
      ms: 412,
      path: '/a b',
    }),
    'WARN slow ms=412 path="/a b" stack="a | b"',
  );
  assert.equal(
    read({ level: 50, time: 1, msg: 'boom', req: { id: 7 }, gone: null }),
    'ERROR boom req={"id":7}',
  );
  assert.equal(read({ levelname: 'NOTE', event: 'started', logger: 'main' }), 'NOTE started logger=main');
  assert.equal(read({ a: 1, b: 'x=y' }), 'a=1 b="x=y"');
  assert.equal(parseLogLine('{"half":').text, '{"half":');
  assert.equal(parseLogLine('[1,2]').text, '[1,2]');
  assert.equal(parseLogLine('{}').text, '');
});

test('the lines of a stack have the level of the line that they go on', () => {
  const make = createEntryMaker('data-api');
  const levels = ['ERROR it broke', '  File "a.py", line 3', 'plain', '  indented'].map(
    (text, index) => make(index, { at: undefined, stream: 'stderr', text }).level,
  );
  assert.deepEqual(levels, ['error', 'error', undefined, undefined]);
});

test('no attack on the terminal is left in a line, and what it says is still there', () => {
  for (const [name, line] of Object.entries(attacks)) {
    const startedMs = performance.now();
    const { text } = createEntryMaker('data-api')(1, { at: undefined, stream: 'stdout', text: line });
    assert.doesNotMatch(
      text,
      /[\x00-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/,
      name,
    );
    assert.doesNotMatch(text, /\p{Mark}{7}/u, name);
    assert.equal(Buffer.from(text).toString(), text, name);
    assert.ok(text.length < longestTextChars + 50, name);
    assert.match(text, line.length > 100_000 ? /\[\d+ characters more\]$/ : /end$/, name);
    assert.ok(performance.now() - startedMs < 500, `${name} took ${performance.now() - startedMs} ms`);
  }
});

test('whatever comes in, a line is one harmless line', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.object().map(each => JSON.stringify(each)),
  );
  fc.assert(
    fc.property(value, line => {
      assert.doesNotMatch(parseLogLine(line).text, /[\x00-\x1f\x7f-\x9f\u2028-\u202e]/);
    }),
    { numRuns: 100 },
  );
});

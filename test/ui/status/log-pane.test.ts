import assert from 'node:assert/strict';
import process from 'node:process';
import test from 'node:test';
import { idleLog, type LogState } from '../../../src/app/monitor/log-follower.ts';
import { firstLogView, type LogView, reduceLogView } from '../../../src/app/monitor/log-view.ts';
import { createEntryMaker } from '../../../src/core/logs/log-entry.ts';
import { textBuffer } from '../../../src/core/text/text-buffer.ts';
import { composeScreen } from '../../../src/ui/present/compose-screen.ts';
import { lineWidth } from '../../../src/ui/present/format.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import { logBody, logHead } from '../../../src/ui/present/log-pane.ts';
import { lineText } from '../../../src/ui/present/tone.ts';
import { attacks, logStartMs, makeEntry } from '../../core/logs/log-fixtures.ts';

process.env.TZ = 'Europe/Zurich';

const small = { columns: 40, rows: 12, glyphs: unicodeGlyphs };
const wide = { columns: 80, rows: 24, glyphs: unicodeGlyphs };
const full: LogView = { ...firstLogView, isFull: true };

const logOf = (texts: readonly string[], change: Partial<LogState> = {}): LogState => ({
  ...idleLog,
  target: { kind: 'services', names: ['data-api'] },
  phase: 'following',
  lines: texts.map((text, index) => makeEntry({ id: index + 1, text })),
  ...change,
});
const numbers = logOf(Array.from({ length: 40 }, (_, index) => `event ${index + 1}`));
const body = (logs: LogState, view: LogView, room: number, viewport = wide): readonly string[] =>
  logBody(logs, view, logStartMs, room, viewport).map(lineText);

test('no attack in a log reaches the terminal or breaks the drawing, cut or wrapped', () => {
  for (const [name, line] of Object.entries(attacks)) {
    const make = createEntryMaker('data\x1b[2J-api');
    const entry = make(1, { at: '2026-01-05T12:00:00.000000000Z', stream: 'stdout', text: line });
    const logs = logOf([], { target: { kind: 'all' }, lines: [entry] });
    for (const isWrapped of [false, true]) {
      for (const viewport of [small, wide, { ...small, glyphs: asciiGlyphs }]) {
        const view = { ...full, isWrapped };
        const lines = composeScreen(
          {
            title: [],
            head: logHead(logs, view, viewport),
            body: logBody(logs, view, logStartMs, 8, viewport),
            foot: [],
            footer: [],
          },
          viewport,
        );
        assert.equal(lines.length, viewport.rows, name);
        for (const each of lines) {
          assert.doesNotMatch(lineText(each), /[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f]/, name);
          assert.ok(lineWidth(each) <= viewport.columns, name);
        }
      }
    }
  }
});

test('times are local, UTC or not there; another day is said', () => {
  const times = (view: Partial<LogView>, viewport = wide): string | undefined =>
    body(logOf(['x']), { ...full, ...view }, 5, viewport)[0];
  assert.equal(times({}), '13:00:01 x');
  assert.equal(times({ times: 'utc' }), '12:00:01Z x');
  assert.equal(times({ times: 'off' }), 'x');
  assert.equal(times({}, small), 'x');
  assert.equal(times({ times: 'local' }, small), '13:00:01 x');
  const later = logBody(logOf(['x']), full, logStartMs + 86_400_000, 5, wide).map(lineText);
  assert.deepEqual(later, ['01-05 13:00:01 x']);
});

test('a long line is cut, or wrapped without losing anything; what was searched for is set off', () => {
  const text = `${'abcdefghi '.repeat(12)}needle`;
  const wrapped = { ...full, isWrapped: true, times: 'off' as const };
  const lines = body(logOf([text]), wrapped, 10, small);
  assert.equal(lines.map((each, index) => (index === 0 ? each : each.slice(2))).join(''), text);
  const searched = reduceLogView(
    reduceLogView(wrapped, { kind: 'log-edit-search', edit: { kind: 'insert', text: 'NEEDLE' } }, numbers),
    { kind: 'log-keep-search' },
    logOf([text]),
  );
  const spans = logBody(logOf([text]), searched, logStartMs, 10, small).flat();
  assert.equal(
    spans
      .filter(({ tone }) => tone === 'match')
      .map(each => each.text)
      .join(''),
    'needle',
  );
  assert.equal(body(logOf([text]), { ...full, times: 'off' }, 10, small).length, 1);
});

test('a search goes to the newest, then back in time and around; the found line is always in sight', () => {
  const search = (view: LogView, kind: 'log-keep-search') => reduceLogView(view, { kind }, numbers);
  const typed = reduceLogView(
    full,
    { kind: 'log-edit-search', edit: { kind: 'insert', text: 'event 1' } },
    numbers,
  );
  let view = search(typed, 'log-keep-search');
  const seen: (number | undefined)[] = [view.found];
  for (let count = 0; count < 11; count += 1) {
    view = reduceLogView(view, { kind: 'log-find', towards: 'up' }, numbers);
    seen.push(view.found);
    const pointed = body(numbers, view, 6).filter(text => text.startsWith('❯'));
    assert.deepEqual(pointed.length, 1, `${view.found}`);
  }
  assert.deepEqual(seen, [19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 1, 19]);
  view = reduceLogView(view, { kind: 'log-find', towards: 'down' }, numbers);
  assert.equal(view.found, 1);
  assert.match(lineText(logHead(numbers, view, wide)[1] ?? []), /"event 1" 1 of 11/);
  const nothing = reduceLogView(
    full,
    { kind: 'log-edit-search', edit: { kind: 'insert', text: 'xyz' } },
    numbers,
  );
  assert.equal(search(nothing, 'log-keep-search').bottom, undefined);
  assert.match(lineText(logHead(numbers, nothing, wide)[1] ?? []), /"xyz" is not there/);
});

test('a search that no line has says so and how to end it; an empty log says why it is empty', () => {
  const asked = (isSearching: boolean): LogView => ({ ...full, search: textBuffer('xyz'), isSearching });
  for (const viewport of [small, wide]) {
    const head = (view: LogView): string => lineText(logHead(numbers, view, viewport)[1] ?? []);
    assert.match(head(asked(true)), /^Search xyz. +no line$/);
    assert.equal(head(asked(false)), '"xyz" is not there (/ esc: no search)');
    assert.doesNotMatch(head({ ...asked(true), search: textBuffer('event') }), /no line/);
    assert.doesNotMatch(head({ ...asked(true), search: textBuffer('') }), /no line/);
    const below = (logs: LogState): string => body(logs, { ...full, level: 'error' }, 5, viewport).join(' ');
    assert.match(below(numbers), /No line is of this level\. v shows the others\./);
    assert.match(below(logOf([])), /Nothing has been logged yet\./);
    assert.equal(below(logOf([], { phase: 'loading' })), '');
  }
});

test('a level leaves out what is less; the place where one looks stays', () => {
  const lines = Array.from({ length: 30 }, (_, index) =>
    makeEntry({ id: index + 1, level: index % 10 === 0 ? 'error' : 'debug', text: `event ${index + 1}` }),
  );
  const logs = logOf([], { lines });
  const errors: LogView = { ...full, level: 'error', times: 'off' };
  assert.deepEqual(body(logs, errors, 10), ['event 1', 'event 11', 'event 21']);
  assert.deepEqual(body(logs, { ...errors, bottom: 15 }, 2), ['event 1', 'event 11']);
  const levels = [full.level];
  let view = full;
  for (let count = 0; count < 4; count += 1) {
    view = reduceLogView(view, { kind: 'log-level' }, logs);
    levels.push(view.level);
  }
  assert.deepEqual(levels, [undefined, 'info', 'warn', 'error', undefined]);
});

test('what is held, what is let go and why nothing comes is said', () => {
  const head = (logs: LogState, view: LogView): string => logHead(logs, view, wide).map(lineText).join('\n');
  assert.match(
    head(logOf(['a', 'b'], { heldCount: 1_234 }), { ...full, bottom: 1 }),
    /paused, 1235 newer below/,
  );
  assert.match(head(logOf(['a'], { droppedCount: 595_000 }), full), /595,000 older lines let go/);
  const gone = logOf([], { phase: 'waiting', problem: 'data-api has no container.' });
  assert.match(head(gone, full), /data-api has no container\.$/m);
});

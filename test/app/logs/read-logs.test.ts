import assert from 'node:assert/strict';
import test from 'node:test';
import { followLogs, type LogRequest, readPastLogs } from '../../../src/app/logs/read-logs.ts';
import { createEntryMaker } from '../../../src/core/logs/log-entry.ts';
import type { Engine, LogLine } from '../../../src/ports/engine.ts';
import { toJsonLine } from '../../../src/ui/json/escape.ts';
import { logDocument } from '../../../src/ui/json/log-line.ts';
import { logTime, plainLogLine } from '../../../src/ui/plain/log-line.ts';
import { attacks } from '../../core/logs/log-fixtures.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 5, 12, 0, second)).toISOString();
const all: LogRequest = { services: ['a', 'b'], count: undefined, sinceMs: undefined, isWanted: undefined };

type Options = Parameters<Engine['logs']>[1];

/** An engine with one container a service; what its logs hold is a list that a test adds to. */
function setUp(logs: Readonly<Record<string, readonly LogLine[]>>) {
  const clock = createManualClock();
  const over = new AbortController();
  const asked: Omit<Options, 'signal'>[] = [];
  const engine = {
    containers: async () => Object.keys(logs).map(service => ({ id: `id-${service}`, service })),
    logs: async function* (id: string, { signal, ...options }: Options) {
      asked.push(options);
      const lines = logs[id.slice(3)] ?? [];
      const since = lines.filter(line => Date.parse(line.at ?? '') >= (options.sinceMs ?? 0));
      let next = Math.max(0, since.length - options.tail);
      for (; next < since.length; next += 1) yield since[next] as LogLine;
      if (options.follow) await clock.sleep(500, signal).catch(() => undefined);
    },
  } as unknown as Engine;
  return { reading: { engine, clock, project: 'homeiq', signal: over.signal }, clock, over, asked };
}

const line = (second: number, text: string): LogLine => ({ at: at(second), stream: 'stdout', text });

async function texts(stream: AsyncIterable<{ readonly entry: { readonly text: string } }>) {
  const found: string[] = [];
  for await (const { entry } of stream) found.push(entry.text);
  return found;
}

const logs = {
  a: [line(1, 'a1'), line(4, 'a4 ERROR'), line(6, 'a6')],
  b: [line(2, 'b2 ERROR'), line(3, 'b3'), line(5, 'b5')],
};

test('past logs are one list in the order of time; the number is of each service, and of what is wanted', async () => {
  const { reading, asked } = setUp(logs);
  assert.deepEqual(await texts(readPastLogs(reading, all)), ['a1', 'b2 ERROR', 'b3', 'a4 ERROR', 'b5', 'a6']);
  assert.deepEqual(await texts(readPastLogs(reading, { ...all, count: 1 })), ['b5', 'a6']);
  assert.equal(asked.at(-1)?.tail, 1);
  const isWanted: LogRequest['isWanted'] = ({ level }) => level === 'error';
  assert.deepEqual(await texts(readPastLogs(reading, { ...all, count: 1, isWanted })), [
    'b2 ERROR',
    'a4 ERROR',
  ]);
  const sinceMs = Date.parse(at(4));
  assert.deepEqual(await texts(readPastLogs(reading, { ...all, sinceMs })), ['a4 ERROR', 'b5', 'a6']);
  assert.deepEqual(await texts(readPastLogs(reading, { ...all, count: 0, isWanted })), []);
});

test('what comes is followed through ends of the stream, in order, nothing twice and nothing left out', async () => {
  const growing = { a: [line(1, 'a1'), line(4, 'a4')], b: [line(2, 'b2')] };
  const { reading, clock, over } = setUp(growing);
  const seen: string[] = [];
  const last = new Map([['a', at(1)]]);
  const following = (async () => {
    for await (const { entry } of followLogs(reading, all, { startedMs: 0, last })) seen.push(entry.text);
  })();
  await clock.advance(300);
  assert.deepEqual(seen, ['b2', 'a4']);
  growing.a.push(line(7, 'a7'));
  growing.b.push(line(6, 'b6'));
  await clock.advance(2_500);
  assert.deepEqual(seen, ['b2', 'a4', 'b6', 'a7']);
  over.abort();
  await following;
  assert.equal(clock.sleeperCount(), 0);
});

test('who reads slowly makes the engine wait: a flood is neither held in memory nor cut', async () => {
  const flood = { a: Array.from({ length: 20_000 }, (_, index) => line(1, `a${index}`)) };
  const { reading, clock, over } = setUp(flood);
  const stream = followLogs(reading, { ...all, services: ['a'] }, { startedMs: 0, last: new Map() });
  let count = 0;
  const following = (async () => {
    for await (const { entry } of stream) {
      assert.equal(entry.text, `a${count}`);
      count += 1;
    }
  })();
  await clock.advance(300);
  assert.ok(count > 0 && count <= 10_000, `${count} in the first step`);
  await clock.advance(1_200);
  assert.equal(count, 20_000);
  over.abort();
  await following;
});

test('no attack in a log reaches a terminal as a line or as JSON, and JSON keeps all of it', () => {
  for (const [name, text] of Object.entries(attacks)) {
    const entry = createEntryMaker('a\x1b[2J')(1, { at: at(1), stream: 'stderr', text });
    assert.doesNotMatch(
      plainLogLine(entry, true),
      /[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f]/,
      name,
    );
    const json = toJsonLine(logDocument(entry, text));
    assert.doesNotMatch(json, /[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069]/, name);
    assert.equal(JSON.parse(json).line, text, name);
  }
});

test('times are ISO 8601, in UTC or with the offset of this place', () => {
  const before = process.env.TZ;
  process.env.TZ = 'America/St_Johns';
  try {
    assert.equal(logTime(Date.UTC(2026, 0, 5, 12), true), '2026-01-05T12:00:00.000Z');
    assert.equal(logTime(Date.UTC(2026, 0, 5, 12), false), '2026-01-05T08:30:00.000-03:30');
    process.env.TZ = 'Asia/Kathmandu';
    assert.equal(logTime(Date.UTC(2026, 0, 5, 12), false), '2026-01-05T17:45:00.000+05:45');
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { tellHappenings } from '../../../src/core/status/happenings.ts';
import { reduceStatus, type StatusInput } from '../../../src/core/status/reduce-status.ts';
import { eventLimit, eventsSinceMs, type StatusEvent } from '../../../src/core/status/status-state.ts';
import { happeningText, happeningTone } from '../../../src/ui/present/event-words.ts';
import { engineEvent, goodContainers, makeContainer, makeStatus, startMs } from './status-fixtures.ts';

type Seen = readonly [atMs: number, what: StatusEvent['what']['kind'], exitCode?: number];

const toEvent = (service: string, [atMs, kind, exitCode]: Seen): StatusEvent => ({
  atMs,
  service,
  what: kind === 'ended' ? { kind, exitCode } : { kind },
});
const told = (...seen: readonly Seen[]) =>
  tellHappenings(
    seen.map(each => toEvent('data-api', each)),
    () => 1024,
  );
const words = (...seen: readonly Seen[]) => told(...seen).map(happeningText);

test('an end, the kill before it, the start and the health after it are one sentence', () => {
  const story: readonly Seen[] = [
    [1_000, 'out-of-memory'],
    [1_020, 'out-of-memory'],
    [1_100, 'ended', 137],
    [2_300, 'started'],
    [8_400, 'healthy'],
  ];
  const growing = story.map((_, index) => words(...story.slice(0, index + 1)));
  assert.deepEqual(growing, [
    ['data-api goes on, but a process in it was killed for memory at 1024 MiB'],
    ['data-api goes on, but a process in it was killed for memory at 1024 MiB'],
    ['data-api ended, exit 137, killed for memory at 1024 MiB'],
    ['data-api restarted, exit 137, killed for memory at 1024 MiB, away 1 s'],
    ['data-api restarted, exit 137, killed for memory at 1024 MiB, away 1 s, healthy after 6 s'],
  ]);
  assert.deepEqual(
    told(...story).map(({ atMs, lastAtMs }) => [atMs, lastAtMs]),
    [[1_100, 8_400]],
  );
  assert.equal(told(...story).map(happeningTone)[0], 'bad');
});

test('each kind of event has its sentence', () => {
  assert.deepEqual(words([0, 'created']), ['data-api was created']);
  assert.deepEqual(words([0, 'created'], [500, 'started'], [3_500, 'healthy']), [
    'data-api was created and started, healthy after 3 s',
  ]);
  assert.deepEqual(words([0, 'started']), ['data-api started']);
  assert.deepEqual(words([0, 'ended', 143]), ['data-api ended, exit 143 (asked to end)']);
  assert.deepEqual(words([0, 'ended', 137]), ['data-api ended, exit 137 (killed)']);
  assert.deepEqual(words([0, 'ended', 0], [300_000, 'started']), ['data-api restarted, exit 0, away 5 min']);
  assert.deepEqual(words([0, 'ended', 143], [100, 'removed']), [
    'data-api was removed, exit 143 (asked to end)',
  ]);
  assert.deepEqual(words([0, 'removed']), ['data-api was removed']);
  assert.deepEqual(words([0, 'unhealthy'], [40_000, 'healthy']), [
    'data-api is unhealthy',
    'data-api is healthy again after 40 s',
  ]);
  assert.deepEqual(words([0, 'paused'], [9, 'unpaused']), ['data-api was paused', 'data-api goes on']);
  const engine = (['engine-gone', 'engine-back'] as const).map(
    (kind): StatusEvent => ({ atMs: 1, service: undefined, what: { kind } }),
  );
  assert.deepEqual(tellHappenings(engine, () => undefined).map(happeningText), [
    'Docker stopped answering',
    'Docker answers again',
  ]);
});

test('whichever way a container is replaced, it is told as one thing', () => {
  const expected = ['data-api was recreated, exit 143 (asked to end), away 2 s'];
  // Compose makes the new one first; a switch of modes removes the old one before.
  assert.deepEqual(
    words([0, 'created'], [1_000, 'ended', 143], [1_500, 'removed'], [3_000, 'started']),
    expected,
  );
  assert.deepEqual(
    words([1_000, 'ended', 143], [1_500, 'removed'], [2_000, 'created'], [3_000, 'started']),
    expected,
  );
});

test('a container that cannot stay up is told once, with how often; another way to end is told by itself', () => {
  const loop = (from: number, exitCode: number): readonly Seen[] => [
    [from, 'ended', exitCode],
    [from + 2_000, 'started'],
  ];
  assert.deepEqual(words(...loop(0, 1), ...loop(10_000, 1), ...loop(60_000, 1), ...loop(70_000, 2)), [
    'data-api restarted 3 times in 62 s, exit 1, last away 2 s',
    'data-api restarted, exit 2, away 2 s',
  ]);
  // Once it was healthy, the next end is another story.
  assert.equal(words(...loop(0, 1), [3_000, 'healthy'], ...loop(10_000, 1)).length, 2);
});

test('services do not get into each other’s stories, and no event makes two', () => {
  const seen: fc.Arbitrary<StatusEvent> = fc
    .tuple(
      fc.constantFrom('a', 'b'),
      fc.constantFrom(
        'created' as const,
        'started' as const,
        'ended' as const,
        'removed' as const,
        'healthy' as const,
        'unhealthy' as const,
        'out-of-memory' as const,
      ),
      fc.constantFrom(0, 1, 137),
    )
    .map(([service, kind, exitCode]) => toEvent(service, [0, kind, exitCode]));
  fc.assert(
    fc.property(fc.array(seen, { maxLength: 60 }), list => {
      const events = list.map((event, index) => ({ ...event, atMs: index * 700 }));
      const happenings = tellHappenings(events, () => undefined);
      assert.ok(happenings.length <= events.length);
      const alone = tellHappenings(
        events.filter(({ service }) => service === 'a'),
        () => undefined,
      );
      assert.deepEqual(
        happenings.filter(({ service }) => service === 'a'),
        alone,
      );
      for (const { atMs, lastAtMs } of happenings) assert.ok(atMs <= lastAtMs);
    }),
  );
});

const listed = (atMs: number, wasKilledForMemory = false): StatusInput => ({
  kind: 'listed',
  atMs,
  containers: goodContainers.map(container =>
    container.service === 'data-api'
      ? makeContainer('data-api', { state: 'restarting', exitCode: 137, wasKilledForMemory })
      : container,
  ),
});

test('a kill that has no event of its own is known from the container', () => {
  const state = [
    engineEvent(startMs, 'die', 137),
    listed(startMs + 100, true),
    listed(startMs + 400, true),
  ].reduce(reduceStatus, makeStatus());
  assert.deepEqual(tellHappenings(state.events, () => 640).map(happeningText), [
    'data-api ended, exit 137, killed for memory at 640 MiB',
  ]);
});

test('what a container tells of its last end is there from the first look, until the engine itself tells it better', () => {
  const at = (ms: number): string => new Date(startMs + ms).toISOString();
  const containers = [
    makeContainer('data-api', { endedAt: at(-61_000), startedAt: at(-60_000), restartCount: 1 }),
    makeContainer('influxdb', {
      state: 'exited',
      exitCode: 137,
      wasKilledForMemory: true,
      startedAt: at(-9_000_000),
      endedAt: at(-7_200_000),
    }),
    makeContainer('openvino-service', { startedAt: at(-60_000) }),
  ];
  const first = reduceStatus(makeStatus(), { kind: 'listed', atMs: startMs, containers });
  const sentences = (state: typeof first) => tellHappenings(state.events, () => 2048).map(happeningText);
  assert.deepEqual(sentences(first), [
    'influxdb ended, exit 137, killed for memory at 2048 MiB',
    'data-api restarted, away 1 s',
  ]);
  assert.equal(eventsSinceMs(first), startMs, 'it is not all that happened since then');
  const again = reduceStatus(first, { kind: 'listed', atMs: startMs + 500, containers });
  assert.deepEqual(again.events, first.events);
  const told = [engineEvent(startMs - 61_004, 'die', 3), engineEvent(startMs - 59_990, 'start')].reduce(
    reduceStatus,
    first,
  );
  assert.deepEqual(sentences(told), [
    'influxdb ended, exit 137, killed for memory at 2048 MiB',
    'data-api restarted, exit 3, away 1 s',
  ]);
});

test('what the engine still knew of before takes its place in time, once, and says since when', () => {
  const state = [
    listed(startMs),
    engineEvent(startMs + 500, 'start'),
    engineEvent(startMs - 60_000, 'die', 1),
    engineEvent(startMs - 58_000, 'start'),
    engineEvent(startMs - 58_000, 'start'),
  ].reduce(reduceStatus, makeStatus());
  assert.deepEqual(
    state.events.map(({ atMs }) => atMs - startMs),
    [-60_000, -58_000, 500],
  );
  assert.equal(eventsSinceMs(state), startMs - 60_000);
  assert.equal(eventsSinceMs(makeStatus()), startMs);
  const many = Array.from({ length: eventLimit + 20 }, (_, index) => engineEvent(startMs + index, 'start'));
  const full = many.reduce(reduceStatus, state);
  assert.equal(full.events.length, eventLimit);
  assert.equal(eventsSinceMs(full), startMs + 21);
});

/** An end that somebody asked for is a stop; whatever else the exit code says stays said. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { tellHappenings } from '../../../src/core/status/happenings.ts';
import { explainService } from '../../../src/core/status/judge-deployment.ts';
import { reduceStatus, type StatusInput } from '../../../src/core/status/reduce-status.ts';
import type { EngineEventSeen } from '../../../src/core/status/status-input.ts';
import type { StatusState } from '../../../src/core/status/status-state.ts';
import { happeningText, happeningTone } from '../../../src/ui/present/event-words.ts';
import { stateWord } from '../../../src/ui/present/status-words.ts';
import { engineEvent, goodContainers, makeContainer, makeStatus, startMs } from './status-fixtures.ts';

type Heard = readonly [afterMs: number, action: EngineEventSeen['action'], figure?: number];

const toInput = ([afterMs, action, figure]: Heard): StatusInput =>
  engineEvent(startMs + afterMs, action, figure);
const hear = (...heard: readonly Heard[]): StatusState =>
  heard.map(toInput).reduce(reduceStatus, makeStatus());
const told = (state: StatusState) => tellHappenings(state.events, () => 1024);
const words = (...heard: readonly Heard[]) => told(hear(...heard)).map(happeningText);

test('the plain result of a stop is told without its code', () => {
  assert.deepEqual(words([0, 'kill', 15], [200, 'die', 143]), ['data-api was stopped']);
  // It did not heed the first signal in its time.
  assert.deepEqual(words([0, 'kill', 15], [10_000, 'kill', 9], [10_100, 'die', 137]), [
    'data-api was stopped',
  ]);
  assert.deepEqual(words([0, 'kill', 9], [100, 'die', 137]), ['data-api was stopped']);
  assert.deepEqual(words([0, 'kill', 2], [100, 'die', 130]), ['data-api was stopped']);
  assert.deepEqual(words([0, 'kill', 15], [3_000, 'die', 0]), ['data-api was stopped']);
  assert.deepEqual(words([0, 'kill', 15], [200, 'die', 143], [2_200, 'start'], [5_200, 'health']), [
    'data-api was restarted, away 2 s',
  ]);
  assert.deepEqual(words([0, 'kill', 9], [0, 'die', 137], [100, 'destroy']), [
    'data-api was stopped and removed',
  ]);
  assert.deepEqual(
    words([0, 'kill', 15], [0, 'die', 143], [100, 'destroy'], [2_000, 'create'], [2_000, 'start']),
    ['data-api was recreated, away 2 s'],
  );
  assert.deepEqual(told(hear([0, 'kill', 9], [100, 'die', 137])).map(happeningTone), ['plain']);
});

test('a crash keeps its code: nobody asked, it ended in its own way, or for memory', () => {
  assert.deepEqual(words([0, 'die', 137]), ['data-api ended, exit 137 (killed)']);
  assert.deepEqual(words([0, 'die', 143]), ['data-api ended, exit 143 (asked to end)']);
  assert.deepEqual(words([0, 'kill', 15], [100, 'die', 1]), ['data-api ended, exit 1']);
  assert.deepEqual(words([0, 'kill', 15], [100, 'die', 137]), ['data-api ended, exit 137 (killed)']);
  assert.deepEqual(words([0, 'kill'], [100, 'die', 143]), ['data-api ended, exit 143 (asked to end)']);
  assert.deepEqual(words([0, 'kill', 9], [100, 'oom'], [200, 'die', 137]), [
    'data-api ended, exit 137, killed for memory at 1024 MiB',
  ]);
  // A signal that it outlived says nothing of an end much later.
  assert.deepEqual(words([0, 'kill', 15], [3_600_000, 'die', 143]), [
    'data-api ended, exit 143 (asked to end)',
  ]);
  // What it was asked for once does not count for the next end.
  assert.deepEqual(
    words([0, 'kill', 9], [100, 'die', 137], [1_100, 'start'], [60_000, 'die', 137]).at(-1),
    'data-api ended, exit 137 (killed)',
  );
});

test('what is told once more after a lost connection counts once', () => {
  const stop: readonly Heard[] = [
    [0, 'kill', 9],
    [100, 'die', 137],
  ];
  const again = hear(...stop, [1_100, 'start'], ...stop, [1_100, 'start']);
  assert.deepEqual(again, hear(...stop, [1_100, 'start']));
  assert.equal(again.stopsAsked.length, 0);
  assert.deepEqual(hear([0, 'kill', 15], [0, 'kill', 15]), hear([0, 'kill', 15]));
});

test('the service itself is stopped, not exited, while the exit code is the one of that end', () => {
  const listed = (exitCode: number, wasKilledForMemory = false): StatusInput => ({
    kind: 'listed',
    atMs: startMs + 500,
    containers: goodContainers.map(container =>
      container.service === 'data-api'
        ? makeContainer('data-api', { state: 'exited', exitCode, wasKilledForMemory })
        : container,
    ),
  });
  const said = (state: StatusState) => {
    const service = state.services.find(({ name }) => name === 'data-api');
    assert.ok(service);
    return [stateWord(service.state), explainService(service)];
  };
  const stopped = [listed(143), listed(143)].reduce(reduceStatus, hear([0, 'kill', 15], [200, 'die', 143]));
  assert.deepEqual(said(stopped), ['stopped', 'data-api was stopped']);
  assert.deepEqual(said(reduceStatus({ ...stopped, events: [] }, listed(143))), [
    'stopped',
    'data-api was stopped',
  ]);
  assert.deepEqual(said(reduceStatus(hear([200, 'die', 143]), listed(143))), [
    'exited 143',
    'data-api ended with exit code 143',
  ]);
  assert.deepEqual(said(reduceStatus(stopped, listed(1))), ['exited 1', 'data-api ended with exit code 1']);
  assert.deepEqual(said(reduceStatus(hear([0, 'kill', 9], [100, 'die', 137]), listed(137, true))), [
    'exited 137',
    'data-api ended with exit code 137, killed for memory',
  ]);
});

test('a stop from before the screen was opened is one too, although the container tells of its end first', () => {
  const listed: StatusInput = {
    kind: 'listed',
    atMs: startMs + 10_000,
    containers: goodContainers.map(container =>
      container.service === 'data-api'
        ? makeContainer('data-api', {
            state: 'exited',
            exitCode: 143,
            endedAt: new Date(startMs + 190).toISOString(),
          })
        : container,
    ),
  };
  const heard = [toInput([0, 'kill', 15]), toInput([200, 'die', 143])];
  const state = [listed, ...heard, listed].reduce(reduceStatus, makeStatus());
  assert.deepEqual(told(state).map(happeningText), ['data-api was stopped']);
  const service = state.services.find(({ name }) => name === 'data-api');
  assert.equal(service && stateWord(service.state), 'stopped');
});

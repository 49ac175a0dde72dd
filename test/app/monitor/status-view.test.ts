import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  firstStatusView,
  reduceStatusView,
  type StatusEffect,
  type StatusIntent,
  type StatusSight,
  type StatusView,
} from '../../../src/app/monitor/status-view.ts';
import { reduceStatus } from '../../../src/core/status/reduce-status.ts';
import { goodContainers, makeStatus, startMs } from '../../core/status/status-fixtures.ts';

const status = reduceStatus(makeStatus(), { kind: 'listed', atMs: startMs, containers: goodContainers });
const sight: StatusSight = {
  status,
  logs: { service: undefined, phase: 'idle', lines: [], problem: undefined },
  canAct: true,
};

function press(
  intents: readonly StatusIntent[],
  from: StatusView = firstStatusView,
  seen: StatusSight = sight,
) {
  let view = from;
  const effects: StatusEffect[] = [];
  for (const intent of intents) {
    const step = reduceStatusView(view, intent, seen);
    view = step.view;
    effects.push(...step.effects);
  }
  return { view, effects };
}
const kind = (
  ...kinds: readonly Exclude<
    StatusIntent['kind'],
    'move' | 'scroll' | 'select-answer' | 'ask' | 'edit-filter'
  >[]
) => kinds.map(each => ({ kind: each }));
const move = (by: number): StatusIntent => ({ kind: 'move', by });
const onDataApi: readonly StatusIntent[] = [move(4)];

test('the first service is selected; moving walks over groups and services and stops at the ends', () => {
  assert.equal(press([move(1)]).view.selected, 'group ai');
  assert.equal(press([move(-50)]).view.selected, 'group infrastructure');
  assert.equal(press([move(50)]).view.selected, 'service home-assistant-test');
});

test('the log follows the selection, and nobody is followed when it is closed', () => {
  const { view, effects } = press([...kind('toggle-log')]);
  assert.equal(view.pane, 'log');
  assert.deepEqual(effects, [{ kind: 'follow-log', service: 'influxdb' }]);
  const following = { ...sight, logs: { ...sight.logs, service: 'influxdb' } };
  assert.deepEqual(press([move(2)], view, following).effects, [
    { kind: 'follow-log', service: 'openvino-service' },
  ]);
  assert.deepEqual(press(kind('toggle-log'), view, following).effects, [
    { kind: 'follow-log', service: undefined },
  ]);
});

test('scrolling back holds the log still; scrolling to its end follows again', () => {
  const lines = Array.from({ length: 50 }, (_, index) => ({
    id: index + 1,
    at: undefined,
    stream: 'stdout' as const,
    text: `${index}`,
  }));
  const seen: StatusSight = {
    ...sight,
    logs: { service: 'influxdb', phase: 'following', lines, problem: undefined },
  };
  const { view } = press([...kind('toggle-log'), { kind: 'scroll', by: -10 }], firstStatusView, seen);
  assert.equal(view.logBottom, 40);
  assert.equal(press([{ kind: 'scroll', by: -100 }], view, seen).view.logBottom, 1);
  assert.equal(press([{ kind: 'scroll', by: 10 }], view, seen).view.logBottom, undefined);
});

test('a restart asks first, and acts on the answer only', () => {
  const asked = press([...onDataApi, { kind: 'ask', action: 'restart' }]);
  assert.deepEqual(asked.view.question, {
    services: ['data-api'],
    answers: ['restart', 'stop'],
    selected: 0,
  });
  assert.deepEqual(asked.effects, []);
  assert.deepEqual(press(kind('cancel'), asked.view), {
    view: { ...asked.view, question: undefined },
    effects: [],
  });
  const answered = press([move(1), ...kind('answer')], asked.view);
  assert.equal(answered.view.question, undefined);
  assert.deepEqual(answered.effects, [{ kind: 'act', command: { kind: 'stop', services: ['data-api'] } }]);
});

test('what runs is not started, what does not run is not stopped, and a place to look only does nothing', () => {
  const start = press([...onDataApi, { kind: 'ask', action: 'start' }]);
  assert.equal(start.view.notice?.text, 'data-api runs already.');
  const stopMigrate = press([move(5), { kind: 'ask', action: 'stop' }]);
  assert.equal(stopMigrate.view.notice?.text, 'migrate does not run.');
  const looking = press([{ kind: 'ask', action: undefined }], firstStatusView, { ...sight, canAct: false });
  assert.equal(looking.view.question, undefined);
  assert.equal(looking.view.notice?.kind, 'failed');
});

test('a group is asked about as a whole', () => {
  const { view } = press([move(1), { kind: 'ask', action: undefined }]);
  assert.deepEqual(view.question?.services, ['openvino-service']);
});

test('groups close and open; closing from a service goes to its group', () => {
  const closed = press([...onDataApi, ...kind('close')]).view;
  assert.deepEqual([closed.closedGroups, closed.selected], [['core'], 'group core']);
  assert.deepEqual(press(kind('toggle'), closed).view.closedGroups, []);
  assert.equal(press(kind('fold-all')).view.closedGroups.length, 5);
  assert.deepEqual(press(kind('fold-all', 'fold-all')).view.closedGroups, []);
});

test('escape closes one thing at a time: the question, the pane, the filter', () => {
  const typed: StatusIntent = { kind: 'edit-filter', edit: { kind: 'insert', text: 'data' } };
  const full = press([
    ...kind('filter'),
    typed,
    ...kind('keep-filter', 'toggle-log'),
    { kind: 'ask', action: undefined },
  ]).view;
  const first = press(kind('cancel'), full).view;
  assert.deepEqual([first.question, first.pane, first.filter.text], [undefined, 'log', 'data']);
  const second = press(kind('cancel'), first).view;
  assert.deepEqual([second.pane, second.filter.text], ['none', 'data']);
  assert.equal(press(kind('cancel'), second).view.filter.text, '');
});

test('no sequence of keys acts without an answer, and the log followed is always of a shown service', () => {
  const intent: fc.Arbitrary<StatusIntent> = fc.oneof(
    fc.constantFrom(
      ...kind(
        'toggle',
        'open',
        'close',
        'fold-all',
        'toggle-log',
        'toggle-events',
        'filter',
        'keep-filter',
        'clear-filter',
        'sort',
        'cancel',
      ),
    ),
    fc.integer({ min: -20, max: 20 }).map(move),
    fc.integer({ min: -20, max: 20 }).map(by => ({ kind: 'scroll' as const, by })),
    fc
      .constantFrom('restart' as const, 'stop' as const, 'start' as const)
      .map(action => ({ kind: 'ask' as const, action })),
    fc
      .string({ maxLength: 2 })
      .map(text => ({ kind: 'edit-filter' as const, edit: { kind: 'insert' as const, text } })),
  );
  const names = new Set(status.services.map(({ name }) => name));
  fc.assert(
    fc.property(fc.array(intent, { maxLength: 40 }), intents => {
      const { effects } = press(intents);
      for (const effect of effects) {
        assert.equal(effect.kind, 'follow-log');
        assert.ok(
          effect.kind === 'follow-log' && (effect.service === undefined || names.has(effect.service)),
        );
      }
    }),
  );
});

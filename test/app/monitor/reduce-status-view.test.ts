import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { idleLog, type LogTarget } from '../../../src/app/monitor/log-follower.ts';
import { reduceStatusView } from '../../../src/app/monitor/reduce-status-view.ts';
import {
  firstStatusView,
  type StatusEffect,
  type StatusIntent,
  type StatusSight,
  type StatusView,
} from '../../../src/app/monitor/status-view.ts';
import { reduceStatus } from '../../../src/core/status/reduce-status.ts';
import { makeEntry } from '../../core/logs/log-fixtures.ts';
import { goodContainers, makeStatus, startMs } from '../../core/status/status-fixtures.ts';

const status = reduceStatus(makeStatus(), { kind: 'listed', atMs: startMs, containers: goodContainers });
const sight: StatusSight = {
  status,
  logs: idleLog,
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
    | 'move'
    | 'scroll'
    | 'select-answer'
    | 'ask'
    | 'edit-filter'
    | 'log-service'
    | 'log-find'
    | 'log-scroll'
    | 'log-edit-search'
  >[]
) => kinds.map(each => ({ kind: each }) as StatusIntent);
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
  const influxdb: LogTarget = { kind: 'services', names: ['influxdb'] };
  assert.deepEqual(effects, [{ kind: 'follow-log', target: influxdb }]);
  const following = { ...sight, logs: { ...sight.logs, target: influxdb } };
  assert.deepEqual(press([move(2)], view, following).effects, [
    { kind: 'follow-log', target: { kind: 'services', names: ['openvino-service'] } },
  ]);
  const full = press(kind('toggle-log'), view, following).view;
  assert.equal(full.log.isFull, true);
  const closed = press(kind('toggle-log'), full, following);
  assert.deepEqual(closed.effects, [{ kind: 'follow-log', target: { kind: 'none' } }]);
  assert.deepEqual([closed.view.pane, closed.view.log.isFull], ['none', false]);
});

test('the log of a group is that of its services; that of all opens on the whole screen and goes back to the table', () => {
  const { effects } = press([move(1), ...kind('toggle-log')]);
  const [effect] = effects;
  assert.ok(effect?.kind === 'follow-log' && effect.target.kind === 'services');
  assert.equal(effect.target.group, 'ai');
  assert.ok(effect.target.names.includes('openvino-service'));
  const all = press(kind('log-of-all'));
  assert.deepEqual(all.effects, [{ kind: 'follow-log', target: { kind: 'all' } }]);
  const seen: StatusSight = { ...sight, logs: { ...idleLog, target: { kind: 'all' } } };
  const back = press(kind('log-close'), all.view, seen);
  assert.deepEqual([back.view.pane, back.view.log.isFull, back.view.log.isOfAll], ['none', false, false]);
  const next = press([{ kind: 'log-service', by: 1 }], all.view, seen);
  assert.deepEqual(next.effects, [
    { kind: 'follow-log', target: { kind: 'services', names: ['openvino-service'] } },
  ]);
});

test('scrolling back holds the log still; scrolling to its end follows again', () => {
  const lines = Array.from({ length: 50 }, (_, index) => makeEntry({ id: index + 1 }));
  const target: LogTarget = { kind: 'services', names: ['influxdb'] };
  const seen: StatusSight = { ...sight, logs: { ...idleLog, target, phase: 'following', lines } };
  const opened = press(kind('toggle-log'), firstStatusView, seen).view;
  const { view, effects } = press([{ kind: 'scroll', by: -10 }], opened, seen);
  assert.equal(view.log.bottom, 40);
  assert.deepEqual(effects, [{ kind: 'hold-log', isHeld: true }]);
  assert.equal(press([{ kind: 'scroll', by: -100 }], view, seen).view.log.bottom, 1);
  const end = press([{ kind: 'scroll', by: 10 }], view, seen);
  assert.equal(end.view.log.bottom, undefined);
  assert.deepEqual(end.effects, [{ kind: 'hold-log', isHeld: false }]);
});

test('a restart asks first, and acts on the answer only', () => {
  const asked = press([...onDataApi, { kind: 'ask', action: 'restart' }]);
  const container = {
    service: 'data-api',
    containerId: 'id-data-api',
    containerName: 'homeiq-data-api-1',
  };
  const services = ['data-api'];
  assert.deepEqual(asked.view.question, {
    services,
    answers: [
      { kind: 'restart', services },
      { kind: 'stop', services },
      { kind: 'recreate', services },
      { kind: 'shell', ...container },
      { kind: 'pager', ...container },
    ],
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

test('what runs is not started, what does not run is not stopped', () => {
  const start = press([...onDataApi, { kind: 'ask', action: 'start' }]);
  assert.equal(start.view.notice?.text, 'data-api runs already.');
  const stopMigrate = press([move(5), { kind: 'ask', action: 'stop' }]);
  assert.equal(stopMigrate.view.notice?.text, 'migrate does not run.');
});

test('from a place to look only nothing is changed, and no shell is opened; a log is', () => {
  const readOnly: StatusView = { ...firstStatusView, isReadOnly: true };
  for (const intent of [...kind('shell', 'switch-mode'), { kind: 'ask' as const, action: undefined }]) {
    const { view, effects } = press([...onDataApi, intent, ...kind('answer')], readOnly);
    assert.deepEqual([view.question, view.ending, effects], [undefined, undefined, []], intent.kind);
  }
  const { effects } = press([...onDataApi, ...kind('pager')], readOnly);
  assert.deepEqual(
    effects.map(({ kind: each }) => each),
    ['open'],
  );
});

test('a shell and the pager are for one service that has a container, and ask nothing', () => {
  const { effects, view } = press([...onDataApi, ...kind('shell')]);
  assert.equal(view.question, undefined);
  assert.deepEqual(effects, [
    {
      kind: 'open',
      request: {
        kind: 'shell',
        service: 'data-api',
        containerId: 'id-data-api',
        containerName: 'homeiq-data-api-1',
      },
    },
  ]);
  const ofMany = press([...kind('mark', 'mark'), ...kind('pager')]);
  assert.deepEqual(ofMany.effects, []);
  assert.match(ofMany.view.notice?.text ?? '', /for one service/);
  assert.equal(press([move(5), ...kind('shell')]).view.notice?.text, 'migrate does not run.');
});

test('what is marked is what is acted on, each action on those that it fits, and the marks are gone then', () => {
  const marked = press([move(-50), ...kind('mark'), move(4), ...kind('mark', 'mark')]).view;
  assert.deepEqual(marked.marked, ['influxdb', 'data-api', 'migrate']);
  const asked = press([{ kind: 'ask', action: 'stop' }], marked).view;
  const targets = asked.question?.answers.map(offer => [
    'services' in offer ? offer.services : [],
    offer.kind,
  ]);
  assert.deepEqual(targets, [
    [['influxdb', 'data-api'], 'restart'],
    [['influxdb', 'data-api'], 'stop'],
    [['migrate'], 'start'],
    [['influxdb', 'data-api', 'migrate'], 'recreate'],
  ]);
  const { view, effects } = press(kind('answer'), asked);
  assert.deepEqual(effects, [{ kind: 'act', command: { kind: 'stop', services: ['influxdb', 'data-api'] } }]);
  assert.deepEqual(view.marked, []);
});

test('a mark on a group is one on each of its services, and the second takes them away', () => {
  const onCore: readonly StatusIntent[] = [move(3)];
  const { view } = press([...onCore, ...kind('mark')]);
  assert.deepEqual(view.marked, ['data-api', 'migrate']);
  assert.deepEqual(press([move(-1), ...kind('mark')], view).view.marked, []);
  assert.deepEqual(press(kind('cancel'), view).view.marked, []);
});

test('what is being done comes first: nothing else is asked meanwhile', () => {
  const busy: StatusView = { ...firstStatusView, notice: { kind: 'busy', text: 'Restarting influxdb' } };
  assert.equal(press([{ kind: 'ask', action: 'stop' }], busy).view.question, undefined);
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
        'log-of-all',
        'log-close',
        'log-pause',
        'log-level',
        'toggle-events',
        'toggle-box',
        'filter',
        'keep-filter',
        'clear-filter',
        'sort',
        'mark',
        'cancel',
      ),
    ),
    fc.integer({ min: -20, max: 20 }).map(move),
    fc.integer({ min: -20, max: 20 }).map(by => ({ kind: 'scroll' as const, by })),
    fc
      .constantFrom('restart' as const, 'stop' as const, 'start' as const, 'recreate' as const)
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
        if (effect.kind === 'hold-log') continue;
        if (effect.kind === 'ask-health') {
          assert.ok(names.has(effect.service));
          continue;
        }
        assert.ok(effect.kind === 'follow-log');
        const { target } = effect;
        assert.ok(target.kind !== 'services' || target.names.every(name => names.has(name)));
      }
    }),
  );
});

test('b shows the machine, then the data, then neither', () => {
  const panes = [1, 2, 3].map(
    count => press(Array.from({ length: count }, () => kind('toggle-box')).flat()).view.pane,
  );
  assert.deepEqual(panes, ['box', 'data', 'none']);
});

test('a service is asked for its health when its details are opened, and each that is looked at after it', () => {
  const asked = (intents: readonly StatusIntent[]) =>
    press(intents).effects.flatMap(effect => (effect.kind === 'ask-health' ? [effect.service] : []));
  assert.deepEqual(asked([move(1), move(1)]), []);
  assert.deepEqual(asked([...kind('toggle'), move(2), ...kind('cancel'), move(1)]), [
    'influxdb',
    'openvino-service',
  ]);
});

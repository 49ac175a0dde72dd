import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planDocument } from '../../../src/ui/json/plan.ts';
import { runEventLine } from '../../../src/ui/json/run.ts';
import { eventsFixture, planFixture, runBodies, switchPlanFixture } from '../wizard-fixture.ts';

test('one event a line, and the line reads back as the event', () => {
  for (const event of eventsFixture(runBodies(planFixture('test')))) {
    const text = runEventLine(event);
    assert.ok(!text.includes('\n'));
    assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(event)));
  }
});

test('a line of JSON does no harm on a terminal', () => {
  const [event] = eventsFixture([{ kind: 'step-detail', step: 'images', text: 'a\x1b[2J\x9b1m\u202eb' }]);
  assert.ok(event !== undefined);
  const text = runEventLine(event);
  assert.match(text, /^[\x20-\x7e]*$/);
  assert.deepEqual(JSON.parse(text), event);
});

test('a plan has the figures that scripts rely on', () => {
  const document = planDocument(planFixture('test', { leftOut: ['ner-service'] }), ['a note']);
  assert.equal(document.mode, 'test');
  assert.equal(document.services.length, 16);
  assert.deepEqual(
    document.services.find(service => service.name === 'ner-service'),
    {
      name: 'ner-service',
      group: 'ai',
      start: false,
      reason: 'left out by the operator',
      expectedMiB: 384,
      limitMiB: 1024,
      reservedMiB: null,
    },
  );
  assert.equal(document.memory.totalMiB, 5120);
  assert.equal(document.memory.startMiB, 4736);
  assert.equal(document.memory.verdict, 'fits');
  assert.deepEqual(document.steps[0], { id: 'settings', title: 'Settings written', done: false });
  assert.deepEqual(document.notes, ['a note']);
  assert.equal(planDocument(planFixture('production'), []).memory.totalMiB, 5632);
});

test('a switch names what becomes of each service, and the memory on the way', () => {
  const document = planDocument(switchPlanFixture('production'), []);
  assert.equal(document.from, 'test');
  assert.deepEqual(document.changes?.[0], {
    kind: 'stop',
    name: 'home-assistant-test',
    reason: 'it belongs to test only',
  });
  assert.deepEqual(document.memory.onTheWay, { beforeMiB: 5120, worstMiB: 5632, afterMiB: 5632 });
  assert.equal(document.expectedMs, 41_000);
  const first = planDocument(planFixture('test'), []);
  assert.deepEqual(
    [first.from, first.changes, first.memory.onTheWay, first.expectedMs],
    [null, null, null, null],
  );
});

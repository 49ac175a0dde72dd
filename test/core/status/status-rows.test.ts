import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { serviceGroups } from '../../../src/core/stack/stack.ts';
import { reduceStatus } from '../../../src/core/status/reduce-status.ts';
import { sortOrders, statusRows } from '../../../src/core/status/status-rows.ts';
import { goodContainers, makeStatus, startMs } from './status-fixtures.ts';

const { services } = reduceStatus(makeStatus(), {
  kind: 'listed',
  atMs: startMs,
  containers: goodContainers.map(each =>
    each.service === 'openvino-service' ? { ...each, health: 'unhealthy' } : each,
  ),
});
const ids = (choice: Partial<Parameters<typeof statusRows>[1]>) =>
  statusRows(services, { sort: 'group', closedGroups: [], filter: '', ...choice }).map(({ id }) => id);

test('groups in their order, closed ones without their services', () => {
  assert.deepEqual(ids({ closedGroups: ['core', 'ai'] }), [
    'group infrastructure',
    'service influxdb',
    'group ai',
    'group core',
    'group test',
    'service home-assistant-test',
  ]);
});

test('a filter looks at names, groups and states, and opens closed groups', () => {
  assert.deepEqual(ids({ filter: ' API', closedGroups: ['core'] }), ['group core', 'service data-api']);
  assert.deepEqual(ids({ filter: 'unhealthy' }), ['group ai', 'service openvino-service']);
  assert.deepEqual(ids({ filter: 'nothing like it' }), []);
});

test('sorted by state, what is wrong comes first', () => {
  assert.equal(ids({ sort: 'state' })[0], 'service openvino-service');
  assert.equal(ids({ sort: 'name' })[0], 'service data-api');
});

test('every order shows each service exactly once, and ids are unique', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...sortOrders),
      fc.subarray([...serviceGroups]),
      fc.string({ maxLength: 3 }),
      (sort, closedGroups, filter) => {
        const rows = statusRows(services, { sort, closedGroups, filter });
        assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
        if (filter.trim() === '' && sort !== 'group') assert.equal(rows.length, services.length);
      },
    ),
  );
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  chooseBudgetMiB,
  fitMemory,
  type MemoryItem,
  systemReserveMiB,
  tightBelowMiB,
} from '../../../src/core/memory/memory-fit.ts';

const item = (name: string, expectedMiB: number, more: Partial<MemoryItem> = {}): MemoryItem => ({
  name,
  group: 'core',
  expectedMiB,
  limitMiB: expectedMiB * 2,
  reservedMiB: undefined,
  start: true,
  canLeaveOut: true,
  ...more,
});

const items = fc.array(
  fc.record({
    name: fc.uuid(),
    group: fc.constantFrom('core', 'ai', 'test'),
    expectedMiB: fc.integer({ min: 1, max: 2048 }),
    limitMiB: fc.option(fc.integer({ min: 1, max: 4096 }), { nil: undefined }),
    reservedMiB: fc.constant(undefined),
    start: fc.boolean(),
    canLeaveOut: fc.boolean(),
  }),
  { maxLength: 30 },
);

describe('fitMemory', () => {
  it('counts the budget, the reserve and what starts', () => {
    const fit = fitMemory([item('a', 2048), item('b', 1024, { start: false })], 8192);
    assert.equal(fit.totalMiB, 3072);
    assert.equal(fit.startMiB, 2048);
    assert.equal(fit.limitMiB, 4096);
    assert.equal(fit.headroomMiB, 8192 - systemReserveMiB - 2048);
    assert.equal(fit.verdict, 'fits');
    assert.deepEqual(fit.suggestions, []);
  });

  it('is tight just under 512 MiB of headroom, and does not fit below zero', () => {
    const budgetMiB = systemReserveMiB + 1000;
    const verdict = (expectedMiB: number) => fitMemory([item('a', expectedMiB)], budgetMiB).verdict;
    assert.equal(verdict(1000 - tightBelowMiB), 'fits');
    assert.equal(verdict(1000 - tightBelowMiB + 1), 'tight');
    assert.equal(verdict(1000), 'tight');
    assert.equal(verdict(1001), 'does-not-fit');
  });

  it('suggests the one service that is just large enough, never the database', () => {
    const fit = fitMemory(
      [
        item('influxdb', 2048, { canLeaveOut: false }),
        item('large', 512),
        item('medium', 300),
        item('small', 100),
      ],
      systemReserveMiB + 2048 + 912 - 200,
    );
    assert.equal(fit.headroomMiB, -200);
    assert.deepEqual(fit.suggestions, [{ name: 'medium', savesMiB: 300 }]);
  });

  it('suggests several, the largest first, when one is not enough', () => {
    const fit = fitMemory([item('a', 400), item('b', 300), item('c', 200)], systemReserveMiB + 300);
    assert.deepEqual(
      fit.suggestions.map(({ name }) => name),
      ['a', 'b'],
    );
  });

  it('keeps its sums whatever the services are', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 0, max: 20_000 }), (services, budgetMiB) => {
        const fit = fitMemory(services, budgetMiB);
        const groupStart = fit.groups.reduce((total, { startMiB }) => total + startMiB, 0);
        assert.equal(groupStart, fit.startMiB);
        assert.equal(fit.budgetMiB - fit.reserveMiB - fit.startMiB, fit.headroomMiB);
        assert.ok(fit.startMiB <= fit.totalMiB);
        assert.equal(fit.verdict === 'does-not-fit', fit.headroomMiB < 0);
      }),
    );
  });

  it('suggests enough whenever enough can be left out', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 0, max: 20_000 }), (services, budgetMiB) => {
        const fit = fitMemory(services, budgetMiB);
        if (fit.verdict !== 'does-not-fit') return;
        const possible = services
          .filter(({ start, canLeaveOut }) => start && canLeaveOut)
          .reduce((total, { expectedMiB }) => total + expectedMiB, 0);
        const suggested = fit.suggestions.reduce((total, { savesMiB }) => total + savesMiB, 0);
        assert.ok(suggested >= Math.min(possible, -fit.headroomMiB));
        for (const { name } of fit.suggestions) {
          const service = services.find(candidate => candidate.name === name);
          assert.ok(service?.start === true && service.canLeaveOut);
        }
      }),
    );
  });
});

describe('chooseBudgetMiB', () => {
  it('is the smaller of 8192 and the machine, unless asked otherwise', () => {
    assert.equal(chooseBudgetMiB(16_000, undefined), 8192);
    assert.equal(chooseBudgetMiB(4000, undefined), 4000);
    assert.equal(chooseBudgetMiB(undefined, undefined), 8192);
    assert.equal(chooseBudgetMiB(4000, 6000), 6000);
  });
});

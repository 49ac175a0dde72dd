import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BucketAction, TokenCause } from '../../../src/core/buckets/bucket-action.ts';
import { findModeFaults } from '../../../src/core/buckets/bucket-faults.ts';

const faultsOf = (...actions: readonly BucketAction[]) =>
  findModeFaults('test', { actions, differences: [] });

describe('The faults of a mode', () => {
  test('have a name for each thing that is to be done, and no id', () => {
    const shard = { retentionSeconds: 604_800, shardGroupSeconds: 86_400 };
    const faults = faultsOf(
      { kind: 'create-org', name: 'homeiq-test' },
      { kind: 'rename-org', id: 'secret-id', from: 'mine', name: 'homeiq-test' },
      { kind: 'create-bucket', name: 'weather_data_test', ...shard },
      { kind: 'rename-bucket', id: 'secret-id', from: 'old', name: 'weather_data_test' },
      { kind: 'activate-authorization', id: 'secret-id' },
      { kind: 'delete-authorization', id: 'secret-id' },
    );
    assert.deepEqual(
      faults.map(({ code }) => code),
      ['org-missing', 'org-renamed', 'bucket-missing', 'bucket-renamed', 'token-inactive', 'token-orphaned'],
    );
    for (const fault of faults) {
      assert.equal(fault.mode, 'test');
      assert.ok(!JSON.stringify(fault).includes('secret-id'));
      assert.match(fault.nextSteps.join(), /homeiq buckets --mode test/);
    }
  });

  test('of a token follow from why it is to be replaced; buckets to be made say enough', () => {
    const codeOf = (cause: TokenCause) =>
      faultsOf({ kind: 'create-authorization', cause, reason: 'r' })[0]?.code;
    assert.equal(codeOf('not-stored'), 'token-not-stored');
    assert.equal(codeOf('unexpected-access'), 'token-unexpected-access');
    assert.equal(codeOf('allows-more'), 'token-allows-more');
    assert.equal(codeOf('buckets-missing'), undefined);
  });

  test('name both ways out of another retention, with the consent that the shorter one needs', () => {
    const difference = (seconds: number, wantedSeconds: number) =>
      findModeFaults('production', {
        actions: [],
        differences: [{ bucket: 'weather_data', seconds, wantedSeconds }],
      });
    const [longer] = difference(90 * 86_400, 30 * 86_400);
    assert.equal(longer?.code, 'retention-differs');
    assert.match(longer?.nextSteps[0] ?? '', /--mode production --retention-days 90$/);
    assert.match(longer?.nextSteps[1] ?? '', /--retention-days 30 --delete-data weather_data$/);
    const [forEver] = difference(30 * 86_400, 0);
    assert.match(forEver?.nextSteps[1] ?? '', /--retention-days 0$/);
    // Not a number of days: it cannot be taken as it is.
    const [hours] = difference(36 * 3600, 30 * 86_400);
    assert.deepEqual(hours?.nextSteps, [
      'To change it: homeiq buckets --mode production --retention-days 30',
    ]);
  });
});

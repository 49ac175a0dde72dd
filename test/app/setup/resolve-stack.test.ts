/** What Compose is asked for the stack of values that may not be written yet. */

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { resolveStack } from '../../../src/app/setup/resolve-stack.ts';
import { rehearse } from '../../helpers/rehearse.ts';

it('is asked once for the same values, and again after it failed', async t => {
  const { ports, folder } = await rehearse(t);
  let failures = 1;
  let asked = 0;
  const resolve = resolveStack(
    {
      ...ports,
      compose: {
        ...ports.compose,
        resolve: async (target, signal) => {
          asked += 1;
          failures -= 1;
          if (failures >= 0) throw new Error('compose.override.yaml is broken');
          return ports.compose.resolve(target, signal);
        },
      },
    },
    { level: 'rehearsal', folder, presetAnswers: {}, source: undefined, memoryBudgetMiB: undefined },
  );
  await assert.rejects(resolve({ DEPLOYMENT_MODE: 'test' }), /is broken/);
  const stack = await resolve({ DEPLOYMENT_MODE: 'test' });
  assert.ok(stack.services.length > 10);
  assert.equal(await resolve({ DEPLOYMENT_MODE: 'test' }), stack);
  assert.equal(asked, 2);
});

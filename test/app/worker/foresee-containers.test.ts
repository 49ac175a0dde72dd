/** When containers are made before their step, and that two makings never run at once. */

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { foreseeContainers } from '../../../src/app/worker/foresee-containers.ts';
import type { StepContext } from '../../../src/app/worker/step.ts';
import { createStepContext } from '../../../src/app/worker/step-context.ts';
import { type Mode, otherMode } from '../../../src/core/mode/mode.ts';
import type { ServiceChange } from '../../../src/core/plan/service-change.ts';
import { settlePromises } from '../../helpers/manual-clock.ts';
import { rehearse } from '../../helpers/rehearse.ts';

const stays: ServiceChange = { kind: 'keep', name: 'influxdb' };
const tokens = { INFLUXDB_TOKEN: 'a', HA_TOKEN: 'b' };

async function isForeseen(
  values: Readonly<Record<string, string>>,
  {
    changes = [stays],
    mode = 'test',
    isSwitch = true,
  }: { readonly changes?: readonly ServiceChange[]; readonly mode?: Mode; readonly isSwitch?: boolean } = {},
): Promise<boolean> {
  let isMade = false;
  await foreseeContainers({
    plan: { from: isSwitch ? otherMode(mode) : undefined, changes },
    request: { mode },
    values: async () => values,
    createContainers: async () => {
      isMade = true;
      throw new Error('told by the step that needs them');
    },
  } as unknown as StepContext);
  return isMade;
}

it('in a switch that keeps InfluxDB and has its tokens', async () => {
  assert.equal(await isForeseen(tokens), true);
  assert.equal(await isForeseen({ INFLUXDB_TOKEN: 'a' }, { mode: 'production' }), true);
});

it('not where a step before the services still has something to do', async () => {
  assert.equal(await isForeseen({ INFLUXDB_TOKEN: 'a' }), false, 'Home Assistant has to be onboarded');
  assert.equal(await isForeseen({ HA_TOKEN: 'b' }), false, 'the token has to be made');
  const recreate: ServiceChange = { kind: 'recreate', name: 'influxdb', reasons: [] };
  assert.equal(await isForeseen(tokens, { changes: [recreate] }), false);
  assert.equal(await isForeseen(tokens, { isSwitch: false }), false);
});

it('what is made with other settings waits for the making before it, and a run ends after both', async t => {
  const { ports, draft, setUp, storeValue } = await rehearse(t);
  await setUp('test');
  const drafted = await draft('test');
  const ends: (() => void)[] = [];
  const context = createStepContext(
    { ...drafted, runId: 'test', mode: 'test' },
    { ...ports, compose: { ...ports.compose, create: () => new Promise(resolve => ends.push(resolve)) } },
    { runId: 'test', append: async () => {} },
    t.signal,
  );
  const first = context.createContainers();
  while (ends.length < 1) await settlePromises();
  await storeValue('test', 'INFLUXDB_TOKEN', 'another');
  const second = context.createContainers();
  for (let turn = 0; turn < 20; turn += 1) await settlePromises();
  assert.equal(ends.length, 1);
  let isSettled = false;
  const settled = context.settled().then(() => {
    isSettled = true;
  });
  ends[0]?.();
  await first;
  while (ends.length < 2) await settlePromises();
  assert.equal(isSettled, false);
  ends[1]?.();
  await Promise.all([second, settled]);
});

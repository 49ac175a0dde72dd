/** The status screen open for minutes while things happen: its memory stays as it was. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostResidentMiB } from '../../scripts/bench/process-cost.ts';
import { skipWithoutSandbox } from '../helpers/deployment.ts';
import { describeSoak, soakStatus } from '../helpers/soak-status.ts';
import { createWatchedStack } from '../helpers/watched-stack.ts';

const minutes = process.env.HOMEIQ_TEST_LONG === 'true' ? 60 : 5;

test(`${minutes} minutes of the status screen over 40 containers do not make it grow`, {
  skip: skipWithoutSandbox('new'),
}, async t => {
  const stack = await createWatchedStack({
    count: 40,
    composeFolder: process.env.HOMEIQ_TEST_COMPOSE_NEW ?? '',
    influxdbImage: process.env.HOMEIQ_TEST_INFLUXDB_IMAGE ?? '',
  });
  t.after(stack.remove);
  const report = await soakStatus(stack, minutes, line => t.diagnostic(line));
  t.diagnostic(describeSoak(report));
  // In minutes garbage that is not collected yet weighs more than a leak: the hour of `npm run soak` is stricter.
  assert.ok(report.growthMiB < 8, describeSoak(report));
  assert.ok(Math.max(...report.samples) < mostResidentMiB, describeSoak(report));
});

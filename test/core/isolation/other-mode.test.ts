import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeOtherMode } from '../../../src/core/isolation/other-mode.ts';
import { modes } from '../../../src/core/mode/mode.ts';
import type { Stack } from '../../../src/core/stack/stack.ts';
import { makeService } from '../status/status-fixtures.ts';

const stack: Stack = {
  project: 'homeiq',
  services: [
    makeService('influxdb', 'infrastructure', 2048),
    makeService('data-api', 'core', 320),
    makeService('weather-api', 'external', 96, { profiles: ['production'] }),
    makeService('home-assistant-test', 'test', 384, { profiles: ['test'] }),
    makeService('ha-simulator', 'test', 64, { type: 'data_generation', profiles: ['simulator'] }),
  ],
  volumes: [],
};

/** Whether a container of each service is one of the other mode: in test, and in production. */
const cases: readonly (readonly [string, Readonly<Record<string, string>>, boolean, boolean])[] = [
  ['influxdb', {}, false, false],
  ['data-api', { DEPLOYMENT_MODE: 'test' }, false, true],
  ['data-api', { DEPLOYMENT_MODE: 'production' }, true, false],
  ['data-api', { DEPLOYMENT_MODE: 'prodution' }, true, true],
  ['weather-api', {}, true, false],
  ['home-assistant-test', {}, false, true],
  // In no mode's profile: what it is for tells.
  ['ha-simulator', {}, false, true],
  ['ha-simulator', { DEPLOYMENT_MODE: 'production' }, true, true],
  ['of-the-operator', {}, false, false],
  ['of-the-operator', { DEPLOYMENT_MODE: 'test' }, false, true],
];

for (const [service, environment, ...isOther] of cases) {
  test(`${service} with ${JSON.stringify(environment)}`, () => {
    for (const [index, mode] of modes.entries()) {
      const reason = describeOtherMode({ service, environment }, stack, mode);
      assert.equal(reason !== undefined, isOther[index], `${mode}: ${reason}`);
    }
  });
}

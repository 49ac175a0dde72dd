import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fitMemory } from '../../../src/core/memory/memory-fit.ts';
import { type Mode, modes } from '../../../src/core/mode/mode.ts';
import type { PlannedService } from '../../../src/core/plan/plan.ts';
import { onKeyValues, planServices, toMemoryItems } from '../../../src/core/plan/plan-services.ts';
import { servicesOfMode } from '../../../src/core/stack/stack.ts';
import { bundledStack, templateValues } from '../../helpers/bundled-stack.ts';

const stack = bundledStack();

/** What a person gives so that everything starts in production. */
const given = {
  HA_HTTP_URL: 'http://ha:8123',
  HA_TOKEN: 't',
  OPENAI_API_KEY: 'k',
  MQTT_BROKER: 'mqtt',
  WEATHER_API_KEY: 'w',
  WATTTIME_USERNAME: 'u',
  WATTTIME_PASSWORD: 'p',
};

const absent = (services: readonly PlannedService[]): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(services.filter(({ start }) => !start).map(({ name, reason }) => [name, reason]));

describe('planServices', () => {
  test('a first test set-up starts all 16, with nothing typed', () => {
    const services = planServices(stack, 'test', templateValues('test'));
    assert.equal(services.length, 16);
    assert.deepEqual(absent(services), {});
    assert.equal(fitMemory(toMemoryItems(services), 8192).totalMiB, 5120);
  });

  test('production without any value says which key is missing, and starts the rest', () => {
    const services = planServices(stack, 'production', templateValues('production'));
    assert.deepEqual(absent(services), {
      'ai-automation-service': 'MQTT_BROKER, OPENAI_API_KEY, HA_HTTP_URL and HA_TOKEN are not set',
      'websocket-ingestion': 'HA_HTTP_URL and HA_TOKEN are not set',
      'weather-api': 'WEATHER_API_KEY is not set',
      'carbon-intensity': 'WATTTIME_USERNAME and WATTTIME_PASSWORD are not set',
      'air-quality': 'WEATHER_API_KEY is not set',
      'smart-meter': 'HA_HTTP_URL and HA_TOKEN are not set',
    });
    const fit = fitMemory(toMemoryItems(services), 8192);
    assert.equal(fit.totalMiB, 5632);
    assert.equal(fit.startMiB, 5632 - 256 - 256 - 96 - 96 - 96 - 128);
  });

  test('production with every key starts all 22', () => {
    const services = planServices(stack, 'production', { ...templateValues('production'), ...given });
    assert.equal(services.filter(({ start }) => start).length, 22);
  });

  test('an ENABLE_ key switches off, however it says no', () => {
    for (const no of ['false', 'False', ' 0 ', 'no', 'off']) {
      const services = planServices(stack, 'production', { ...given, ENABLE_WEATHER_API: no });
      assert.deepEqual(absent(services), { 'weather-api': 'switched off by ENABLE_WEATHER_API' });
    }
    assert.deepEqual(absent(planServices(stack, 'production', { ...given, ENABLE_WEATHER_API: '' })), {});
  });

  test('what the operator left out is said to be left out, also when it could not start anyway', () => {
    const services = planServices(stack, 'production', {
      ...given,
      WEATHER_API_KEY: '',
      HOMEIQ_WEATHER_API_ON: '0',
      HOMEIQ_INFLUXDB_ON: '0',
    });
    assert.deepEqual(absent(services), {
      'weather-api': 'left out by you (HOMEIQ_WEATHER_API_ON=0)',
      'air-quality': 'WEATHER_API_KEY is not set',
    });
  });

  test('what cannot work without a service that is left out is held back with it', () => {
    const leftOut = new Set(['home-assistant-test']);
    const keys = onKeyValues(stack, 'test', templateValues('test'), leftOut);
    const values = { ...templateValues('test'), ...keys };
    assert.deepEqual(absent(planServices(stack, 'test', values)), {
      'websocket-ingestion-test': 'it cannot work without home-assistant-test',
      'home-assistant-test': 'left out by you (HOMEIQ_HOME_ASSISTANT_TEST_ON=0)',
    });
    assert.equal(keys.HOMEIQ_WEBSOCKET_INGESTION_TEST_ON, '1');
    assert.equal(keys.HOMEIQ_WEBSOCKET_INGESTION_TEST_HELD, '0');
    assert.equal(onKeyValues(stack, 'test', values, new Set()).HOMEIQ_WEBSOCKET_INGESTION_TEST_HELD, '');
  });

  test('a stand-in of the sandbox is in no plan', () => {
    const [first, ...others] = stack.services;
    assert.ok(first);
    const services = planServices(
      { ...stack, services: [{ ...first, standIn: true }, ...others] },
      'test',
      {},
    );
    assert.ok(services.every(({ name }) => name !== first.name));
  });

  test('InfluxDB is never suggested for leaving out', () => {
    const items = toMemoryItems(planServices(stack, 'test', templateValues('test')));
    assert.deepEqual(
      items.filter(({ canLeaveOut }) => !canLeaveOut).map(({ name }) => name),
      ['influxdb'],
    );
  });
});

describe('onKeyValues', () => {
  const values = { ...templateValues('production'), ...given };

  test('tells what the operator left out from what is held back', () => {
    const keys = onKeyValues(
      stack,
      'production',
      { ...values, WEATHER_API_KEY: '' },
      new Set(['log-aggregator']),
    );
    assert.equal(keys.HOMEIQ_LOG_AGGREGATOR_ON, '0');
    assert.equal(keys.HOMEIQ_DATA_API_ON, '1');
    assert.equal(keys.HOMEIQ_WEATHER_API_ON, '1');
    assert.equal(keys.HOMEIQ_WEATHER_API_HELD, '0');
    assert.equal(keys.HOMEIQ_SMART_METER_HELD, '');
  });

  test('a service comes by itself once its key is there', () => {
    const before = { ...values, WEATHER_API_KEY: '' };
    const written = { ...before, ...onKeyValues(stack, 'production', before, new Set()) };
    const later = { ...written, WEATHER_API_KEY: 'w' };
    assert.deepEqual(absent(planServices(stack, 'production', later)), {});
    assert.equal(onKeyValues(stack, 'production', later, new Set()).HOMEIQ_WEATHER_API_HELD, '');
  });

  test('has no key of the other mode', () => {
    const keys = Object.keys(onKeyValues(stack, 'test', templateValues('test'), new Set()));
    assert.ok(!keys.includes('HOMEIQ_WEATHER_API_ON'));
    assert.ok(keys.includes('HOMEIQ_HOME_ASSISTANT_TEST_ON'));
  });

  test('for any values, Compose leaves out exactly what the plan leaves out', () => {
    const settings = stack.services.flatMap(({ needs, needsIn, enabledBy }) => [
      ...needs,
      ...(needsIn?.production ?? []),
      ...(enabledBy === undefined ? [] : [enabledBy]),
    ]);
    const anyValues = fc.dictionary(fc.constantFrom(...settings), fc.constantFrom('', 'true', 'false', 'x'));
    const anyLeftOut = fc.uniqueArray(fc.constantFrom(...stack.services.map(({ name }) => name)));
    fc.assert(
      fc.property(fc.constantFrom<Mode>(...modes), anyValues, anyLeftOut, (mode, some, leftOut) => {
        const keys = onKeyValues(stack, mode, some, new Set(leftOut));
        const plan = planServices(stack, mode, { ...some, ...keys });
        for (const { name, onKey, heldKey } of servicesOfMode(stack, mode)) {
          // As compose.yaml has it: ${…_HELD:-${…_ON:-1}}.
          const held = heldKey === undefined ? '' : keys[heldKey];
          const replicas = held || (onKey === undefined ? '1' : keys[onKey]) || '1';
          const planned = plan.find(service => service.name === name);
          assert.equal(planned?.start, replicas === '1', name);
        }
      }),
    );
  });
});

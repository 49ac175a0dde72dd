import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseFault } from '../../sandbox/stand-in/faults.ts';
import { createServiceLog } from '../../sandbox/stand-in/service-log.ts';
import { findService, findSettingFaults } from '../../sandbox/stand-in/services.ts';

const database = {
  INFLUXDB_URL: 'http://influxdb:8086',
  INFLUXDB_ORG: 'homeiq-test',
  INFLUXDB_BUCKET: 'b',
  INFLUXDB_TOKEN: 't',
};

const good: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ai-core-service': { AI_CORE_API_KEY: 'k' },
  'ai-automation-service': {
    ...database,
    AI_AUTOMATION_API_KEY: 'k',
    OPENAI_API_KEY: 'placeholder',
    MQTT_BROKER: 'broker',
    HA_URL: 'http://home-assistant-test:8123',
    HA_TOKEN: 't',
  },
  'data-api': { ...database, API_KEY: 'k', DATABASE_URL: 'sqlite+aiosqlite:///./data/test/metadata.db' },
  'admin-api': { ...database, API_KEY: 'k' },
  'websocket-ingestion': {
    ...database,
    HA_WS_URL: 'ws://home-assistant-test:8123/api/websocket',
    HA_TOKEN: 't',
  },
  'data-retention': database,
  'energy-correlator': database,
  'weather-api': { ...database, WEATHER_API_KEY: 'k' },
  'air-quality': { ...database, WEATHER_API_KEY: 'k' },
  'carbon-intensity': database,
  'electricity-pricing': database,
  'smart-meter': database,
  'ha-simulator': database,
};

function faultsOf(name: string, environment: Readonly<Record<string, string>>): readonly string[] {
  const service = findService(name);
  assert.ok(service !== undefined);
  return findSettingFaults(service, environment);
}

describe('what a stand-in insists on', () => {
  for (const [name, environment] of Object.entries(good)) {
    it(`${name} starts with what it needs, and names each key that is missing or empty`, () => {
      assert.deepEqual(faultsOf(name, environment), []);
      for (const key of Object.keys(environment)) {
        const { [key]: _, ...rest } = environment;
        assert.deepEqual(faultsOf(name, rest), [`${key} is required but not set`]);
        assert.deepEqual(faultsOf(name, { ...environment, [key]: ' ' }), [`${key} is required but not set`]);
      }
    });
  }

  it('needs nothing for a neutral service', () => {
    for (const name of [
      'ner-service',
      'openai-service',
      'ml-service',
      'log-aggregator',
      'health-dashboard',
    ]) {
      assert.deepEqual(faultsOf(name, {}), []);
    }
  });

  it('refuses an http:// address for the WebSocket', () => {
    const environment = { ...good['websocket-ingestion'], HA_WS_URL: 'http://home-assistant-test:8123' };
    assert.deepEqual(faultsOf('websocket-ingestion', environment), [
      'HA_WS_URL must be a ws:// or wss:// address',
    ]);
  });

  it('takes MQTT_BROKER as a host in one service and as an address, or not at all, in the other', () => {
    const automation = { ...good['ai-automation-service'], MQTT_BROKER: 'mqtt://broker:1883' };
    assert.deepEqual(faultsOf('ai-automation-service', automation), [
      'MQTT_BROKER must be a host name, without a scheme',
    ]);
    const name = 'device-intelligence-service';
    assert.deepEqual(faultsOf(name, {}), []);
    assert.deepEqual(faultsOf(name, { MQTT_BROKER: 'mqtt://broker:1883' }), []);
    const fault = 'MQTT_BROKER must be an mqtt:// address, or not be set at all';
    assert.deepEqual(faultsOf(name, { MQTT_BROKER: '' }), [fault]);
    assert.deepEqual(faultsOf(name, { MQTT_BROKER: 'broker' }), [fault]);
  });

  it('refuses the published default of AI_AUTOMATION_API_KEY without repeating it', () => {
    const environment = { ...good['ai-automation-service'], AI_AUTOMATION_API_KEY: 'change-me' };
    assert.deepEqual(faultsOf('ai-automation-service', environment), [
      'AI_AUTOMATION_API_KEY still has its published default value',
    ]);
  });
});

describe('faults', () => {
  it('are off unless named, and a wrong name is an error that lists them', () => {
    assert.equal(parseFault(undefined), undefined);
    assert.equal(parseFault(''), undefined);
    assert.equal(parseFault('slow-start'), 'slow-start');
    assert.throws(() => parseFault('nonsense'), /never-healthy, exit-at-once/);
  });
});

describe('log lines', () => {
  const collect = (style: 'json' | 'plain' | 'access') => {
    const out: string[] = [];
    const errors: string[] = [];
    return {
      log: createServiceLog(
        'data-api',
        style,
        line => out.push(line),
        line => errors.push(line),
      ),
      out,
      errors,
    };
  };

  it('are JSON, or plain as Python writes them, with errors apart', () => {
    const json = collect('json');
    json.log.write('warning', 'a "word"');
    const { timestamp, ...rest } = JSON.parse(json.out[0] ?? '');
    assert.ok(!Number.isNaN(Date.parse(timestamp)));
    assert.deepEqual(rest, { level: 'WARNING', service: 'data-api', message: 'a "word"' });
    const plain = collect('plain');
    plain.log.write('error', 'broken');
    assert.deepEqual(plain.out, []);
    assert.match(plain.errors[0] ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - data-api - ERROR - broken$/);
  });

  it('are written for each request by a web server only', () => {
    const json = collect('json');
    json.log.access('GET', '/health', 200);
    assert.deepEqual(json.out, []);
    const access = collect('access');
    access.log.access('GET', '/', 200);
    assert.match(
      access.out[0] ?? '',
      /^127\.0\.0\.1 - - \[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/ HTTP\/1\.1" 200 /,
    );
  });
});

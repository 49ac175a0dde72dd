import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { importValues } from '../../../src/core/env/import-document.ts';
import { isPublishedSecret } from '../../../src/core/env/published-secrets.ts';
import { holdsPassword, looksSecret } from '../../../src/core/env/secret-keys.ts';
import { parseTemplate } from '../../../src/core/env/template.ts';
import type { EnvValues } from '../../../src/core/env/values.ts';
import type { Mode } from '../../../src/core/mode/mode.ts';

const fieldsOf = (mode: Mode) =>
  parseTemplate(readFileSync(new URL(`../../../env-templates/${mode}.env`, import.meta.url), 'utf8')).fields;
const imported = (values: EnvValues, mode: Mode = 'production') => importValues(values, fieldsOf(mode), mode);

describe('a .env of HomeIQ', () => {
  it('has Home Assistant under old names, the address as people write it', () => {
    const old = imported({
      HOME_ASSISTANT_URL: 'http://192.168.1.20:8123/',
      HOME_ASSISTANT_TOKEN: 'a-token',
    });
    assert.deepEqual(old.values, { HA_HTTP_URL: 'http://192.168.1.20:8123', HA_TOKEN: 'a-token' });
    assert.deepEqual(old.renamed, [
      { from: 'HOME_ASSISTANT_URL', to: 'HA_HTTP_URL' },
      { from: 'HOME_ASSISTANT_TOKEN', to: 'HA_TOKEN' },
    ]);
    const local = imported({ LOCAL_HA_URL: 'ws://10.0.0.2:8123/api/websocket', LOCAL_HA_TOKEN: 'local' });
    assert.deepEqual(local.values, { HA_HTTP_URL: 'http://10.0.0.2:8123', HA_TOKEN: 'local' });
  });

  it('keeps an address with the token that goes with it', () => {
    const { values, dropped } = imported({
      HA_HTTP_URL: 'http://homeassistant.local:8123',
      HA_TOKEN: 'your_long_lived_access_token_here',
      HOME_ASSISTANT_URL: 'http://192.168.1.20:8123',
      HOME_ASSISTANT_TOKEN: 'a-token',
      LOCAL_HA_URL: 'http://localhost:8123',
    });
    assert.deepEqual(values, { HA_HTTP_URL: 'http://192.168.1.20:8123', HA_TOKEN: 'a-token' });
    assert.deepEqual(
      dropped.map(({ key }) => key),
      ['HA_HTTP_URL', 'HA_TOKEN', 'LOCAL_HA_URL'],
    );
  });

  it('has what is made here, and what the mode decides', () => {
    const { values, dropped } = imported({
      INFLUXDB_TOKEN: 'x',
      INFLUXDB_USERNAME: 'x',
      INFLUXDB_PASSWORD: 'x',
      INFLUXDB_BUCKET: 'x',
      HA_TEST_TOKEN: 'x',
      DATABASE_URL: 'x',
      ADMIN_API_PORT: '8003',
      DEPLOYMENT_MODE: 'production',
    });
    assert.deepEqual(values, {});
    assert.equal(dropped.length, 7);
    assert.match(dropped[0]?.reason ?? '', /limited to the buckets of the mode; this one stays in your file/);
  });

  it('keeps what is the operator’s own, known or not', () => {
    const { values } = imported({
      WEATHER_API_KEY: 'mine',
      WEATHER_DEFAULT_LOCATION: 'Utrecht',
      MQTT_BROKER: 'mqtt://10.0.0.5:1884',
      MY_OWN: 'kept',
      LATITUDE: '52.1',
      API_KEY: 'k',
      DATA_API_API_KEY: 'k',
      ADMIN_API_API_KEY: 'another',
      OPENAI_API_KEY: '',
    });
    assert.deepEqual(values, {
      WEATHER_API_KEY: 'mine',
      WEATHER_LOCATION: 'Utrecht',
      MQTT_BROKER: '10.0.0.5',
      MQTT_PORT: '1884',
      MY_OWN: 'kept',
      LATITUDE: '52.1',
      API_KEY: 'k',
      ADMIN_API_API_KEY: 'another',
    });
  });

  it('of test mode does not bring a Home Assistant of its own', () => {
    const { values, dropped } = imported({ HOME_ASSISTANT_URL: 'http://x:8123' }, 'test');
    assert.deepEqual(values, {});
    assert.match(dropped[0]?.reason ?? '', /--mode production/);
  });
});

it('a value that HomeIQ publishes is known without being written here', async () => {
  const fromItsReadme = ['admin', '123'].join('');
  assert.equal(await isPublishedSecret(fromItsReadme), true);
  assert.equal(await isPublishedSecret('your_openweathermap_api_key_here'), true);
  for (const value of ['', 'admin1234', 'something-of-my-own']) {
    assert.equal(await isPublishedSecret(value), false, value);
  }
});

it('a secret is told by its name, or by a password in an address', () => {
  for (const key of ['HA_TOKEN', 'JWT_SECRET_KEY', 'MY_PASSWORD', 'API_KEY'])
    assert.ok(looksSecret(key), key);
  for (const key of ['MONKEY', 'LOG_LEVEL', 'TOKENIZER', 'AUTHOR']) assert.ok(!looksSecret(key), key);
  assert.ok(holdsPassword('postgresql://homeiq:secret@db:5432/x'));
  assert.ok(!holdsPassword('http://192.168.1.20:8123/a@b'));
});

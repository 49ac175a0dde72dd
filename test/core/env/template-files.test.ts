import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { parseRetention } from '../../../src/core/buckets/retention.ts';
import { deriveKeys } from '../../../src/core/env/derive.ts';
import { parseEnv } from '../../../src/core/env/parse.ts';
import type { TemplateField } from '../../../src/core/env/template-field.ts';
import { checkValue } from '../../../src/core/env/validate.ts';
import { documentValues } from '../../../src/core/env/values.ts';
import { type Mode, modeFacts, modes } from '../../../src/core/mode/mode.ts';
import {
  bundledStack,
  bundledTemplate,
  programFolder,
  readComposeFile,
  templateValues,
} from '../../helpers/bundled-stack.ts';

/** Read by this program or by Compose itself, and not by compose.yaml. */
const notInComposeFile = [
  'COMPOSE_PROFILES',
  'ENABLE_AI_AUTOMATION',
  'ENABLE_AIR_QUALITY',
  'ENABLE_CARBON_INTENSITY',
  'ENABLE_DEVICE_INTELLIGENCE',
  'ENABLE_ELECTRICITY_PRICING',
  'ENABLE_MOCK_DATA_CREATION',
  'ENABLE_OPENAI_SERVICE',
  'ENABLE_SMART_METER',
  'ENABLE_SYNTHETIC_DATA_GENERATION',
  'ENABLE_WEATHER_API',
  'INFLUXDB_RETENTION',
];

/** The settings of HomeIQ that a document has. The rest of them is put together in compose.yaml. */
const homeiqKeys = `
  DEPLOYMENT_MODE COMPOSE_PROFILES COMPOSE_PROJECT_NAME HOMEIQ_VERSION HOMEIQ_REGISTRY HOMEIQ_SOURCE HOMEIQ_BIND TZ
  INFLUXDB_URL INFLUXDB_ORG INFLUXDB_BUCKET INFLUXDB_TOKEN INFLUXDB_RETENTION
  HA_HTTP_URL HA_WS_URL HA_TOKEN NABU_CASA_URL NABU_CASA_TOKEN MQTT_BROKER MQTT_PORT MQTT_USERNAME MQTT_PASSWORD
  AI_CORE_API_KEY AI_AUTOMATION_API_KEY OPENAI_API_KEY API_KEY WEATHER_API_KEY
  WEATHER_LOCATION LATITUDE LONGITUDE WATTTIME_USERNAME WATTTIME_PASSWORD GRID_REGION PRICING_PROVIDER PRICING_API_KEY
  METER_TYPE METER_API_TOKEN METER_DEVICE_ID ENABLE_WEATHER_API ENABLE_CARBON_INTENSITY ENABLE_ELECTRICITY_PRICING
  ENABLE_AIR_QUALITY ENABLE_SMART_METER ENABLE_AI_AUTOMATION ENABLE_OPENAI_SERVICE ENABLE_DEVICE_INTELLIGENCE
  ENABLE_SYNTHETIC_DATA_GENERATION ENABLE_MOCK_DATA_CREATION JWT_SECRET_KEY ADMIN_PASSWORD LOG_LEVEL LOG_FORMAT
  CLEANUP_INTERVAL_HOURS MONITORING_INTERVAL_MINUTES COMPRESSION_INTERVAL_HOURS BACKUP_INTERVAL_HOURS BACKUP_DIR
  WEBSOCKET_MAX_RETRIES WEBSOCKET_MAX_RETRY_DELAY OPENVINO_CLEAN_CACHE_ON_SHUTDOWN HF_TOKEN
  HOMEIQ_INFLUXDB_IMAGE HOMEIQ_HOME_ASSISTANT_IMAGE HOMEIQ_HEALTH_INTERVAL
`
  .trim()
  .split(/\s+/);

/** Put together in compose.yaml from other settings; named in the template so that a search finds them. */
const composedKeys =
  'HA_URL HOME_ASSISTANT_URL HOME_ASSISTANT_TOKEN DATABASE_URL SQLITE_DATABASE_URL DATABASE_PATH SQLITE_PATH API_PORT WEBSOCKET_INGESTION_PORT'.split(
    ' ',
  );

type Reference = { readonly key: string; readonly fallback: string | undefined };

/** `${KEY:-…}` and its kin in compose.yaml; the fallback is undefined for other forms and where it holds a reference itself. */
function referencesOf(text: string): readonly Reference[] {
  const withoutComments = text.replaceAll(/^\s*#.*$/gm, '');
  return [
    ...withoutComments.matchAll(
      /\$\{(?<key>[A-Z][A-Z0-9_]*)(?<form>:?[-+?])?(?<rest>[^{}$]*)(?=(?<end>[}$]))/g,
    ),
  ].map(({ groups = {} }) => ({
    key: groups.key ?? '',
    fallback: groups.form === ':-' && groups.end === '}' ? groups.rest : undefined,
  }));
}

const references = referencesOf(readComposeFile());
const fieldsOf = (mode: Mode): readonly TemplateField[] => bundledTemplate(mode).fields;
const keysOf = (mode: Mode): readonly string[] => fieldsOf(mode).map(({ key }) => key);
const fieldOf = (mode: Mode, key: string): TemplateField => {
  const field = fieldsOf(mode).find(candidate => candidate.key === key);
  assert.ok(field, `${key} is not in ${mode}.env`);
  return field;
};

describe('the templates and compose.yaml', () => {
  test('every key that compose.yaml uses is in both templates, and no other but those that it does not need', () => {
    const used = [...new Set([...references.map(({ key }) => key), ...notInComposeFile])].toSorted();
    for (const mode of modes) assert.deepEqual(keysOf(mode).toSorted(), used);
  });

  test('the settings of HomeIQ are there, or named', () => {
    for (const mode of modes) {
      for (const key of homeiqKeys) fieldOf(mode, key);
      for (const key of composedKeys) assert.match(bundledTemplate(mode).text, new RegExp(`\\b${key}\\b`));
    }
  });

  test('a default is the same in compose.yaml as in the production template, and a shared one as in both', () => {
    // Not a default, but the name of a variable that nobody sets.
    const real = references.filter(
      ({ fallback }) => fallback !== undefined && fallback !== 'HOMEIQ_NO_MQTT_BROKER',
    );
    assert.ok(real.length > 200);
    for (const { key, fallback } of real) {
      const field = fieldOf('production', key);
      assert.equal(field.defaultValue, fallback, key);
      if (field.scope === 'shared') assert.equal(fieldOf('test', key).defaultValue, fallback, key);
    }
  });

  test('every key of the catalog is there, with the scope of its service', () => {
    for (const service of bundledStack().services) {
      const { name, bound, onKey, heldKey, enabledBy, needs, needsIn, needsService } = service;
      for (const key of [...needs, ...(needsIn?.production ?? []), ...(needsIn?.test ?? [])])
        fieldOf('test', key);
      for (const key of [onKey, heldKey, enabledBy]) {
        if (key !== undefined)
          assert.equal(fieldOf('test', key).scope, bound ? 'mode' : 'shared', `${name} ${key}`);
      }
      const prefix = `HOMEIQ_${name.toUpperCase().replaceAll('-', '_')}`;
      assert.ok(onKey === undefined || onKey === `${prefix}_ON`);
      assert.ok(heldKey === undefined || heldKey === `${prefix}_HELD`);
      assert.equal(
        heldKey !== undefined,
        enabledBy !== undefined || needs.length > 0 || needsIn !== undefined || needsService !== undefined,
      );
    }
  });
});

describe('the templates', () => {
  test('have the same keys in the same order, with one scope, type and section each', () => {
    const shape = ({ key, scope, type, section, isSecret, label }: TemplateField) => ({
      key,
      scope,
      type,
      section,
      isSecret,
      label,
    });
    assert.deepEqual(fieldsOf('test').map(shape), fieldsOf('production').map(shape));
    assert.equal(bundledTemplate('test').version, bundledTemplate('production').version);
  });

  test('the field of the retention takes what InfluxDB takes, and nothing else', () => {
    for (const mode of modes) {
      const field = bundledTemplate(mode).fields.find(({ key }) => key === 'INFLUXDB_RETENTION');
      assert.ok(field);
      for (const value of [
        '7d',
        '1d12h',
        '2w',
        '60m',
        '3600s',
        '0',
        '59m',
        '1s',
        '0d',
        '1y',
        '1mo',
        '-1d',
        'x',
      ]) {
        assert.equal(checkValue(field, value) === undefined, parseRetention(value) !== undefined, value);
      }
    }
  });

  test('the interval of the health checks is refused in words of its own', () => {
    const field = fieldOf('production', 'HOMEIQ_HEALTH_INTERVAL');
    assert.equal(checkValue(field, '10'), 'A number with its unit, for example 10s, 1m30s or 2h.');
    assert.equal(checkValue(field, '0'), 'At least 1s.');
    for (const value of ['1s', '2s', '10s', '1h']) assert.equal(checkValue(field, value), undefined);
  });

  test('what homeiq itself gives a setting, at every level, can be what its field wants', () => {
    for (const mode of modes) {
      const files = ['sandbox.env', ...(mode === 'production' ? ['sandbox.production.env'] : [])];
      const standIns = files.map(name => readFileSync(path.join(programFolder, 'sandbox', name), 'utf8'));
      const standInValues = documentValues(parseEnv(standIns.join('\n')));
      for (const field of fieldsOf(mode)) {
        for (const value of [field.defaultValue, standInValues[field.key] ?? ''])
          assert.equal(checkValue(field, value), undefined, `${mode} ${field.key}`);
      }
    }
  });

  test('where the web pages listen, the broker and the images take no free text', () => {
    for (const [key, wrong] of [
      ['HOMEIQ_BIND', 'localhost'],
      ['MQTT_BROKER', 'mqtt://broker'],
      ['HOMEIQ_INFLUXDB_IMAGE', 'InfluxDB 2.9'],
      ['HOMEIQ_HOME_ASSISTANT_IMAGE', 'home assistant'],
      ['HOMEIQ_VERSION', 'v 1'],
    ] as const) {
      for (const mode of modes) assert.ok(checkValue(fieldOf(mode, key), wrong), key);
    }
  });

  test('a shared key has one description and one default', () => {
    for (const field of fieldsOf('test').filter(({ scope }) => scope === 'shared')) {
      if (field.key === 'OPENAI_API_KEY') continue;
      assert.deepEqual(field, fieldOf('production', field.key));
    }
  });

  test('a first test set-up asks for nothing', () => {
    const asked = fieldsOf('test').filter(field => !field.isAdvanced && !field.isGenerated && !field.isFixed);
    assert.deepEqual(
      asked.map(({ key }) => key),
      ['TZ'],
    );
  });

  test('production asks for the address and the token of Home Assistant, and for no more', () => {
    const needed = fieldsOf('production').filter(
      field => field.isRequired && !field.isGenerated && field.defaultValue === '',
    );
    assert.deepEqual(
      needed.map(({ key }) => key),
      ['HA_HTTP_URL', 'HA_TOKEN'],
    );
  });

  test('what the mode fixes is what HomeIQ calls it', () => {
    for (const mode of modes) {
      const facts = modeFacts[mode];
      const [main, weather] = facts.buckets;
      const values = templateValues(mode);
      assert.deepEqual(
        {
          mode: values.DEPLOYMENT_MODE,
          profile: values.COMPOSE_PROFILES,
          org: values.INFLUXDB_ORG,
          bucket: values.INFLUXDB_BUCKET,
          weather: values.INFLUXDB_WEATHER_BUCKET,
          retention: values.INFLUXDB_RETENTION,
          webSocket: values.HA_WS_URL,
        },
        {
          mode,
          profile: mode,
          org: facts.org,
          bucket: main?.name,
          weather: weather?.name,
          retention: `${(main?.retentionSeconds ?? 0) / 86_400}d`,
          webSocket: deriveKeys(values).HA_WS_URL,
        },
      );
      for (const key of ['DEPLOYMENT_MODE', 'COMPOSE_PROFILES', 'INFLUXDB_ORG', 'INFLUXDB_BUCKET']) {
        assert.ok(fieldOf(mode, key).isFixed, key);
        assert.equal(fieldOf(mode, key).scope, 'mode', key);
      }
    }
  });

  test('no secret is shipped, and what is made here is made for this machine', () => {
    const made = ['JWT_SECRET_KEY', 'ADMIN_PASSWORD', 'API_KEY', 'AI_CORE_API_KEY', 'AI_AUTOMATION_API_KEY'];
    for (const mode of modes) {
      for (const key of [...made, 'INFLUXDB_TOKEN']) {
        const field = fieldOf(mode, key);
        assert.deepEqual([field.isSecret, field.isGenerated, field.isRequired], [true, true, true], key);
        assert.equal(field.scope, made.includes(key) ? 'shared' : 'mode', key);
        assert.equal(field.defaultValue, '', key);
      }
      const looksSecret = fieldsOf(mode).filter(({ key }) => /TOKEN|PASSWORD|SECRET|API_KEY$/.test(key));
      for (const { key, isSecret } of looksSecret) assert.ok(isSecret, key);
    }
    assert.ok(fieldOf('test', 'HA_TOKEN').isGenerated);
    assert.ok(!fieldOf('production', 'HA_TOKEN').isGenerated);
  });

  test('nothing external is on in test, and nothing is generated in production', () => {
    const test = templateValues('test');
    const production = templateValues('production');
    for (const { enabledBy, type } of bundledStack().services) {
      if (enabledBy !== undefined && type === 'external_api') assert.equal(test[enabledBy], 'false');
    }
    for (const key of ['ENABLE_SYNTHETIC_DATA_GENERATION', 'ENABLE_MOCK_DATA_CREATION']) {
      assert.equal(production[key], 'false');
      assert.ok(fieldOf('production', key).isFixed);
    }
    assert.deepEqual(
      fieldsOf('test')
        .filter(({ isPlaceholder }) => isPlaceholder)
        .map(({ key }) => key),
      ['OPENAI_API_KEY_STAND_IN', 'MQTT_BROKER'],
    );
    assert.ok(fieldsOf('production').every(({ isPlaceholder }) => !isPlaceholder));
  });

  test('the reach into production’s Home Assistant is closed in test', () => {
    for (const key of ['HA_HTTP_URL', 'HA_WS_URL', 'NABU_CASA_URL', 'NABU_CASA_TOKEN']) {
      const field = fieldOf('test', key);
      assert.deepEqual([field.isFixed, field.scope], [true, 'mode'], key);
    }
  });
});

/** The bundled stand-in as a process: how it ends where the real service does not start. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { runProcess } from '../../src/adapters/process/run-process.ts';
import { provideStandInBundle, type StandInBundle } from './stand-in-bundle.ts';

let bundle: StandInBundle;
before(async () => {
  bundle = await provideStandInBundle();
});
after(() => bundle.remove());

const run = (environment: Readonly<Record<string, string>>) =>
  runProcess(process.execPath, [bundle.path], { env: environment, timeoutMs: 20_000 });

describe('the stand-in program', () => {
  it('exits 1 and names every missing key, after a line that it starts', async () => {
    const { exitCode, stdout, stderr } = await run({
      SANDBOX_SERVICE: 'weather-api',
      INFLUXDB_ORG: 'homeiq',
    });
    assert.equal(exitCode, 1);
    assert.match(stdout, /"level":"INFO".*Starting weather-api sandbox in production mode/);
    for (const key of ['WEATHER_API_KEY', 'INFLUXDB_URL', 'INFLUXDB_BUCKET', 'INFLUXDB_TOKEN']) {
      assert.ok(stderr.includes(`${key} is required but not set`), key);
    }
    assert.ok(!stderr.includes('INFLUXDB_ORG'));
  });

  it('exits 1 for a mode that is none, and names the nearest', async () => {
    const { exitCode, stderr } = await run({ SANDBOX_SERVICE: 'ha-setup-service', DEPLOYMENT_MODE: 'tets' });
    assert.equal(exitCode, 1);
    assert.match(stderr, /DEPLOYMENT_MODE is "tets", which is no deployment mode\. Did you mean "test"\?/);
  });

  it('makes up no data in production, nor where it would go into a bucket of production', async () => {
    const inProduction = await run({ SANDBOX_SERVICE: 'ha-simulator' });
    assert.equal(inProduction.exitCode, 1);
    assert.match(inProduction.stderr, /ha-simulator is of type data_generation and runs in test mode only/);
    const swapped = await run({
      SANDBOX_SERVICE: 'ha-simulator',
      DEPLOYMENT_MODE: 'test',
      INFLUXDB_BUCKET: 'weather_data',
    });
    assert.equal(swapped.exitCode, 1);
    assert.match(swapped.stderr, /weather_data.*which is a bucket of production mode/);
  });

  it('does not read the mode in a neutral service', async () => {
    const { stdout } = await run({
      SANDBOX_SERVICE: 'ner-service',
      DEPLOYMENT_MODE: 'tets',
      SANDBOX_FAULT: 'exit-at-once',
    });
    assert.match(stdout, /INFO - Starting ner-service sandbox\n/);
  });

  it('exits 1 when it is told to, for an unknown fault and for an unknown service', async () => {
    const told = await run({ SANDBOX_SERVICE: 'ner-service', SANDBOX_FAULT: 'exit-at-once' });
    assert.equal(told.exitCode, 1);
    assert.match(told.stderr, /exit-at-once/);
    const fault = await run({ SANDBOX_SERVICE: 'ner-service', SANDBOX_FAULT: 'nonsense' });
    assert.equal(fault.exitCode, 1);
    assert.match(fault.stderr, /"nonsense" is not known/);
    const service = await run({ SANDBOX_SERVICE: 'no-such' });
    assert.equal(service.exitCode, 1);
    assert.match(service.stderr, /"no-such" has no stand-in/);
  });

  it('exits 1 when the folder of its SQLite file is missing', async () => {
    const { exitCode, stderr } = await run({
      SANDBOX_SERVICE: 'data-api',
      API_KEY: 'k',
      DATABASE_URL: 'sqlite+aiosqlite:///./data/test/metadata.db',
      INFLUXDB_URL: 'http://127.0.0.1:1',
      INFLUXDB_ORG: 'o',
      INFLUXDB_BUCKET: 'b',
      INFLUXDB_TOKEN: 't',
    });
    assert.equal(exitCode, 1);
    assert.match(stderr, /DATABASE_URL: unable to open database file .*data\/test\/metadata\.db \(ENOENT\)/);
  });
});

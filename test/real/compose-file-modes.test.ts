import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { modes, otherMode } from '../../src/core/mode/mode.ts';
import { parseStack } from '../../src/core/stack/parse-stack.ts';
import { bundledTemplate } from '../helpers/bundled-stack.ts';
import { documentOf, environmentOf, serviceOf, testedComposes } from '../helpers/resolved-compose-file.ts';

for (const { name, skip, resolve } of testedComposes()) {
  describe(`the modes of compose.yaml with ${name}`, { skip }, () => {
    test('neutral services resolve to the same in both modes, bound ones do not', async () => {
      const [ofTest, ofProduction] = [
        await resolve(documentOf('test')),
        await resolve(documentOf('production')),
      ];
      for (const service of parseStack(ofTest).services) {
        const pair = [serviceOf(ofTest, service.name), serviceOf(ofProduction, service.name)];
        const environment = pair[0]?.environment ?? {};
        assert.equal('DEPLOYMENT_MODE' in environment, service.bound, service.name);
        if (service.bound) assert.notDeepEqual(pair[0], pair[1], service.name);
        else assert.deepEqual(pair[0], pair[1], service.name);
      }
    });

    test('neutral services refer to shared keys only', async () => {
      const values = documentOf('test');
      const shared = new Map(
        bundledTemplate('test').fields.map(field => [field.key, field.scope === 'shared']),
      );
      const changed = Object.fromEntries(
        Object.entries(values).map(([key, value]) => [
          key,
          shared.get(key) === true ||
          ['DEPLOYMENT_MODE', 'COMPOSE_PROFILES'].includes(key) ||
          /_(ON|HELD)$/.test(key)
            ? value
            : /_PORT$|_RETRIES|_DELAY|_HOURS|_MINUTES/.test(key)
              ? '7'
              : 'another',
        ]),
      );
      const [before, after] = [await resolve(values), await resolve(changed)];
      for (const service of parseStack(before).services.filter(({ bound }) => !bound)) {
        assert.deepEqual(serviceOf(after, service.name), serviceOf(before, service.name), service.name);
      }
    });

    test('database services get the mode’s org, bucket and token, and nothing of the other mode', async () => {
      for (const mode of modes) {
        const values = documentOf(mode);
        const resolved = await resolve(values);
        for (const service of parseStack(resolved).services) {
          const environment = environmentOf(resolved, service.name);
          assert.equal(
            environment.INFLUXDB_TOKEN,
            service.database ? values.INFLUXDB_TOKEN : undefined,
            service.name,
          );
          assert.equal(environment.INFLUXDB_ORG, service.database ? values.INFLUXDB_ORG : undefined);
          if (!service.database) continue;
          const bucket =
            service.name === 'weather-api' ? values.INFLUXDB_WEATHER_BUCKET : values.INFLUXDB_BUCKET;
          assert.equal(environment.INFLUXDB_BUCKET, bucket, service.name);
          assert.equal(environment.INFLUXDB_URL, 'http://influxdb:8086');
        }
        const other = documentOf(otherMode(mode));
        const everything = JSON.stringify(resolved.services);
        assert.ok(!everything.includes(`made-${otherMode(mode)}`));
        if (mode === 'production') assert.ok(!everything.includes(other.INFLUXDB_BUCKET ?? '?'));
      }
    });

    test('each mode has databases of its own, in folders that exist', async () => {
      for (const mode of modes) {
        const resolved = await resolve(documentOf(mode));
        assert.equal(
          environmentOf(resolved, 'data-api').DATABASE_URL,
          `sqlite+aiosqlite:///./data/${mode}/metadata.db`,
        );
        const mounts = Object.values(resolved.services).flatMap(({ volumes = [] }) => volumes);
        const mount = serviceOf(resolved, 'data-api').volumes?.[0];
        assert.deepEqual([mount?.source, mount?.target], [`sqlite-${mode}`, `/app/data/${mode}`]);
        assert.ok(mounts.every(({ source }) => !source.endsWith(`-${otherMode(mode)}`)));
      }
    });
  });
}

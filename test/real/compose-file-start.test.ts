import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseStack } from '../../src/core/stack/parse-stack.ts';
import { programFolder, readSnapshot } from '../helpers/bundled-stack.ts';
import { createScratchProject, docker, tinyImage } from '../helpers/engine.ts';
import { documentOf, hostPortKey, testedComposes } from '../helpers/resolved-compose-file.ts';

for (const { name, skip, compose } of testedComposes()) {
  describe(`a start of compose.yaml with ${name}`, { skip }, () => {
    test('on the engine, what waits for a service that is left out starts without it, and an unset key is unset', async () => {
      const scratch = await createScratchProject('composefile');
      const deployment = await mkdtemp(join(tmpdir(), 'homeiq-compose-file-'));
      const started = ['influxdb', 'health-dashboard', 'device-intelligence-service'];
      const stack = parseStack(readSnapshot());
      const leftOut = stack.services.filter(({ name: service }) => !started.includes(service));
      const values = {
        ...documentOf('production', { MQTT_BROKER: '', COMPOSE_PROJECT_NAME: scratch.project }),
        ...Object.fromEntries(leftOut.map(({ onKey }) => [onKey ?? '', '0'])),
        ...Object.fromEntries(started.map(service => [hostPortKey(service), '0'])),
      };
      // The same services with a tiny image, so that only Compose and the engine are on trial.
      const tiny = {
        image: tinyImage,
        command: ['/bin/busybox', 'sleep', '600'],
        healthcheck: { disable: true },
      };
      const target = {
        folder: deployment,
        project: scratch.project,
        files: [join(programFolder, 'compose.yaml'), join(deployment, 'override.json')],
        environment: values,
      };
      try {
        const services = Object.fromEntries(started.map(service => [service, tiny]));
        await writeFile(join(deployment, 'override.json'), JSON.stringify({ services }));
        await compose.up(target, 'profile');
        const label = `label=com.docker.compose.project=${scratch.project}`;
        const running = await docker(['ps', '--filter', label, '--format', '{{.Names}}']);
        assert.deepEqual(
          running.split('\n').toSorted(),
          started.map(service => `${scratch.project}-${service}-1`).toSorted(),
        );
        const environment = await docker([
          'exec',
          `${scratch.project}-device-intelligence-service-1`,
          '/bin/busybox',
          'env',
        ]);
        assert.doesNotMatch(environment, /MQTT_BROKER/);
        assert.match(environment, /^DEPLOYMENT_MODE=production$/m);
      } finally {
        await scratch.remove();
        await rm(deployment, { recursive: true, force: true });
      }
    });
  });
}

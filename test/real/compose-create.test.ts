/** Containers that Compose made and the engine started one by one, as a set-up does: Compose must find nothing to do after. */

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createCompose } from '../../src/adapters/docker/compose.ts';
import { createEngine } from '../../src/adapters/docker/engine.ts';
import { runProcess } from '../../src/adapters/process/run-process.ts';
import { composeFolders, createScratchProject, tinyImage } from '../helpers/engine.ts';

const service = (more: object) => ({
  image: tinyImage,
  command: ['/bin/busybox', 'sleep', '600'],
  stop_signal: 'SIGKILL',
  ...more,
});
const db = (bucket: string) =>
  service({
    environment: { BUCKET: bucket },
    volumes: ['data:/data'],
    healthcheck: { test: ['CMD', '/bin/busybox', 'true'], interval: '1s' },
  });
/** What the bundled services have between them; of the Compose features those that enter its hash. */
const stack = (bucket: string) => ({
  services: {
    db: db(bucket),
    api: service({
      depends_on: { db: { condition: 'service_healthy' } },
      env_file: 'api.env',
      profiles: ['test', 'production'],
    }),
    'only-test': service({ depends_on: ['api'], profiles: ['test'] }),
    'only-production': service({ depends_on: ['api'], profiles: ['production'] }),
    // Its image is there: a bare `up` pulls that of a service without replicas too.
    'left-out': service({ profiles: ['test'], deploy: { replicas: 0 } }),
  },
  volumes: { data: {} },
});

async function open(t: TestContext, configFolder: string) {
  const { project, remove } = await createScratchProject('create');
  const folder = await mkdtemp(join(tmpdir(), 'homeiq-compose-'));
  t.after(async () => {
    await remove();
    await rm(folder, { recursive: true, force: true });
  });
  const file = join(folder, 'compose.yaml');
  const write = (bucket: string) => writeFile(file, JSON.stringify(stack(bucket)));
  await writeFile(join(folder, '.env'), `COMPOSE_PROFILES=test\nCOMPOSE_PROJECT_NAME=${project}\n`);
  await writeFile(join(folder, 'api.env'), 'KEY=one\n');
  const engine = createEngine({ environment: process.env });
  const compose = createCompose({ environment: { ...process.env, DOCKER_CONFIG: configFolder } });
  const target = { folder, project, files: [file], environment: undefined };
  return {
    write,
    create: () => compose.create(target),
    startAll: async () => {
      for (const { id, state } of await engine.containers(project))
        if (state === 'created') await engine.start(id);
    },
    /** As an operator types it. */
    bareUp: async () => {
      const { PATH = '', HOME = '' } = process.env;
      const env = { PATH, HOME, DOCKER_CONFIG: configFolder };
      const { exitCode, stderr } = await runProcess('docker', ['compose', 'up', '-d'], { cwd: folder, env });
      assert.equal(exitCode, 0, stderr);
    },
    look: async () =>
      (await engine.containers(project)).map(each => ({
        service: each.service,
        state: each.state,
        id: each.id,
        startedAt: each.startedAt,
        bucket: each.environment.BUCKET,
      })),
  };
}

for (const { name, folder, skip } of composeFolders()) {
  const age = name === 'HOMEIQ_TEST_COMPOSE_OLD' ? 'old' : 'new';
  test(`${age}: created, started one by one; a bare up and a second create change nothing`, {
    skip,
  }, async t => {
    const { write, create, startAll, bareUp, look } = await open(t, folder);
    await write('events');
    await create();
    assert.deepEqual(
      (await look()).map(each => `${each.service} ${each.state}`),
      ['api created', 'db created', 'only-test created'],
    );
    await startAll();
    const first = await look();
    await bareUp();
    assert.deepEqual(await look(), first);
    await create();
    assert.deepEqual(await look(), first);

    await write('others');
    await create();
    await startAll();
    const second = await look();
    assert.equal(second.find(each => each.service === 'db')?.bucket, 'others');
    await bareUp();
    assert.deepEqual(await look(), second);
  });
}

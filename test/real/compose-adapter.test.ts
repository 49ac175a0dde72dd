/** The Compose adapter with both versions of Compose against a real engine. */

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createCompose } from '../../src/adapters/docker/compose.ts';
import { createEngine } from '../../src/adapters/docker/engine.ts';
import { ExternalError } from '../../src/core/error.ts';
import { describeBuildStep } from '../../src/core/images/build-step.ts';
import type { ComposeProgress, ComposeTarget } from '../../src/ports/compose.ts';
import { composeFolders, createScratchProject, docker, tinyImage } from '../helpers/engine.ts';
import { until } from '../helpers/until.ts';

const busybox = '/bin/busybox';
const service = (lines: readonly string[], command = `${busybox} sleep 600`): string =>
  [
    `    image: ${tinyImage}`,
    `    command: ${command}`,
    '    stop_signal: SIGKILL',
    ...lines.map(line => `    ${line}`),
  ].join('\n');

/** A service that is slow to be healthy, one that waits for it, one of each mode, one that is left out, a volume. */
const stack = `
services:
  db:
${service(
  [
    `healthcheck: {test: [CMD, ${busybox}, test, -f, /ready], interval: 1s}`,
    `environment: {BUCKET: '\${BUCKET:-none}', LITERAL: 'a$$b'}`,
    'volumes: [data:/data]',
  ],
  `${busybox} sh -c "${busybox} sleep 1; ${busybox} touch /ready; exec ${busybox} sleep 600"`,
)}
  api:
${service(['depends_on: {db: {condition: service_healthy}}', 'env_file: api.env', 'profiles: [test, production]'])}
  only-test:
${service(['depends_on: [api]', 'profiles: [test]'])}
  only-production:
${service(['profiles: [production]'])}
  left-out:
${service(['profiles: [test]', 'deploy: {replicas: 0}']).replace(tinyImage, 'homeiq-test-nowhere:1')}
volumes:
  data: {}
`;

type Files = Readonly<Record<string, string>>;

async function start(t: TestContext, configFolder: string, files: Files) {
  const scratch = await createScratchProject('compose');
  const folder = await mkdtemp(join(tmpdir(), 'homeiq-compose-'));
  t.after(async () => {
    await scratch.remove();
    await rm(folder, { recursive: true, force: true });
  });
  const write = async (more: Files): Promise<void> => {
    for (const [name, text] of Object.entries(more)) await writeFile(join(folder, name), text);
  };
  await write(files);
  const target: ComposeTarget = {
    folder,
    project: scratch.project,
    files: [join(folder, 'compose.yaml')],
    environment: undefined,
  };
  const told: ComposeProgress[] = [];
  return {
    ...scratch,
    target,
    write,
    told,
    options: { onProgress: (progress: ComposeProgress) => void told.push(progress) },
    engine: createEngine({ environment: process.env }),
    compose: createCompose({
      environment: {
        ...process.env,
        DOCKER_CONFIG: configFolder,
        BUCKET: 'of-the-shell',
        COMPOSE_PROFILES: 'wrong',
      },
    }),
  };
}

const stackFiles: Files = {
  'compose.yaml': stack,
  '.env': 'COMPOSE_PROFILES=test\nBUCKET=events\n',
  'api.env': 'KEY=one\n',
};

const failure = async (promise: Promise<unknown>): Promise<ExternalError> => {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof ExternalError, `an ExternalError, not ${thrown}`);
  return thrown;
};

for (const { name, folder, skip } of composeFolders()) {
  const version = name === 'HOMEIQ_TEST_COMPOSE_OLD' ? 'old' : 'new';

  test(`${version}: the model has every profile, single dollars and the values of the .env`, {
    skip,
  }, async t => {
    const { compose, target } = await start(t, folder, stackFiles);
    const model = (await compose.resolve(target)) as {
      readonly services: Readonly<Record<string, { readonly environment: Readonly<Record<string, string>> }>>;
    };
    assert.deepEqual(Object.keys(model.services).sort(), [
      'api',
      'db',
      'left-out',
      'only-production',
      'only-test',
    ]);
    assert.deepEqual(model.services.db?.environment, { BUCKET: 'events', LITERAL: 'a$b' });
    const given = (await compose.resolve({ ...target, environment: { BUCKET: "it's $5" } })) as typeof model;
    assert.equal(given.services.db?.environment.BUCKET, "it's $5");
    const before = (await compose
      .resolve({
        ...target,
        folder: join(target.folder, 'not-made-yet'),
        environment: {},
      })
      .catch((error: unknown) => error)) as Error;
    // Its env_file is looked for in the folder that is not there.
    assert.match(before.message, /api\.env/);
  });

  test(`${version}: up waits for health, tells it, and a second one changes nothing`, { skip }, async t => {
    const { compose, engine, target, project, told, options } = await start(t, folder, stackFiles);
    await compose.up(target, 'profile', options);
    const first = await engine.containers(project);
    assert.deepEqual(
      first.map(container => [container.service, container.state, container.health]),
      [
        ['api', 'running', 'none'],
        ['db', 'running', 'healthy'],
        ['only-test', 'running', 'none'],
      ],
    );
    const phasesOfDb = told.filter(progress => progress.service === 'db').map(progress => progress.phase);
    assert.deepEqual(phasesOfDb, ['creating', 'created', 'starting', 'started', 'waiting', 'healthy']);
    assert.equal(first.find(container => container.service === 'db')?.environment.BUCKET, 'events');
    await compose.up(target, 'profile');
    const second = await engine.containers(project);
    assert.deepEqual(
      second.map(({ id, startedAt }) => [id, startedAt]),
      first.map(({ id, startedAt }) => [id, startedAt]),
    );
  });

  test(`${version}: hashes are the labels, and tell what an up would recreate`, { skip }, async t => {
    const { compose, engine, target, project, write } = await start(t, folder, stackFiles);
    await compose.up(target, 'profile');
    const labels = async () =>
      new Map(
        (await engine.containers(project)).map(container => [
          container.service,
          container.labels['com.docker.compose.config-hash'],
        ]),
      );
    const changed = async (): Promise<readonly (string | undefined)[]> => {
      const [hashes, seen] = await Promise.all([compose.hashes(target), labels()]);
      return [...seen].filter(([each, hash]) => hashes.get(each ?? '') !== hash).map(([each]) => each);
    };
    assert.deepEqual(await changed(), []);
    await write({ 'api.env': 'KEY=two\n' });
    assert.deepEqual(await changed(), ['api']);
    await write({ '.env': 'COMPOSE_PROFILES=test\nBUCKET=other\nUNUSED=1\n' });
    assert.deepEqual(await changed(), ['api', 'db']);
    await compose.up(target, 'profile');
    assert.deepEqual(await changed(), []);
  });

  test(`${version}: services by name, of a profile that is not active`, { skip }, async t => {
    const { compose, engine, target, project } = await start(t, folder, stackFiles);
    await compose.up(target, ['only-production', 'api']);
    const states = async () =>
      (await engine.containers(project)).map(container => `${container.service} ${container.state}`);
    assert.deepEqual(
      await states(),
      ['api running', 'only-production running'],
      'without what they depend on',
    );
    await compose.stop(target, ['only-production']);
    assert.deepEqual(await states(), ['api running', 'only-production exited']);
    await compose.remove(target, ['only-production', 'api']);
    assert.deepEqual(await states(), []);
    await compose.stop(target, ['only-production']);
  });

  test(`${version}: a port that a process holds, and one that a container holds`, { skip }, async t => {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const web = (each: string, held: number) =>
      `  ${each}:\n${service([`ports: ["127.0.0.1:${held}:80"]`])}\n`;
    const { compose, engine, target, project, write } = await start(t, folder, {
      'compose.yaml': `services:\n${web('web', port)}`,
    });
    const byProcess = await failure(compose.up(target, 'profile'));
    assert.equal(byProcess.code, 'port-held');
    assert.equal(byProcess.message, `Port ${port} is in use by another program, and web needs it`);
    await new Promise(resolve => server.close(resolve));
    await compose.up(target, 'profile');
    await write({ 'compose.yaml': `services:\n${web('web', port)}${web('other', port)}` });
    const byContainer = await failure(compose.up(target, 'profile'));
    assert.equal(byContainer.message, `Port ${port} is in use by another container, and other needs it`);
    assert.equal((await engine.containers(project)).find(each => each.service === 'web')?.state, 'running');
  });

  test(`${version}: a dependency that is unhealthy, an image that is missing, a file that is wrong`, {
    skip,
  }, async t => {
    const { compose, target, write, project } = await start(t, folder, {
      'compose.yaml': `services:
  db:
${service([`healthcheck: {test: [CMD, ${busybox}, 'false'], interval: 1s, retries: 1}`])}
  api:
${service(['depends_on: {db: {condition: service_healthy}}'])}
`,
    });
    const unhealthy = await failure(compose.up(target, 'profile'));
    assert.equal(unhealthy.message, 'db is unhealthy, so what needs it was not started');
    assert.ok(unhealthy.nextSteps.join().includes(`${project}-db-1`));
    await write({ 'compose.yaml': 'services:\n  x:\n    image: homeiq-test-nowhere:1\n    build: .\n' });
    const missing = await failure(compose.up(target, 'profile'));
    assert.equal(missing.message, 'The image homeiq-test-nowhere:1 is not on this machine');
    await write({ 'compose.yaml': 'services:\n  x: [' });
    assert.equal((await failure(compose.resolve(target))).code, 'model-invalid');
    await write({ 'compose.yaml': 'services: {}', '.env': 'A="hunter2\n' });
    const unreadable = await failure(compose.resolve(target));
    assert.doesNotMatch(JSON.stringify([unreadable, unreadable.message]), /hunter2/);
  });

  test(`${version}: an engine that is not there`, { skip }, async t => {
    const { target } = await start(t, folder, { 'compose.yaml': `services:\n  a:\n${service([])}\n` });
    const compose = createCompose({
      environment: { ...process.env, DOCKER_CONFIG: folder, DOCKER_HOST: 'unix:///nonexistent/docker.sock' },
    });
    assert.equal((await failure(compose.up(target, 'profile'))).code, 'engine-down');
  });

  test(`${version}: building, and a build that fails`, { skip }, async t => {
    const built = `homeiq-test-built-${version}:1`;
    const { compose, engine, target, told, options, write } = await start(t, folder, {
      'compose.yaml': `services:\n  thing:\n    image: ${built}\n    build: .\n`,
      Dockerfile: 'FROM scratch\nCOPY Dockerfile /x\n',
    });
    t.after(() => docker(['image', 'rm', '-f', built]).catch(() => undefined));
    await compose.build(target, ['thing'], options);
    assert.equal((await engine.images([built])).size, 1);
    assert.ok(told.some(progress => progress.phase === 'building' && progress.service === 'thing'));
    // 2.26 builds with BuildKit in lines, 5.6 in JSON with the classic builder where it has no buildx.
    const steps = told.flatMap(({ text }) => describeBuildStep(text) ?? []);
    assert.ok(
      steps.some(step => /^step \d of \d: COPY Dockerfile \/x$/.test(step)),
      told.map(({ text }) => text).join('\n'),
    );
    await write({ Dockerfile: `FROM ${tinyImage}\nRUN ["${busybox}", "false"]\n` });
    const failed = await failure(compose.build(target, ['thing'], options));
    assert.equal(failed.code, 'build-failed', `${failed.message}\n${failed.tail}`);
    assert.equal(failed.message, 'The image of thing could not be built');
  });

  test(`${version}: aborting an up ends Compose at once`, { skip }, async t => {
    const { compose, target, told, options } = await start(t, folder, {
      'compose.yaml': `services:
  db:
${service([`healthcheck: {test: [CMD, ${busybox}, 'false'], interval: 1s, retries: 1000}`])}
  api:
${service(['depends_on: {db: {condition: service_healthy}}'])}
`,
    });
    const controller = new AbortController();
    t.after(() => controller.abort());
    const up = compose.up(target, 'profile', { ...options, signal: controller.signal });
    await until(() => told.some(progress => progress.phase === 'waiting'), { timeoutMs: 30_000 });
    const reason = new Error('enough');
    controller.abort(reason);
    await assert.rejects(up, error => error === reason);
  });
}

/** Stand-ins on a real engine: base image, build by either Compose, health checks, memory, signals and faults. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createEngine } from '../../src/adapters/docker/engine.ts';
import { ensureSandboxBase } from '../../src/adapters/docker/sandbox-base.ts';
import { runProcess } from '../../src/adapters/process/run-process.ts';
import type { Container } from '../../src/ports/engine.ts';
import { composeFolders, createScratchProject, docker, type ScratchProject } from '../helpers/engine.ts';
import { freePort } from '../helpers/influxd.ts';
import { until } from '../helpers/until.ts';
import { provideStandInBundle, sandboxFolder } from '../sandbox/stand-in-bundle.ts';

/** Each has another kind of health check: python, curl, a shell line; the others are for the faults. */
const services = ['ner-service', 'log-aggregator', 'home-assistant-test'] as const;
const faulty = ['ml-service', 'openai-service', 'device-intelligence-service', 'openvino-service'] as const;
const waitMs = 60_000;

type Inspected = {
  readonly Image?: string;
  readonly Config: {
    readonly Entrypoint: readonly string[] | null;
    readonly Cmd: readonly string[] | null;
  };
  readonly State?: { readonly Pid: number };
  readonly Mounts?: readonly { readonly Destination: string; readonly RW: boolean }[];
};

for (const { name, folder: dockerConfig, skip } of composeFolders()) {
  describe(`stand-ins built by ${name}`, { skip }, () => {
    const engine = createEngine({ environment: process.env });
    const version = `t-${randomBytes(4).toString('hex')}`;
    let folder: string;
    let scratch: ScratchProject;

    async function compose(...args: readonly string[]) {
      return runProcess('docker', ['compose', ...args], {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, DOCKER_CONFIG: dockerConfig },
      });
    }
    async function succeed(...args: readonly string[]): Promise<string> {
      const { exitCode, stdout, stderr } = await compose(...args);
      assert.equal(exitCode, 0, `docker compose ${args.join(' ')}\n${stderr}`);
      return stdout;
    }
    async function find(service: string): Promise<Container> {
      const container = (await engine.containers(scratch.project)).find(one => one.service === service);
      assert.ok(container !== undefined, `${service} has no container`);
      return container;
    }
    const waitFor = (service: string, isSo: (container: Container) => boolean): Promise<Container> => {
      let last: Container | undefined;
      return until(
        async () => {
          last = await find(service);
          return isSo(last) ? last : undefined;
        },
        { timeoutMs: waitMs, describe: () => `${service}: ${JSON.stringify(last)}` },
      );
    };

    before(async () => {
      scratch = await createScratchProject('standins');
      folder = await mkdtemp(join(tmpdir(), 'homeiq-stand-ins-'));
      const root = join(sandboxFolder, '..');
      await copyFile(join(root, 'compose.yaml'), join(folder, 'compose.yaml'));
      await copyFile(join(root, 'src', 'deployment', 'homeiq-guard'), join(folder, 'homeiq-guard'));
      await copyFile(join(sandboxFolder, 'compose.sandbox.yaml'), join(folder, 'compose.sandbox.yaml'));
      const text = await readFile(join(root, 'compose.yaml'), 'utf8');
      const keys = [...text.matchAll(/HOMEIQ_\w+_HOST_PORT/g)].map(([key]) => key);
      const ports = await Promise.all(keys.map(async key => `${key}=${await freePort()}`));
      const lines = [
        await readFile(join(sandboxFolder, 'sandbox.env'), 'utf8'),
        `COMPOSE_PROJECT_NAME=${scratch.project}`,
        'COMPOSE_FILE=compose.yaml:compose.sandbox.yaml',
        `HOMEIQ_SOURCE=${sandboxFolder}`,
        `HOMEIQ_VERSION=${version}`,
        'HOMEIQ_BIND=127.0.0.1',
        'HOMEIQ_HEALTH_INTERVAL=1s',
        'DEPLOYMENT_MODE=test',
        'SANDBOX_ML_SERVICE_FAULT=never-healthy',
        'SANDBOX_OPENAI_SERVICE_FAULT=memory-hog',
        'SANDBOX_DEVICE_INTELLIGENCE_SERVICE_FAULT=wrong-mode',
        'SANDBOX_OPENVINO_SERVICE_FAULT=exit-at-once',
        'SANDBOX_LOG_AGGREGATOR_FAULT=slow-start',
        ...ports,
      ];
      await writeFile(join(folder, '.env'), `${lines.join('\n')}\n`);
      const bundle = await provideStandInBundle();
      await ensureSandboxBase(engine, { sandboxFolder, programPath: bundle.path });
      await bundle.remove();
    });
    after(async () => {
      await scratch?.remove();
      // The classic builder puts no label of the project on what it builds.
      const filter = `reference=homeiq-sandbox/*:${version}`;
      const images = await docker([
        'image',
        'ls',
        '--filter',
        filter,
        '--format',
        '{{.Repository}}:{{.Tag}}',
      ]);
      if (images !== '') await docker(['image', 'rm', ...images.split('\n')]);
      await rm(folder, { recursive: true, force: true });
    });

    it('builds without a registry and becomes healthy by every kind of health check', async () => {
      await succeed('build', ...services, ...faulty);
      await succeed('up', '-d', '--no-deps', ...services, ...faulty);
      for (const service of services) {
        await waitFor(service, one => one.health === 'healthy');
      }
    });

    it('starts a test service behind the guard, which then is what its image would have started', async () => {
      const { id } = await find('home-assistant-test');
      const inspect = async (of: string): Promise<Inspected> => JSON.parse(await docker(['inspect', of]))[0];
      const { Config, Mounts = [], Image = '', State } = await inspect(id);
      const image = (await inspect(Image)).Config;
      const guard = '/usr/local/bin/homeiq-guard';
      const call = ['/bin/sh', guard, '--service', 'home-assistant-test', '--type', 'test', '--'];
      assert.deepEqual(
        [...(Config.Entrypoint ?? []), ...(Config.Cmd ?? [])],
        [...call, ...(image.Entrypoint ?? []), ...(image.Cmd ?? [])],
      );
      const mount = Mounts.find(({ Destination }) => Destination === guard);
      assert.equal(mount?.RW, false);
      // Its first process has become the program. There may be others: the health checks.
      const processes = (await docker(['top', id, '-o', 'pid,args']))
        .split('\n')
        .map(line => line.trim().replace(/\s+/g, ' '));
      assert.ok(processes.includes(`${State?.Pid} ${(image.Cmd ?? []).join(' ')}`), processes.join('\n'));
    });

    it('uses little memory', async () => {
      const containers = await Promise.all(services.map(find));
      const usage = await engine.usage(containers);
      for (const { id, service } of containers) {
        const memoryMiB = usage.get(id)?.memoryMiB ?? Number.POSITIVE_INFINITY;
        // All 24 together stay below 2 GiB; 30 to 55 each are seen, with the page cache of whoever read Node first.
        assert.ok(memoryMiB < 80, `${service}: ${memoryMiB} MiB`);
      }
    });

    it('has every fault that it is asked for', async () => {
      const address = 'http://127.0.0.1:8020/health';
      const unwell = await compose('exec', '-T', 'ml-service', 'curl', '-s', '-w', '%{http_code}', address);
      assert.match(unwell.stdout, /"status":"unhealthy".*\n503$/);
      assert.notEqual((await find('ml-service')).health, 'healthy');

      await waitFor('openai-service', one => one.wasKilledForMemory || one.exitCode === 137);

      const health = 'http://127.0.0.1:8019/health/';
      const lying = await succeed('exec', '-T', 'device-intelligence-service', 'curl', '-fs', health);
      assert.equal(JSON.parse(lying).deployment.deployment_mode, 'production');

      await waitFor('openvino-service', one => one.restartCount > 0);
      assert.match(await succeed('logs', '--no-log-prefix', 'openvino-service'), /exit-at-once: ending/);

      const lines = (await succeed('logs', '--no-log-prefix', 'log-aggregator')).split('\n');
      const timeOf = (text: string) =>
        Date.parse(
          JSON.parse(lines.find(line => line.includes(text))?.replace(/^[^{]*/, '') ?? '{}').timestamp,
        );
      assert.ok(timeOf('is ready') - timeOf('Starting') >= 5000);
    });

    it('ends cleanly and at once when it is told to stop', async () => {
      const startedMs = performance.now();
      await succeed('stop', '--timeout', '30', ...services);
      assert.ok(performance.now() - startedMs < 15_000);
      for (const service of services) {
        assert.equal((await find(service)).exitCode, 0, service);
      }
    });
  });
}

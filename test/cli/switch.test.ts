/** `homeiq switch` on the rehearsal, in this process. */

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readArguments } from '../../src/cli/arguments.ts';
import { runPlan } from '../../src/cli/plan.ts';
import { createRehearsalPorts } from '../../src/cli/rehearsal-ports.ts';
import { createSession } from '../../src/cli/session.ts';
import { runSetup } from '../../src/cli/setup.ts';
import { runStop } from '../../src/cli/stop.ts';
import { runSwitch } from '../../src/cli/switch.ts';
import { parseEnv } from '../../src/core/env/parse.ts';
import { documentValues } from '../../src/core/env/values.ts';
import { UserError } from '../../src/core/error.ts';
import type { RunEvent } from '../../src/core/run/journal-event.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { createJumpingClock } from '../helpers/clock.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const programFolder = path.resolve(import.meta.dirname, '../..');

type Answer = { readonly code: number; readonly lines: readonly string[]; readonly thrown?: UserError };

/** A test deployment that runs, and a way to type commands on it. */
async function setUpTest() {
  const folder = await mkdtemp(path.join(tmpdir(), 'homeiq-test-'));
  const request = { level: 'rehearsal', folder, programFolder, version: '0.0.0', environment: {} } as const;
  const ports = createRehearsalPorts(request, createJumpingClock(Date.now()));
  const type = async (
    words: string,
    { through = ports, ask }: { through?: Ports; ask?: (question: string) => Promise<boolean> } = {},
  ): Promise<Answer> => {
    const parsed = readArguments([...words.split(' '), '--rehearse']);
    const session = createSession(through, parsed, folder, {});
    const lines: string[] = [];
    const print = (text: string): void => void lines.push(...text.split('\n'));
    const { signal } = new AbortController();
    try {
      const code =
        parsed.command === 'plan'
          ? await runPlan(session, parsed, print)
          : parsed.command === 'setup'
            ? await runSetup(session, parsed, print, signal)
            : await runSwitch(session, parsed, { print, ask, askText: undefined }, signal);
      return { code, lines };
    } catch (thrown) {
      assert.ok(thrown instanceof UserError, String(thrown));
      return { code: thrown.exitCode, lines, thrown };
    }
  };
  assert.equal((await type('setup --mode test --yes')).code, 0);
  const env = async (mode?: 'test' | 'production') =>
    documentValues(
      parseEnv((await (mode === undefined ? ports.files.readEnv() : ports.files.readModeEnv(mode))) ?? ''),
    );
  const modesThatRun = async (): Promise<ReadonlySet<string>> =>
    new Set(
      (await ports.engine.containers(undefined))
        .filter(({ state }) => state === 'running')
        .flatMap(({ environment }) => environment.DEPLOYMENT_MODE ?? []),
    );
  return { folder, ports, type, env, modesThatRun };
}

const eventsOf = (lines: readonly string[]): readonly RunEvent[] => lines.map(line => JSON.parse(line));

/** Ports with a Compose of `more`, for the worker too. */
function hostedWith(ports: Ports, more: Partial<Ports['compose']>): Ports {
  const hosted: Ports = {
    ...ports,
    compose: { ...ports.compose, ...more },
    workerHost: {
      ...ports.workerHost,
      start: async request => {
        const { openRun } = await import('../../src/app/worker/host-run.ts');
        const execute = await openRun(hosted, request);
        void execute({ pid: process.pid, signal: new AbortController().signal });
      },
    },
  };
  return hosted;
}

/** Ports whose Compose cannot bring up the production profile. */
const withoutProduction = (ports: Ports): Ports =>
  hostedWith(ports, {
    create: async (target, options) => {
      const env = documentValues(parseEnv((await ports.files.readEnv()) ?? ''));
      if (env.DEPLOYMENT_MODE === 'production') {
        throw new UserError('The rehearsed Compose refuses production.');
      }
      return ports.compose.create(target, options);
    },
  });

describe('homeiq switch', () => {
  let deployment: Awaited<ReturnType<typeof setUpTest>>;

  before(async () => {
    deployment = await setUpTest();
  });
  after(() => rm(deployment.folder, { recursive: true, force: true }));

  it('shows the plan and asks first; a no changes nothing', async () => {
    const asked: string[] = [];
    const { code, lines } = await deployment.type('switch production', {
      ask: async question => {
        asked.push(question);
        return false;
      },
    });
    assert.equal(code, 130);
    assert.deepEqual(asked, ['Switch from test to production mode?']);
    assert.ok(lines.some(line => line.includes('home-assistant-test')));
    assert.deepEqual([...(await deployment.modesThatRun())], ['test']);
  });

  it('needs --yes where nobody can be asked, and a deployment', async t => {
    assert.equal((await deployment.type('switch production')).code, 2);
    assert.equal((await deployment.type('switch production --json', { ask: async () => true })).code, 2);
    const folder = temporaryFolder(t);
    const empty = createRehearsalPorts({
      level: 'rehearsal',
      folder,
      programFolder,
      version: '0.0.0',
      environment: {},
    });
    assert.equal((await deployment.type('switch production --yes', { through: empty })).code, 4);
  });

  it('refuses what does not fit, and a set-up of the other mode names the switch', async () => {
    const small = await deployment.type('switch production --yes --memory-budget 5000');
    assert.equal(small.code, 3);
    assert.equal((await deployment.type('plan --mode production --memory-budget 5000')).code, 3);
    const setup = await deployment.type('setup --mode production --yes');
    assert.equal(setup.code, 3);
    assert.match(String(setup.thrown?.nextSteps), /homeiq switch production/);
  });

  it('plan shows a switch, and refuses what the switch would refuse for its worst moment', async () => {
    const { ports, type } = deployment;
    const seen = await type('plan --mode production --memory-budget 8192');
    assert.equal(seen.code, 0, seen.lines.join('\n'));
    assert.ok(seen.lines.some(line => line.includes('home-assistant-test')));
    // A stand-in is in no total of a plan, and takes its memory all the same.
    const crowded: Ports = {
      ...ports,
      compose: {
        ...ports.compose,
        resolve: async (...args) => {
          const model = (await ports.compose.resolve(...args)) as {
            readonly 'x-homeiq': { readonly services: readonly { readonly name: string }[] };
          };
          const services = model['x-homeiq'].services.map(service =>
            service.name === 'ha-setup-service' ? { ...service, standIn: true, expectedMiB: 3500 } : service,
          );
          return { ...model, 'x-homeiq': { ...model['x-homeiq'], services } };
        },
      },
    };
    const refused = await type('plan --mode production --memory-budget 8192', { through: crowded });
    assert.equal(refused.code, 3);
    assert.match(refused.lines.join('\n'), /does not fit on the way: .* at the worst moment/);
    const switched = await type('switch production --yes --memory-budget 8192', { through: crowded });
    assert.equal(switched.code, 3);
    assert.match(String(switched.thrown?.message), /on the way/);
  });

  it('refuses a .env that somebody put in place of the recorded mode', async () => {
    const { ports, folder, type } = deployment;
    const text = (await ports.files.readEnv()) ?? '';
    await writeFile(
      path.join(folder, '.env'),
      text.replace(/^DEPLOYMENT_MODE=.*$/m, 'DEPLOYMENT_MODE=production'),
    );
    assert.equal((await type('switch production --yes')).code, 3);
    await writeFile(path.join(folder, '.env'), text);
    assert.deepEqual([...(await deployment.modesThatRun())], ['test']);
  });

  it('goes back by itself when the new mode does not come up', async () => {
    const { ports, type, env, modesThatRun } = deployment;
    const text = await ports.files.readEnv();
    const { code, lines } = await type('switch production --yes --json', {
      through: withoutProduction(ports),
    });
    const events = eventsOf(lines);
    const end = events.at(-1);
    assert.equal(code, 1);
    assert.ok(end?.kind === 'run-finished' && end.outcome === 'rolled-back');
    assert.ok(events.some(event => event.kind === 'rollback-started' && event.plan.mode === 'test'));
    assert.deepEqual([...(await modesThatRun())], ['test']);
    assert.equal((await env()).DEPLOYMENT_MODE, 'test');
    assert.equal(await ports.files.readEnv(), text);
    assert.equal((await ports.engine.containers(undefined)).length, 16);
  });

  it('refuses while a container of the left mode cannot be stopped, and nothing of the other starts', async () => {
    const { ports, type, modesThatRun } = deployment;
    const stubborn: Ports = {
      ...ports,
      engine: {
        ...ports.engine,
        stop: async (id, signal) => {
          const containers = await ports.engine.containers(undefined);
          if (containers.find(container => container.id === id)?.service === 'data-api') {
            throw new UserError('it does not react');
          }
          return ports.engine.stop(id, signal);
        },
      },
      workerHost: {
        ...ports.workerHost,
        start: async request => {
          const { openRun } = await import('../../src/app/worker/host-run.ts');
          const execute = await openRun(stubborn, request);
          void execute({ pid: process.pid, signal: new AbortController().signal });
        },
      },
    };
    const { code, lines } = await type('switch production --yes', { through: stubborn });
    assert.equal(code, 1);
    assert.ok(lines.includes('Failed at: Leave test. TEST runs again.'), lines.join('\n'));
    assert.ok(
      lines.some(line => line.includes('data-api: it does not react')),
      lines.join('\n'),
    );
    assert.deepEqual([...(await modesThatRun())], ['test']);
    assert.equal((await ports.engine.containers(undefined)).length, 16);
  });

  it('has Compose make all containers of the mode in one go, also where Home Assistant comes first', async t => {
    const { folder, ports, type } = await setUpTest();
    t.after(() => rm(folder, { recursive: true, force: true }));
    const calls: string[] = [];
    const counted = hostedWith(ports, {
      create: (target, options) => {
        calls.push('create');
        return ports.compose.create(target, options);
      },
      up: (target, services, options) => {
        calls.push(`up ${services}`);
        return ports.compose.up(target, services, options);
      },
    });
    for (const mode of ['production', 'test']) {
      assert.equal((await type(`switch ${mode} --yes`, { through: counted })).code, 0);
      assert.deepEqual(calls.splice(0), ['create'], mode);
    }
  });

  it('goes back to stopped when nothing of the left mode ran before', async () => {
    const { ports, type, env, modesThatRun } = deployment;
    const parsed = readArguments(['stop', '--yes', '--rehearse']);
    const session = createSession(ports, parsed, deployment.folder, {});
    const quiet = { print: () => {}, ask: undefined, askText: undefined };
    assert.equal(await runStop(session, parsed, quiet, new AbortController().signal), 0);
    const { code, lines } = await type('switch production --yes', { through: withoutProduction(ports) });
    assert.equal(code, 1);
    assert.ok(lines.includes('Failed at: Services. TEST is stopped, as before.'), lines.join('\n'));
    const running = (await ports.engine.containers(undefined)).filter(({ state }) => state === 'running');
    assert.deepEqual(
      running.map(({ name }) => name),
      [],
    );
    assert.equal((await env()).DEPLOYMENT_MODE, 'test');
    assert.equal((await type('setup --mode test --yes')).code, 0);
    assert.deepEqual([...(await modesThatRun())], ['test']);
  });

  it('stays where it failed with --on-failure stay, and the same command goes on from there', async () => {
    const { ports, type, env, modesThatRun } = deployment;
    const failed = await type('switch production --yes --on-failure stay', {
      through: withoutProduction(ports),
    });
    assert.equal(failed.code, 1);
    assert.equal((await env()).DEPLOYMENT_MODE, 'production');
    assert.ok(!(await modesThatRun()).has('test'));
    const again = await type('switch production --yes');
    assert.equal(again.code, 0);
    assert.deepEqual([...(await modesThatRun())], ['production']);
    assert.equal((await ports.engine.containers(undefined)).length, 22);
    const third = await type('switch production --yes');
    assert.ok(third.lines.includes('Done. Nothing had to be changed.'), third.lines.join('\n'));
  });

  it('ends what somebody started by hand of the mode that is not active', async () => {
    const { ports, type, modesThatRun } = deployment;
    const text = (await ports.files.readModeEnv('test')) ?? '';
    const target = {
      folder: ports.files.folder,
      project: 'homeiq',
      files: [],
      environment: documentValues(parseEnv(text)),
    };
    const [container] = await ports.engine.containers(undefined);
    await ports.compose.up({ ...target, project: container?.project ?? '' }, ['websocket-ingestion-test']);
    assert.deepEqual([...(await modesThatRun())].toSorted(), ['production', 'test']);
    assert.equal((await type('switch production --yes')).code, 0);
    assert.deepEqual([...(await modesThatRun())], ['production']);
    assert.equal((await ports.engine.containers(undefined)).length, 22);
  });

  it('folds edits by hand back into the mode that is left, those of shared keys into both', async () => {
    const { ports, folder, type, env } = deployment;
    const text = (await ports.files.readEnv()) ?? '';
    await writeFile(path.join(folder, '.env'), `${text.replace(/^TZ=.*$/m, 'TZ=Europe/Zurich')}\nMY_OWN=1\n`);
    const { code, lines } = await type('switch test --yes');
    assert.equal(code, 0, lines.join('\n'));
    assert.deepEqual([(await env()).TZ, (await env()).MY_OWN], ['Europe/Zurich', undefined]);
    const left = await env('production');
    assert.deepEqual([left.TZ, left.MY_OWN], ['Europe/Zurich', '1']);
  });
});

/** The worker dies right after each event of a set-up and of a switch; the same command then goes on to the right end. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { firstChoices } from '../../../src/app/setup/drafting.ts';
import { documentsOf, followRun, startRun } from '../../../src/app/setup/start-run.ts';
import { openRun } from '../../../src/app/worker/host-run.ts';
import { createRehearsalPorts } from '../../../src/cli/rehearsal-ports.ts';
import { parseEnv } from '../../../src/core/env/parse.ts';
import { documentValues } from '../../../src/core/env/values.ts';
import type { Mode } from '../../../src/core/mode/mode.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { createJumpingClock } from '../../helpers/clock.ts';
import { rehearseDrafting } from '../../helpers/rehearse.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { until } from '../../helpers/until.ts';

const programFolder = path.resolve(import.meta.dirname, '../../..');
const servicesOf: Readonly<Record<Mode, number>> = { test: 16, production: 22 };

const rehearse = (t: TestContext): Ports =>
  createRehearsalPorts(
    {
      level: 'rehearsal',
      folder: temporaryFolder(t),
      programFolder,
      version: '0.0.0',
      environment: {},
    },
    createJumpingClock(Date.now()),
  );

async function plan(ports: Ports, mode: Mode) {
  const drafting = rehearseDrafting(ports);
  const draft = await drafting.draft(firstChoices(mode));
  return { ...documentsOf(draft), plan: draft.plan, mode };
}

/** After `isDead`, nothing that is asked for comes back: the process is gone. */
const mortal = <Port extends object>(port: Port, isDead: () => boolean): Port =>
  new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]): unknown =>
        isDead() ? new Promise(() => {}) : Reflect.apply(member, target, args);
    },
  });

/** Sorts by time, as those of the program do: the oldest journals are deleted. */
const killedRunId = (ports: Ports): string =>
  `${ports.clock.now().toISOString().replaceAll(/[-:.]/g, '')}-killed`;

/** Runs the plan until its worker dies after event `at`; false when it came to its end before. */
async function runAndDie(ports: Ports, mode: Mode, at: number): Promise<boolean> {
  const death = new AbortController();
  const isDead = (): boolean => death.signal.aborted;
  let written = 0;
  const dying: Ports = {
    ...ports,
    compose: mortal(ports.compose, isDead),
    engine: mortal(ports.engine, isDead),
    files: mortal(ports.files, isDead),
    lock: mortal(ports.lock, isDead),
    clock: mortal(ports.clock, isDead),
    runs: {
      ...ports.runs,
      create: async runId => {
        const journal = await ports.runs.create(runId);
        return {
          runId,
          append: async event => {
            if (isDead()) return new Promise(() => {});
            await journal.append(event);
            await refuseBothModes(ports);
            written += 1;
            if (written !== at) return;
            death.abort();
            return new Promise(() => {});
          },
        };
      },
    },
  };
  const request = { ...(await plan(ports, mode)), runId: killedRunId(ports) };
  const execute = await openRun(dying, request);
  const died = new Promise<'died'>(resolve => {
    death.signal.addEventListener('abort', () => resolve('died'), { once: true });
  });
  const end = await Promise.race([died, execute({ pid: process.pid, signal: death.signal })]);
  if (end === 'died') await ports.lock.release();
  else assert.equal(end, 'done');
  return end === 'died';
}

async function refuseBothModes(ports: Ports): Promise<void> {
  const running = (await ports.engine.containers(undefined)).filter(({ state }) => state === 'running');
  const modes = new Set(running.flatMap(({ environment }) => environment.DEPLOYMENT_MODE ?? []));
  assert.ok(modes.size < 2, 'containers of both modes run');
}

/** The same command again, and what there must be in the end. */
async function goOn(ports: Ports, mode: Mode): Promise<void> {
  const runId = await startRun(ports, await plan(ports, mode));
  let outcome = 'none';
  for await (const event of followRun(ports, runId, AbortSignal.timeout(30_000))) {
    if (event.kind === 'step-failed') assert.fail(`${event.step}: ${event.error.message}`);
    if (event.kind === 'run-finished') outcome = event.outcome;
    await refuseBothModes(ports);
  }
  assert.equal(outcome, 'done');
  // The lock goes after the last word.
  await until(async () => (await ports.lock.holder()) === undefined);
  const containers = await ports.engine.containers(undefined);
  assert.equal(containers.length, servicesOf[mode]);
  assert.ok(containers.every(({ state, health }) => state === 'running' && health !== 'unhealthy'));
  const [env, own, record] = await Promise.all([
    ports.files.readEnv(),
    ports.files.readModeEnv(mode),
    ports.files.readRecord(),
  ]);
  assert.equal(env, own);
  assert.equal(documentValues(parseEnv(env ?? '')).DEPLOYMENT_MODE, mode);
  assert.deepEqual([record?.mode, record?.nextMode], [mode, undefined]);
}

/** Over two hundred runs: half a minute on a quiet machine. */
const timeLimitMs = 600_000;

describe('a worker that dies', () => {
  let deaths = 0;
  after(() => assert.ok(deaths > 100, `only ${deaths} deaths`));

  it('after each event of a set-up', { timeout: timeLimitMs }, async t => {
    let at = 1;
    for (; ; at += 1) {
      const ports = rehearse(t);
      if (!(await runAndDie(ports, 'test', at))) break;
      await goOn(ports, 'test');
    }
    deaths += at - 1;
    t.diagnostic(`a set-up: killed after each of its ${at - 1} events, ${at - 1} times continued to the end`);
  });

  it('after each event of a switch, both ways', { timeout: timeLimitMs }, async t => {
    const ports = rehearse(t);
    await goOn(ports, 'test');
    const killed: Record<Mode, number> = { test: 0, production: 0 };
    let hasDied = true;
    for (let at = 1; hasDied; at += 1) {
      hasDied = false;
      for (const mode of ['production', 'test'] as const) {
        if (!(await runAndDie(ports, mode, at))) continue;
        hasDied = true;
        killed[mode] += 1;
        await goOn(ports, mode);
      }
    }
    deaths += killed.test + killed.production;
    t.diagnostic(
      `a switch: killed after ${killed.production} events to production and ${killed.test} back, each continued to the end`,
    );
  });
});

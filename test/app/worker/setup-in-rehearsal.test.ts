import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { firstChoices } from '../../../src/app/setup/drafting.ts';
import { startAction } from '../../../src/app/setup/plan-action.ts';
import { documentsOf, followRun, startRun } from '../../../src/app/setup/start-run.ts';
import { createRehearsalPorts } from '../../../src/cli/rehearsal-ports.ts';
import type { Mode } from '../../../src/core/mode/mode.ts';
import type { RunEvent } from '../../../src/core/run/journal-event.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { rehearse, rehearseDrafting } from '../../helpers/rehearse.ts';

const programFolder = path.resolve(import.meta.dirname, '../../..');

async function collect(ports: Ports, runId: string): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of followRun(ports, runId, AbortSignal.timeout(60_000))) events.push(event);
  return events;
}

const changedSteps = (events: readonly RunEvent[]): readonly string[] =>
  events.flatMap(event => (event.kind === 'step-finished' && event.changed ? [event.step] : []));

describe('a set-up in the rehearsal', () => {
  let folder = '';
  let ports: Ports;
  const draftingOf = () => rehearseDrafting(ports);
  const setUp = async (mode: Mode) => {
    const draft = await draftingOf().draft(firstChoices(mode));
    const { plan } = draft;
    return {
      plan,
      events: await collect(ports, await startRun(ports, { ...documentsOf(draft), plan, mode })),
    };
  };

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'homeiq-test-'));
    ports = createRehearsalPorts({
      level: 'rehearsal',
      folder,
      programFolder,
      version: '0.0.0',
      environment: {},
    });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('does without the test Home Assistant when it is left out', async t => {
    const { drafting, ports: own } = await rehearse(t);
    const draft = await drafting.draft({ ...firstChoices('test'), leftOut: ['home-assistant-test'] });
    const { plan, notes } = draft;
    assert.ok(plan.steps.every(({ id }) => id !== 'home-assistant'));
    assert.match(
      notes.join('\n'),
      /websocket-ingestion-test is left out: it cannot work without home-assistant-test/,
    );
    const events = await collect(own, await startRun(own, { ...documentsOf(draft), plan, mode: 'test' }));
    const end = events.at(-1);
    assert.ok(end?.kind === 'run-finished' && end.outcome === 'done');
    assert.equal((await own.engine.containers(undefined)).length, 14);
    assert.ok(end.summary?.credentials.every(({ what }) => !what.includes('Home Assistant')));
  });

  it('plans without leaving a trace in the folder', async () => {
    const { plan } = await draftingOf().draft(firstChoices('test'));
    assert.equal(plan.memory.totalMiB, 5120);
    assert.equal(plan.services.length, 16);
    assert.equal(plan.memory.verdict, 'fits');
    assert.ok(plan.steps.every(({ done }) => !done));
    assert.deepEqual(await readdir(folder), []);
  });

  it('brings up the 16 services of test, and says so', async () => {
    const { events } = await setUp('test');
    const last = events.at(-1);
    assert.deepEqual(
      events.filter(({ kind }) => kind === 'step-failed'),
      [],
    );
    assert.ok(last?.kind === 'run-finished' && last.outcome === 'done' && last.changed);
    assert.deepEqual(
      last.summary?.addresses.map(({ name }) => name),
      ['HomeIQ dashboard', 'Automation suggestions', 'Home Assistant (test)', 'Data API', 'Admin API'],
    );
    const running = (await ports.engine.containers(undefined)).filter(({ state }) => state === 'running');
    assert.equal(running.length, 16);
  });

  it('changes nothing the second time', async () => {
    const { plan, events } = await setUp('test');
    assert.deepEqual(plan.changedKeys, []);
    assert.deepEqual(
      plan.steps.filter(({ done }) => !done).map(({ id }) => id),
      [],
    );
    assert.deepEqual(changedSteps(events), []);
    const last = events.at(-1);
    assert.ok(last?.kind === 'run-finished' && last.outcome === 'done' && !last.changed);
  });

  it('keeps secrets out of the journal', async () => {
    const env = await readFile(path.join(folder, '.env'), 'utf8');
    const secrets = [...env.matchAll(/^(?:\w*(?:TOKEN|PASSWORD|SECRET|API_KEY)\w*)=(.{12,})$/gm)].map(
      ([, value]) => value ?? '',
    );
    assert.ok(secrets.length >= 6, `only ${secrets.length} secrets in .env`);
    const runs = path.join(folder, '.homeiq', 'runs');
    for (const name of await readdir(runs)) {
      const text = await readFile(path.join(runs, name), 'utf8');
      for (const secret of secrets) assert.ok(!text.includes(secret), `${name} holds a secret`);
    }
  });

  it('stops everything, and a set-up brings back what is missing', async () => {
    const events = await collect(ports, await startAction(ports, draftingOf(), { kind: 'stop' }));
    assert.deepEqual(changedSteps(events), ['stop']);
    assert.ok((await ports.engine.containers(undefined)).every(({ state }) => state !== 'running'));
    const again = await setUp('test');
    assert.ok(!changedSteps(again.events).includes('settings'));
    assert.ok(changedSteps(again.events).includes('services'));
  });
});

/** `homeiq stop --delete-data` asks for the volume's name before anything is stopped, on the rehearsal. */

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { firstChoices } from '../../src/app/setup/drafting.ts';
import { documentsOf, followRun, startRun } from '../../src/app/setup/start-run.ts';
import { readArguments } from '../../src/cli/arguments.ts';
import { runStop } from '../../src/cli/stop.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { rehearse } from '../helpers/rehearse.ts';

it('anything but the name of the volume leaves all as it is; the name goes on', async t => {
  const { folder, ports: rehearsed, drafting } = await rehearse(t);
  const draft = await drafting.draft(firstChoices('test'));
  // The rehearsal keeps no volumes of its own.
  const volumes = ['influxdb-data', 'sqlite-test'].map(name => `${draft.plan.project}_${name}`);
  const ports: Ports = { ...rehearsed, engine: { ...rehearsed.engine, volumes: async () => volumes } };
  const runId = await startRun(ports, { ...documentsOf(draft), plan: draft.plan, mode: 'test' });
  for await (const event of followRun(ports, runId, AbortSignal.timeout(60_000)))
    assert.notEqual(event.kind, 'step-failed');
  const { project } = draft.plan;
  const volume = `${project}_sqlite-test`;
  const running = async (): Promise<number> =>
    (await ports.engine.containers(project)).filter(({ state }) => state === 'running').length;

  const options = { level: 'rehearsal', folder, presetAnswers: {}, source: undefined } as const;
  const session = { ports, drafting, options: { ...options, memoryBudgetMiB: undefined } };
  const stop = async (answer: string) => {
    const said: string[] = [];
    const terminal: Terminal = {
      print: text => said.push(text),
      ask: async () => assert.fail('a yes is not enough to delete data'),
      askText: async question => {
        said.push(question);
        return answer;
      },
    };
    const parsed = readArguments(['stop', '--delete-data', 'sqlite-test', '--rehearse']);
    return { code: await runStop(session, parsed, terminal, new AbortController().signal), said };
  };

  for (const wrong of ['', 'yes', 'sqlite-test', volume.toUpperCase()]) {
    const { code, said } = await stop(wrong);
    assert.equal(code, 130, wrong);
    assert.ok(said.includes(`Type ${volume} to stop all services and delete it: `), said.join('\n'));
    assert.ok(said.includes('Not its name: nothing was stopped or deleted.'));
    assert.equal(await running(), 16);
  }

  assert.equal((await stop(volume)).code, 0);
  assert.equal(await running(), 0);
});

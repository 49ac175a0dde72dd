/** The wizard in a real terminal before anything is run: what is in the way, and leaving at any screen. */

import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { createRuns } from '../../src/adapters/files/runs.ts';
import { describeTree } from '../helpers/folder-snapshot.ts';
import { type MachineOptions, startMachine } from '../helpers/machine.ts';
import { type Command, programEnvironment, provideBundle } from '../helpers/program.ts';
import { startInPty } from '../helpers/pty.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { planFixture } from '../ui/wizard-fixture.ts';

const enter = '\r';
const controlC = '\x03';

describe('the wizard before a run', () => {
  let command: Command;
  let remove: () => Promise<void>;
  before(async () => {
    ({ command, remove } = await provideBundle('screens'));
  });
  after(() => remove());

  const open = async (
    t: TestContext,
    {
      machine: options,
      environment,
      args = ['--sandbox'],
      columns = 80,
      rows = 24,
      prepare,
    }: {
      readonly machine?: MachineOptions;
      readonly environment?: Readonly<Record<string, string>>;
      readonly args?: readonly string[];
      readonly columns?: number;
      readonly rows?: number;
      /** What is in the folder before. */
      readonly prepare?: (folder: string) => Promise<void>;
    } = {},
  ) => {
    const machine = await startMachine(options);
    t.after(machine.close);
    const folder = temporaryFolder(t);
    await prepare?.(folder);
    const [file, ...leading] = command;
    const terminal = startInPty(file, [...leading, ...args], {
      columns,
      rows,
      folder,
      environment: programEnvironment({ ...machine.environment, ...environment }),
    });
    t.after(terminal.close);
    const before = describeTree(folder);
    return { terminal, isUnchanged: () => assert.deepEqual(describeTree(folder), before) };
  };

  it('Ctrl+C at any screen before the run changes nothing', async t => {
    for (let screens = 1; screens <= 5; screens += 1) {
      const { terminal, isUnchanged } = await open(t);
      await terminal.waitForText('Ready. Everything', 60_000);
      for (let step = 2; step <= screens; step += 1) {
        terminal.press(enter);
        await terminal.waitForText(`step ${step} of 6`, 30_000);
        await terminal.until(() => !terminal.has('...'), 30_000);
      }
      terminal.press(controlC);
      assert.equal((await terminal.waitForExit()).exitCode, 130, `at step ${screens}`);
      assert.equal(terminal.isAlternateScreen(), false);
      isUnchanged();
      await terminal.close();
    }
  });

  it('a first set-up that broke off before anything was written is named, and its mode is taken up again', async t => {
    const plan = { ...planFixture('production'), level: 'sandbox' as const };
    const { terminal, isUnchanged } = await open(t, {
      args: ['--sandbox', '--dir', '.'],
      prepare: async folder => {
        const journal = await createRuns(folder).create('20260131T120000Z-killed');
        await journal.append({ kind: 'run-started', runId: journal.runId, pid: 1, plan });
      },
    });
    await terminal.waitForText('Interrupted: set-up of production', 60_000);
    assert.ok(terminal.has('1 Go through the set-up again'), terminal.text());
    terminal.press(enter);
    await terminal.waitForText('Ready. Everything', 60_000);
    terminal.press(controlC);
    assert.equal((await terminal.waitForExit()).exitCode, 130);
    isUnchanged();
  });

  it('a terminal that is too small says so, and goes on when it grows', async t => {
    const { terminal, isUnchanged } = await open(t, { columns: 30, rows: 8 });
    await terminal.waitForText(/40 ?x ?12|40 columns/, 30_000);
    terminal.resize({ columns: 80, rows: 24 });
    await terminal.waitForText('Ready. Everything', 60_000);
    terminal.resize({ columns: 39, rows: 24 });
    await terminal.waitForText(/40 ?x ?12|40 columns/);
    terminal.press(controlC);
    assert.equal((await terminal.waitForExit()).exitCode, 130);
    isUnchanged();
  });

  it('without an engine it says how to get one, and offers the rehearsal', async t => {
    const { terminal, isUnchanged } = await open(t, {
      environment: { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
    });
    await terminal.waitForText('Docker Engine is not running', 60_000);
    assert.ok(terminal.has('/nowhere/docker.sock'), terminal.text());
    assert.ok(terminal.has('t try without Docker'), terminal.text());
    terminal.press(enter);
    terminal.press('t');
    await terminal.waitForText('REHEARSAL', 30_000);
    terminal.press('q');
    assert.notEqual((await terminal.waitForExit()).exitCode, 0);
    isUnchanged();
  });

  it('with a problem it cannot be gone on, and leaving is no success', async t => {
    const { terminal, isUnchanged } = await open(t, { machine: { compose: '2.5.0' } });
    await terminal.waitForText('Docker Compose is too old', 60_000);
    terminal.press(enter);
    terminal.press('q');
    const { exitCode } = await terminal.waitForExit();
    assert.notEqual(exitCode, 0);
    isUnchanged();
  });

  it('a setting from the environment that there is not is refused before any screen', async t => {
    const { terminal, isUnchanged } = await open(t, { environment: { HOMEIQ_SET_LOG_LEVLE: 'DEBUG' } });
    assert.equal((await terminal.waitForExit(30_000)).exitCode, 2);
    assert.match(terminal.text(), /HOMEIQ_SET_LOG_LEVLE: there is no setting of this name/);
    assert.match(terminal.text(), /Did you mean LOG_LEVEL\?/);
    isUnchanged();
  });
});

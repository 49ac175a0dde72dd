/** The commands of the deployment guide for backup, restore and uninstalling, as they stand there, on a sandbox. */

import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import { runProcess } from '../../src/adapters/process/run-process.ts';
import { skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { readDocument, readTriedCommands } from '../helpers/documents.ts';
import { programEnvironment } from '../helpers/program.ts';
import { assertRuns, createRunningSandbox } from '../helpers/small-sandbox.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const guide = readDocument('docs/deployment-guide.md');
const root = join(import.meta.dirname, '..', '..');

describe('the backup of the deployment guide', { skip: skipWithoutSandbox('new') }, () => {
  let deployment: TestDeployment;
  before(async () => {
    deployment = await createRunningSandbox('new');
  });
  after(() => deployment?.remove());

  /** Rows of a measurement of the test: those of the services come and go. */
  const marks = async (): Promise<string> => {
    const token = /^INFLUXDB_TOKEN=(.*)$/m.exec(await deployment.read('.env'))?.[1] ?? '';
    const influx = createInflux({ url: `http://127.0.0.1:${deployment.portOf('influxdb')}` });
    const flux =
      'from(bucket: "home_assistant_events_test") |> range(start: -1h) |> filter(fn: (r) => r._measurement == "mark")';
    return JSON.stringify(
      (await influx.query(token, 'homeiq-test', flux)).map(({ _time, _value }) => [_time, _value]),
    );
  };
  const writeMarks = async (): Promise<void> => {
    const token = /^INFLUXDB_TOKEN=(.*)$/m.exec(await deployment.read('.env'))?.[1] ?? '';
    const influx = createInflux({ url: `http://127.0.0.1:${deployment.portOf('influxdb')}` });
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    const lines = Array.from(
      { length: 50 },
      (_, index) => `mark value=${index} ${nowNs - BigInt(index) * 1_000_000_000n}`,
    );
    await influx.writeLine(token, 'homeiq-test', 'home_assistant_events_test', lines.join('\n'));
  };

  it('keeps settings and data through a machine that lost both, and takes everything away', async t => {
    const backup = join(temporaryFolder(t), 'backup');
    const run = async (name: string): Promise<void> => {
      const { exitCode, stdout, stderr } = await runProcess('bash', ['-eu', '-o', 'pipefail'], {
        cwd: root,
        // The one difference: a set-up in the sandbox says so.
        input: readTriedCommands(guide, name).replace('homeiq setup ', 'homeiq setup --sandbox '),
        env: programEnvironment({
          DOCKER_CONFIG: deployment.environment.DOCKER_CONFIG ?? '',
          folder: deployment.folder,
          project: deployment.project,
          mode: 'test',
          image: deployment.environment.HOMEIQ_INFLUXDB_IMAGE ?? '',
          backup,
        }),
        timeoutMs: 300_000,
      });
      assert.equal(exitCode, 0, `${name}\n${stdout}\n${stderr}`);
    };
    const volumes = await deployment.volumes();
    await writeMarks();
    const before = await marks();
    const settings = await deployment.read('.homeiq/modes/test.env');
    assert.match(before, /49/);

    await run('back-up');
    await assertRuns(deployment, 'test');
    const kept = readdirSync(backup);
    assert.deepEqual(kept.toSorted(), ['settings.tgz', ...volumes.map(name => `${name}.tar`)].toSorted());
    for (const name of kept) assert.equal(statSync(join(backup, name)).mode & 0o077, 0, name);

    // All of it is gone, by the guide's own commands.
    await run('uninstall');
    assert.deepEqual(await deployment.containers(), []);
    assert.deepEqual(await deployment.volumes(), []);
    assert.equal(existsSync(deployment.folder), false);

    await run('restore');
    await assertRuns(deployment, 'test');
    assert.equal(await marks(), before);
    assert.equal(await deployment.read('.homeiq/modes/test.env'), settings);
    assert.deepEqual((await deployment.volumes()).toSorted(), volumes.toSorted());
    t.diagnostic(`${volumes.length} volumes, ${JSON.parse(before).length} points`);
  });
});

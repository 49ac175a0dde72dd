import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { createDeploymentFiles } from '../../../src/adapters/files/deployment-files.ts';
import { createProgram } from '../../../src/adapters/files/program.ts';
import { createRandom } from '../../../src/adapters/host/clock.ts';
import {
  readModeDocument,
  settingsOf,
  storedToken,
  storeModeValues,
} from '../../../src/app/buckets/mode-documents.ts';
import { UserError } from '../../../src/core/error.ts';
import type { Mode } from '../../../src/core/mode/mode.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const root = join(import.meta.dirname, '..', '..', '..');

function open(t: TestContext) {
  const files = createDeploymentFiles(temporaryFolder(t));
  const ports = { files, program: createProgram(root, '0.0.0'), random: createRandom() };
  const store = async (mode: Mode, values: Readonly<Record<string, string>>): Promise<void> =>
    storeModeValues(ports, 'bundled', await readModeDocument(files, mode), values);
  return { files, store };
}

describe('The documents of the modes', () => {
  test('take a token where the mode needs it, and leave the rest of the text alone', async t => {
    const { files, store } = open(t);
    await files.writeEnv('# mine\nDEPLOYMENT_MODE=test\nINFLUXDB_TOKEN=old # why\nMORE=1\n');
    await files.writeModeEnv('test', 'DEPLOYMENT_MODE=test\nINFLUXDB_TOKEN=old\n');
    await files.writeModeEnv('production', 'DEPLOYMENT_MODE=production\nINFLUXDB_TOKEN=theirs\n');
    await store('test', { INFLUXDB_TOKEN: '-new==' });
    const text = '# mine\nDEPLOYMENT_MODE=test\nINFLUXDB_TOKEN=-new== # why\nMORE=1\n';
    assert.equal(await files.readEnv(), text);
    assert.equal(await files.readModeEnv('test'), 'DEPLOYMENT_MODE=test\nINFLUXDB_TOKEN=-new==\n');
    await store('production', { INFLUXDB_TOKEN: 'p==' });
    assert.equal(await files.readEnv(), text);
    assert.equal(await files.readModeEnv('production'), 'DEPLOYMENT_MODE=production\nINFLUXDB_TOKEN=p==\n');
  });

  test('a mode that was never set up gets its template, with what both modes share', async t => {
    const { files, store } = open(t);
    await files.writeEnv(
      'DEPLOYMENT_MODE=test\nTZ=Europe/Zurich\nAPI_KEY=a-shared-secret\nINFLUXDB_TOKEN=t\n',
    );
    await store('production', { INFLUXDB_TOKEN: 'p==' });
    const text = (await files.readModeEnv('production')) ?? '';
    assert.match(text, /^DEPLOYMENT_MODE=production$/m);
    assert.match(text, /^INFLUXDB_TOKEN=p==$/m);
    assert.match(text, /^TZ=Europe\/Zurich$/m);
    assert.match(text, /^API_KEY=a-shared-secret$/m);
    assert.match(text, /^# .*\n/);
  });

  test('the mode of .env counts, not that of the file it was copied over', async t => {
    const { files } = open(t);
    await files.writeEnv('DEPLOYMENT_MODE=production\nINFLUXDB_TOKEN=p\n');
    await files.writeModeEnv('test', 'DEPLOYMENT_MODE=test\nINFLUXDB_TOKEN=t\n');
    const [ofTest, ofProduction] = [
      await readModeDocument(files, 'test'),
      await readModeDocument(files, 'production'),
    ];
    assert.deepEqual([storedToken(ofTest), ofTest.isActive], ['t', false]);
    assert.deepEqual(
      [storedToken(ofProduction), ofProduction.isActive, ofProduction.keptToken],
      ['p', true, undefined],
    );
  });

  test('a retention is the one of the settings, of the mode without one, and refused when InfluxDB would', async t => {
    const { files } = open(t);
    const retention = async (line: string): Promise<number> => {
      await files.writeEnv(`DEPLOYMENT_MODE=test\n${line}\n`);
      return settingsOf(await readModeDocument(files, 'test')).retentionSeconds;
    };
    assert.equal(await retention('INFLUXDB_RETENTION=14d'), 1_209_600);
    assert.equal(await retention('INFLUXDB_RETENTION=0'), 0);
    assert.equal(await retention('INFLUXDB_RETENTION='), 604_800);
    await assert.rejects(
      retention('INFLUXDB_RETENTION=5m'),
      (error: unknown) => error instanceof UserError && /test mode is "5m"/.test(error.message),
    );
  });

  test('before anything is written the planned document stands for its mode alone', async t => {
    const { files } = open(t);
    const planned = { mode: 'test', text: 'INFLUXDB_RETENTION=3d\n' } as const;
    assert.equal(settingsOf(await readModeDocument(files, 'test', planned)).retentionSeconds, 259_200);
    assert.equal((await readModeDocument(files, 'production', planned)).text, undefined);
  });
});

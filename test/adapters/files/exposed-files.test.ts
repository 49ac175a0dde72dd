import assert from 'node:assert/strict';
import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDeploymentFiles } from '../../../src/adapters/files/deployment-files.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const isRoot = process.getuid?.() === 0;

async function writeAll(folder: string) {
  const files = createDeploymentFiles(folder);
  await files.writeEnv('A=1\n');
  await files.writeEnv('A=2\n');
  await files.writeModeEnv('test', 'A=2\n');
  await files.writeSecret('influxdb-operator-token', 'secret');
  return files;
}

test('what this program writes is exposed to nobody; where nothing is, nothing is exposed', async t => {
  const files = await writeAll(temporaryFolder(t));
  assert.deepEqual(await files.exposedFiles(), []);
  assert.deepEqual(await createDeploymentFiles(temporaryFolder(t)).exposedFiles(), []);
});

test('what the group or every account can reach is named: settings of either kind, secrets, backups', async t => {
  const folder = temporaryFolder(t);
  const files = await writeAll(folder);
  const [backup] = await files.envBackups();
  const paths = {
    env: join(folder, '.env'),
    mode: join(folder, '.homeiq/modes/test.env'),
    secret: join(folder, '.homeiq/secrets/influxdb-operator-token'),
    backup: join(folder, '.homeiq/backups', backup?.name ?? ''),
  };
  chmodSync(paths.env, 0o640);
  chmodSync(paths.mode, 0o604);
  chmodSync(paths.secret, 0o620);
  chmodSync(paths.backup, 0o666);
  assert.deepEqual(await files.exposedFiles(), [
    { path: paths.env, fault: 'group-readable' },
    { path: paths.mode, fault: 'world-readable' },
    { path: paths.secret, fault: 'group-readable' },
    { path: paths.backup, fault: 'world-readable' },
  ]);
});

test('what belongs to another account than the folder is named', {
  skip: !isRoot && 'only root gives files away',
}, async t => {
  const folder = temporaryFolder(t);
  const files = await writeAll(folder);
  const path = join(folder, '.env');
  chownSync(path, 65_534, 65_534);
  assert.deepEqual(await files.exposedFiles(), [{ path, fault: 'foreign-owner' }]);
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { createDeploymentFiles } from '../../../src/adapters/files/deployment-files.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const now = (): Date => new Date('2026-01-05T12:00:00.000Z');

test('a saved log is a new file for its owner only; none replaces another, whatever it is called', async t => {
  const folder = temporaryFolder(t);
  const files = createDeploymentFiles(folder, now);
  const first = await files.saveLog('data-api', 'one\n');
  const second = await files.saveLog('data-api', 'two\n');
  assert.deepEqual(
    [first, second],
    ['data-api-20260105-120000.log', 'data-api-20260105-120000-2.log'].map(name =>
      join(folder, '.homeiq', 'logs', name),
    ),
  );
  assert.deepEqual([readFileSync(first, 'utf8'), readFileSync(second, 'utf8')], ['one\n', 'two\n']);
  assert.deepEqual([statSync(first).mode & 0o777, statSync(dirname(first)).mode & 0o777], [0o600, 0o700]);
  const odd = await files.saveLog('../../\x1b[2Jevil/..', 'x');
  assert.equal(dirname(odd), dirname(first));
  assert.equal(readdirSync(dirname(first)).length, 3, 'nothing temporary is left');
});

test('a link in the place of the folder is refused', async t => {
  const folder = temporaryFolder(t);
  const files = createDeploymentFiles(folder, now);
  await files.saveLog('a', 'x');
  const other = temporaryFolder(t);
  const elsewhere = createDeploymentFiles(other, now);
  await elsewhere.writeSecret('influxdb-operator-token', 'x');
  symlinkSync(join(folder, '.homeiq', 'logs'), join(other, '.homeiq', 'logs'));
  await assert.rejects(elsewhere.saveLog('b', 'x'), /logs/);
  assert.equal(readdirSync(join(folder, '.homeiq', 'logs')).length, 1);
});

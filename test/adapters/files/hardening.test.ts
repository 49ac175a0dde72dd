/** A deployment folder that somebody has prepared: nothing leads out of it, and what is open to others is named. */

import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDeploymentFiles } from '../../../src/adapters/files/deployment-files.ts';
import { createLock } from '../../../src/adapters/files/lock.ts';
import { createMemoryRecords } from '../../../src/adapters/files/memory-records.ts';
import { createRuns, runFile } from '../../../src/adapters/files/runs.ts';
import { writeTemporary } from '../../../src/adapters/files/write-file.ts';
import { UserError } from '../../../src/core/error.ts';
import { makeRunId } from '../../../src/core/run/run-id.ts';
import { describeTree } from '../../helpers/folder-snapshot.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const record = {
  formatVersion: 1,
  level: 'bundled',
  mode: 'test',
  project: 'homeiq',
  templateVersion: '0.1.0',
  sourceRevision: undefined,
} as const;

const signal = new AbortController().signal;

async function refuses(act: Promise<unknown>, pattern: RegExp): Promise<void> {
  await assert.rejects(act, thrown => {
    assert.ok(thrown instanceof UserError, String(thrown));
    assert.match(thrown.message, pattern);
    return true;
  });
}

test('a link in the place of any folder of ours is refused before anything is read or written', async t => {
  for (const name of [
    '.homeiq',
    '.homeiq/modes',
    '.homeiq/secrets',
    '.homeiq/backups',
    '.homeiq/runs',
    '.homeiq/logs',
  ]) {
    const folder = temporaryFolder(t);
    const outside = temporaryFolder(t);
    writeFileSync(join(outside, 'deployment.json'), JSON.stringify(record));
    writeFileSync(join(outside, 'influxdb-operator-token'), 'somebody’s');
    if (name !== '.homeiq') {
      mkdirSync(join(folder, '.homeiq'));
      writeFileSync(join(folder, '.homeiq/deployment.json'), JSON.stringify(record));
    }
    symlinkSync(outside, join(folder, name));
    const before = describeTree(outside);
    // Every command asks for the record first.
    await refuses(createDeploymentFiles(folder).readRecord(), /is a symbolic link/);
    assert.deepEqual(describeTree(outside), before);
  }
});

test('names that come from outside do not lead out of the folder', async t => {
  const folder = temporaryFolder(t);
  const runs = createRuns(folder);
  const names = [
    '../x',
    '..',
    '.',
    '/etc/passwd',
    'a/b',
    'a\\..\\b\0',
    '-rf',
    '',
    'x'.repeat(300),
    '\x1b]0;x\x07',
    'a b',
  ];
  for (const name of names) {
    assert.throws(() => runFile('/f/.homeiq/runs', name, '.jsonl'), UserError);
    await refuses(runs.read(name), /is not the name of a run/);
    await assert.rejects(async () => {
      for await (const _ of runs.follow(name, signal)) assert.fail();
    }, UserError);
    await refuses(runs.create(name), /is not the name of a run/);
  }
  assert.deepEqual(readdirSync(folder), []);

  mkdirSync(join(folder, '.homeiq/runs'), { recursive: true });
  for (const name of [
    '-rf.jsonl',
    '\x1b[31m.jsonl',
    '20260102T030405Z-a.jsonl',
    '99991231T235959Z-a.jsonl',
  ]) {
    writeFileSync(join(folder, '.homeiq/runs', name), '');
  }
  const listed = await runs.list();
  assert.deepEqual(listed, ['99991231T235959Z-a', '20260102T030405Z-a']);
  // A name from the end of time does not keep the next run from having one.
  const next = makeRunId(new Date('2026-01-02T03:04:00Z'), listed, 'r');
  assert.equal(next, '20260102T030406Z-r');
  assert.ok(runFile('/f', next, '.jsonl'));

  for (const project of ['../x', '-p', 'A', 'x y', '\x1b[31m', '']) {
    writeFileSync(join(folder, '.homeiq/deployment.json'), JSON.stringify({ ...record, project }));
    await refuses(createDeploymentFiles(folder).readRecord(), /is damaged/);
  }
  for (const wrong of [
    { id: '../x' },
    { id: 'a'.repeat(5000) },
    { runId: '../../x' },
    { runId: '\x1b[31m' },
  ]) {
    const lock = { id: 'abc', pid: process.pid, runId: 'run-1', ...wrong };
    writeFileSync(join(folder, '.homeiq/lock'), JSON.stringify(lock));
    assert.equal(await createLock(folder).holder(), undefined);
  }
});

test('a lock of which there is a gigabyte, and a chain that leads back to itself, are no reason to wait', async t => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, '.homeiq'));
  writeFileSync(join(folder, '.homeiq/lock'), '');
  truncateSync(join(folder, '.homeiq/lock'), 1024 ** 3);
  await refuses(createLock(folder).holder(), /too large to be read/);
  await refuses(createLock(folder).take('run-1'), /too large to be read/);

  const dead = (id: string) => JSON.stringify({ id, pid: 0, runId: 'run-1' });
  writeFileSync(join(folder, '.homeiq/lock'), dead('a1'));
  writeFileSync(join(folder, '.homeiq/lock.after.a1'), dead('b2'));
  writeFileSync(join(folder, '.homeiq/lock.after.b2'), dead('a1'));
  assert.equal(await createLock(folder).holder(), undefined);
});

test('what is written is private whatever the umask, and so is what is on its way', async t => {
  const before = process.umask(0);
  t.after(() => process.umask(before));
  const folder = join(temporaryFolder(t), 'homeiq');
  const files = createDeploymentFiles(folder);
  await files.writeRecord(record);
  await files.writeEnv('A=1\n');
  await files.writeEnv('A=2\n');
  await files.writeModeEnv('test', 'A=1\n');
  await files.writeWrittenEnv('test', 'A=1\n');
  await files.writeSecret('influxdb-operator-token', 'x');
  await files.saveLog('data-api', 'x\n');
  await createMemoryRecords(folder).writeBasis('measured');
  await createMemoryRecords(folder).update(history => history);
  const lock = createLock(folder);
  await lock.take('run-1');
  const run = await createRuns(folder).create('run-1');
  await run.append({ kind: 'step-detail', step: 'images', text: 'x' });
  const temporary = await writeTemporary(folder, 'secret');
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  assert.ok(entries.length > 15);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const mode = (statSync(path).mode & 0o777).toString(8);
    assert.equal(mode, entry.isDirectory() ? '700' : '600', path);
  }
  assert.equal((statSync(temporary).mode & 0o777).toString(8), '600');
  assert.deepEqual(
    (await files.exposedFiles()).filter(({ path }) => path !== folder),
    [],
  );
});

test('files and folders of a wrong mode or owner are named', async t => {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const files = createDeploymentFiles(folder);
  await files.writeRecord(record);
  await files.writeEnv('A=1\n');
  await files.writeSecret('influxdb-operator-token', 'x');
  const run = await createRuns(folder).create('run-1');
  await run.append({ kind: 'step-detail', step: 'images', text: 'x' });
  assert.deepEqual(await files.exposedFiles(), []);

  const found = async (): Promise<readonly string[]> =>
    (await files.exposedFiles()).map(({ path, fault }) => `${path.slice(folder.length + 1)} ${fault}`);
  chmodSync(join(folder, '.env'), 0o640);
  chmodSync(join(folder, '.homeiq/secrets/influxdb-operator-token'), 0o604);
  chmodSync(join(folder, '.homeiq/runs/run-1.jsonl'), 0o644);
  chmodSync(join(folder, '.homeiq/deployment.json'), 0o660);
  chmodSync(join(folder, '.homeiq/secrets'), 0o770);
  chmodSync(folder, 0o777);
  assert.deepEqual((await found()).toSorted(), [
    ' writable-by-others',
    '.env group-readable',
    '.homeiq/deployment.json group-readable',
    '.homeiq/runs/run-1.jsonl world-readable',
    '.homeiq/secrets writable-by-others',
    '.homeiq/secrets/influxdb-operator-token world-readable',
  ]);
  if (process.getuid?.() !== 0) return;
  chownSync(join(folder, '.homeiq/runs'), 65_534, 65_534);
  chownSync(join(folder, '.env'), 65_534, 65_534);
  const owners = (await found()).filter(text => text.endsWith('foreign-owner'));
  assert.deepEqual(owners.toSorted(), ['.env foreign-owner', '.homeiq/runs foreign-owner']);
});

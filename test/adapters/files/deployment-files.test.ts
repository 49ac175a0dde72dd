import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createDeploymentFiles } from '../../../src/adapters/files/deployment-files.ts';
import { runProcess } from '../../../src/adapters/process/run-process.ts';
import { UserError } from '../../../src/core/error.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const isRoot = process.getuid?.() === 0;
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test('looking at an absent folder creates nothing', async t => {
  const folder = join(temporaryFolder(t), 'deep', 'deployment');
  const files = createDeploymentFiles(folder);
  assert.deepEqual(await files.state(), {
    path: folder,
    exists: false,
    isEmpty: true,
    isDeployment: false,
    obstacle: undefined,
    foreignOwner: undefined,
  });
  assert.equal(await files.readEnv(), undefined);
  assert.equal(await files.readRecord(), undefined);
  assert.equal(await files.readSecret('influxdb-operator-token'), undefined);
  assert.equal(await files.readProgramFile('compose.yaml'), undefined);
  assert.equal(existsSync(join(folder, '..')), false);
});

test('looking at an empty folder leaves it empty', async t => {
  const folder = temporaryFolder(t);
  const before = statSync(folder).mtimeMs;
  const state = await createDeploymentFiles(folder).state();
  assert.deepEqual(
    [state.exists, state.isEmpty, state.isDeployment, state.obstacle],
    [true, true, false, undefined],
  );
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(statSync(folder).mtimeMs, before);
});

test('everything written reads back, readable by its owner alone', async t => {
  const folder = join(temporaryFolder(t), 'deployment');
  const files = createDeploymentFiles(folder);
  const record = {
    formatVersion: 1,
    level: 'sandbox',
    mode: 'test',
    project: 'homeiq-sandbox',
    sourceRevision: undefined,
    templateVersion: '1',
  } as const;
  await files.writeRecord(record);
  await files.writeEnv('\ufeffA=1\r\n');
  await files.writeModeEnv('test', 'A=2\n');
  await files.writeSecret('influxdb-operator-token', 'sécret');
  await files.writeProgramFile('compose.yaml', 'services: {}\n');
  assert.deepEqual(await files.readRecord(), record);
  assert.equal(await files.readEnv(), '\ufeffA=1\r\n');
  assert.equal(await files.readModeEnv('test'), 'A=2\n');
  assert.equal(await files.readModeEnv('production'), undefined);
  assert.equal(await files.readSecret('influxdb-operator-token'), 'sécret');
  assert.equal(await files.readProgramFile('compose.yaml'), 'services: {}\n');
  for (const path of ['.env', 'compose.yaml', '.homeiq/deployment.json', '.homeiq/modes/test.env']) {
    assert.equal(modeOf(join(folder, path)), '600', path);
  }
  assert.equal(modeOf(join(folder, '.homeiq/secrets/influxdb-operator-token')), '600');
  assert.equal(modeOf(join(folder, '.homeiq')), '700');
  const state = await files.state();
  assert.deepEqual([state.isEmpty, state.isDeployment, state.obstacle], [false, true, undefined]);
});

test('what containers mount can be read by every account, whatever the umask', async t => {
  const folder = temporaryFolder(t);
  const before = process.umask(0o077);
  t.after(() => process.umask(before));
  const files = createDeploymentFiles(folder);
  await files.writeMountedFile('homeiq-guard', '#!/bin/sh\n');
  assert.equal(modeOf(join(folder, 'homeiq-guard')), '644');
  assert.equal(await files.readProgramFile('homeiq-guard'), '#!/bin/sh\n');
});

test('a replaced .env is kept with its bytes, the last twenty of them; an unchanged one is not', async t => {
  const folder = temporaryFolder(t);
  // The clock stands still: the names must differ all the same.
  const files = createDeploymentFiles(folder, () => new Date('2026-01-02T03:04:05.678Z'));
  const odd = Buffer.from([0x41, 0x3d, 0xff, 0x0a]);
  writeFileSync(join(folder, '.env'), odd, { mode: 0o644 });
  await files.writeEnv('A=0\n');
  const backups = join(folder, '.homeiq/backups');
  assert.deepEqual(readdirSync(backups), ['20260102T030405.678Z.env']);
  assert.deepEqual(readFileSync(join(backups, '20260102T030405.678Z.env')), odd);
  assert.equal(modeOf(join(backups, '20260102T030405.678Z.env')), '600');
  assert.equal(modeOf(join(folder, '.env')), '600');
  await files.writeEnv('A=0\n');
  assert.equal(readdirSync(backups).length, 1);
  await files.writeProgramFile('compose.yaml', 'a');
  await files.writeProgramFile('compose.yaml', 'b');
  for (let index = 1; index <= 25; index++) await files.writeEnv(`A=${index}\n`);
  const names = readdirSync(backups);
  assert.equal(names.filter(name => name.endsWith('.env')).length, 20);
  assert.deepEqual(
    names.filter(name => name.endsWith('compose.yaml')),
    ['20260102T030405.678Z.compose.yaml'],
  );
  const newest =
    names
      .filter(name => name.endsWith('.env'))
      .toSorted()
      .at(-1) ?? '';
  assert.equal(readFileSync(join(backups, newest), 'utf8'), 'A=24\n');
  for (const text of ['A=1\n', 'A=2\n']) await files.writeModeEnv('test', text);
  const ofMode = readdirSync(backups).filter(name => name.endsWith('Z.test.env'));
  assert.deepEqual(
    ofMode.map(name => readFileSync(join(backups, name), 'utf8')),
    ['A=1\n'],
  );
  assert.equal((await files.envBackups()).length, 20, 'those of .env alone');
});

const refused = async (act: Promise<unknown>, message: RegExp): Promise<void> => {
  await assert.rejects(act, (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, message);
    assert.notEqual(error.hint, undefined);
    return true;
  });
};

test('a symbolic link is neither followed nor replaced', async t => {
  const folder = temporaryFolder(t);
  const outside = join(temporaryFolder(t), 'outside');
  writeFileSync(outside, 'untouched');
  symlinkSync(outside, join(folder, '.env'));
  const files = createDeploymentFiles(folder);
  assert.match((await files.state()).obstacle ?? '', /\.env is a symbolic link/);
  await refused(files.writeEnv('A=1\n'), /symbolic link/);
  await refused(files.readEnv(), /symbolic link/);
  assert.equal(readFileSync(outside, 'utf8'), 'untouched');
  assert.ok(lstatSync(join(folder, '.env')).isSymbolicLink());
});

test('a link in the place of a secret is refused', async t => {
  const folder = temporaryFolder(t);
  const files = createDeploymentFiles(folder);
  await files.writeSecret('influxdb-operator-token', 'x');
  const outside = join(temporaryFolder(t), 'outside');
  writeFileSync(outside, 'untouched');
  symlinkSync(outside, join(folder, '.homeiq/secrets/influxdb-admin-password'));
  await refused(files.writeSecret('influxdb-admin-password', 'y'), /symbolic link/);
  assert.ok(lstatSync(join(folder, '.homeiq/secrets/influxdb-admin-password')).isSymbolicLink());
  assert.equal(readFileSync(outside, 'utf8'), 'untouched');
});

test('a link in the place of .homeiq is refused', async t => {
  const folder = temporaryFolder(t);
  symlinkSync(temporaryFolder(t), join(folder, '.homeiq'));
  const files = createDeploymentFiles(folder);
  assert.match((await files.state()).obstacle ?? '', /\.homeiq is a symbolic link/);
  await refused(files.writeSecret('influxdb-operator-token', 'x'), /symbolic link/);
});

test('a file where a folder is needed, and a folder where a file is needed', async t => {
  const file = join(temporaryFolder(t), 'file');
  writeFileSync(file, '');
  assert.match(
    (await createDeploymentFiles(file).state()).obstacle ?? '',
    /is a file, where a folder is needed/,
  );
  await refused(createDeploymentFiles(file).writeEnv('A=1\n'), /in the way/);
  const below = createDeploymentFiles(join(file, 'below'));
  assert.match((await below.state()).obstacle ?? '', /is a file, where a folder is needed/);
  await refused(below.writeEnv('A=1\n'), /in the way/);

  const folder = temporaryFolder(t);
  writeFileSync(join(folder, '.homeiq'), '');
  assert.match((await createDeploymentFiles(folder).state()).obstacle ?? '', /\.homeiq is a file/);
  await refused(createDeploymentFiles(folder).writeEnv('A=1\n'), /in the way/);

  const other = temporaryFolder(t);
  mkdirSync(join(other, '.env'));
  assert.match((await createDeploymentFiles(other).state()).obstacle ?? '', /\.env is not a regular file/);
  await refused(createDeploymentFiles(other).writeEnv('A=1\n'), /not a regular file|is a folder/);
  assert.deepEqual(
    readdirSync(other).filter(name => name.startsWith('.homeiq-new')),
    [],
  );
});

test('a named pipe in the way is refused, not waited for', async t => {
  const folder = temporaryFolder(t);
  await runProcess('mkfifo', [join(folder, '.env')]);
  await refused(createDeploymentFiles(folder).readEnv(), /not a regular file/);
});

test('text that is none, and a record that is damaged or newer', async t => {
  const folder = temporaryFolder(t);
  const files = createDeploymentFiles(folder);
  writeFileSync(join(folder, '.env'), Buffer.from([0xff, 0xfe]));
  await refused(files.readEnv(), /not UTF-8/);
  mkdirSync(join(folder, '.homeiq'));
  for (const text of ['', '{', '[]', '{"formatVersion":1}', '{"formatVersion":1,"level":"other"}']) {
    writeFileSync(join(folder, '.homeiq/deployment.json'), text);
    await refused(files.readRecord(), /damaged/);
  }
  writeFileSync(join(folder, '.homeiq/deployment.json'), '{"formatVersion":2}');
  await refused(files.readRecord(), /newer homeiq/);
});

test('what a dead process left half-written is swept away; a living one’s is not', async t => {
  const folder = temporaryFolder(t);
  const { pid } = await deadProcess();
  writeFileSync(join(folder, `.homeiq-new.${pid}.0123`), 'half');
  writeFileSync(join(folder, `.homeiq-new.${process.pid}.0123`), 'being written');
  await createDeploymentFiles(folder).writeEnv('A=1\n');
  assert.deepEqual(
    readdirSync(folder).filter(name => name.startsWith('.homeiq-new')),
    [`.homeiq-new.${process.pid}.0123`],
  );
});

async function deadProcess(): Promise<{ readonly pid: number }> {
  const { stdout } = await runProcess(process.execPath, ['-p', 'process.pid']);
  return { pid: Number(stdout) };
}

/** A small tmpfs, or undefined where it cannot be mounted. */
async function mountTmpfs(t: TestContext, options: string): Promise<string | undefined> {
  if (!isRoot) return undefined;
  let folder = '';
  // Before the folder is removed, and hooks run in their order.
  t.after(() => runProcess('umount', [folder]));
  folder = temporaryFolder(t);
  const args = ['-t', 'tmpfs', '-o', options, 'tmpfs', folder];
  const { exitCode } = await runProcess('mount', args).catch(() => ({ exitCode: 1 }));
  return exitCode === 0 ? folder : undefined;
}

test('a full disk: the old file stays, nothing half-written is left', async t => {
  const folder = await mountTmpfs(t, 'size=256k');
  if (folder === undefined) return t.skip('cannot mount a tmpfs here');
  const files = createDeploymentFiles(folder);
  await files.writeEnv('A=1\n');
  assert.match((await files.state()).obstacle ?? '', /disk is full/);
  await refused(files.writeEnv(`A=${'x'.repeat(300_000)}\n`), /disk is full/);
  assert.equal(await files.readEnv(), 'A=1\n');
  assert.deepEqual(readdirSync(folder).toSorted(), ['.env', '.homeiq']);
});

test('a read-only file system is named', async t => {
  const folder = await mountTmpfs(t, 'size=2m,ro');
  if (folder === undefined) return t.skip('cannot mount a tmpfs here');
  const files = createDeploymentFiles(folder);
  assert.match((await files.state()).obstacle ?? '', /read-only/);
  await refused(files.writeEnv('A=1\n'), /read-only/);
  assert.match((await createDeploymentFiles(join(folder, 'new')).state()).obstacle ?? '', /read-only/);
});

/** Runs `script` as the account `nobody`; it prints JSON. */
async function asNobody(script: string): Promise<unknown> {
  const { stdout, stderr } = await runProcess('setpriv', [
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    process.execPath,
    '--input-type=module',
    '--eval',
    script,
  ]);
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout);
}

test('another account is told whose folder it is, and that it may not write there', async t => {
  if (!isRoot) return t.skip('needs root to become another account');
  const folder = temporaryFolder(t);
  const files = createDeploymentFiles(folder);
  await files.writeEnv('A=1\n');
  chmodSync(folder, 0o755);
  // The other account may not read this source tree, so it gets the module in one piece.
  const { build } = await import('esbuild');
  const bundle = await build({
    entryPoints: [new URL('../../../src/adapters/files/deployment-files.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
  });
  const code = bundle.outputFiles[0]?.text ?? '';
  const result = await asNobody(`${code}
    const files = createDeploymentFiles(${JSON.stringify(folder)});
    const state = await files.state();
    const seen = await files.readEnv().catch(error => error.message);
    const written = await files.writeEnv('A=2').catch(error => error.message);
    console.log(JSON.stringify({ state, seen, written }));`);
  const { state, seen, written } = result as {
    state: { foreignOwner?: string; obstacle?: string };
    seen: string;
    written: string;
  };
  assert.equal(state.foreignOwner, 'root');
  assert.match(state.obstacle ?? '', /No permission/);
  assert.match(seen, /No permission/);
  assert.match(written, /No permission/);
});

test('root leaves files that the owner of the folder can still use', async t => {
  if (!isRoot) return t.skip('needs root');
  const folder = temporaryFolder(t);
  chownSync(folder, 65534, 65534);
  const files = createDeploymentFiles(folder);
  await files.writeEnv('A=1\n');
  await files.writeSecret('influxdb-admin-password', 'x');
  for (const path of ['.env', '.homeiq', '.homeiq/secrets', '.homeiq/secrets/influxdb-admin-password']) {
    assert.equal(statSync(join(folder, path)).uid, 65534, path);
  }
});

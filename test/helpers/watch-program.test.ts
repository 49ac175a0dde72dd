import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProcess } from '../../src/adapters/process/run-process.ts';
import { programEnvironment } from './program.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { watchProgram } from './watch-program.ts';

/** Starts a process that lives for no time, writes where it may and where it must not, and removes what it wrote. */
const programIn = (folder: string): string => `
import { spawn } from 'node:child_process';
import { open, rename, rm, writeFile } from 'node:fs/promises';
spawn('true', ['--password', 'the-argument-secret']);
const handle = await open('${folder}/.homeiq-new.1', 'w');
await handle.writeFile('KEY=the-kept-secret');
await handle.close();
await rename('${folder}/.homeiq-new.1', '${folder}/.env');
await writeFile('${folder}/journal', 'the-journal-secret');
await rm('${folder}/journal');
`;

test('a process and a file that were there for a moment are seen; a secret where it belongs is no leak', async t => {
  const watched = watchProgram();
  t.after(() => watched.remove());
  const folder = temporaryFolder(t);
  const { exitCode, stderr } = await runProcess(
    process.execPath,
    ['--input-type=module', '--eval', programIn(folder)],
    { env: programEnvironment(watched.environment) },
  );
  assert.equal(exitCode, 0, stderr);
  const secrets = ['argument', 'kept', 'journal', 'other'].map(name => ({
    name,
    value: `the-${name}-secret`,
  }));
  const { files, leaks } = watched.findLeaks(secrets, folder);
  assert.deepEqual(leaks, ['argument is an argument of a process', `journal is in ${folder}/journal`]);
  assert.deepEqual(files.toSorted(), [`${folder}/.env`, `${folder}/journal`]);
});

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runProcess } from '../../src/adapters/process/run-process.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const script = join(import.meta.dirname, '..', '..', 'scripts', 'setup_test_environment.sh');

for (const shell of [['dash'], ['busybox', 'sh']] as const) {
  test(`scripts/setup_test_environment.sh in ${shell.join(' ')} is homeiq buckets for test mode, with its options and its exit code`, async t => {
    const folder = temporaryFolder(t);
    const scripts = join(folder, 'the checkout', 'scripts');
    mkdirSync(scripts, { recursive: true });
    copyFileSync(script, join(scripts, 'setup_test_environment.sh'));
    writeFileSync(join(scripts, 'homeiq'), '#!/bin/sh\nprintf "%s\\n" "$@"\nexit 3\n', { mode: 0o755 });
    // From anywhere, by a link.
    const link = join(folder, 'link');
    symlinkSync(join(scripts, 'setup_test_environment.sh'), link);
    const [file, ...leading] = shell;
    const { exitCode, stdout } = await runProcess(
      file,
      [...leading, link, '--check', '--dir', 'a folder', ''],
      {
        cwd: '/',
        env: { PATH: process.env.PATH ?? '' },
      },
    );
    assert.equal(exitCode, 3);
    assert.deepEqual(stdout.split('\n').slice(0, -1), [
      ...['buckets', '--mode', 'test'],
      ...['--check', '--dir', 'a folder', ''],
    ]);
  });
}

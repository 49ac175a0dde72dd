import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { readFirstFile } from '../../../src/adapters/docker/container-file.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** What `tar` makes of one entry of a folder. */
function pack(t: TestContext, make: (path: string) => void): Buffer {
  const folder = temporaryFolder(t);
  make(join(folder, 'influx-configs'));
  return execFileSync('tar', ['--format=ustar', '-C', folder, '-cf', '-', 'influx-configs']);
}

describe('A file out of a container', () => {
  test('is the first plain file of the archive, to the byte', t => {
    for (const text of ['', 'x', '[default]\n  token = "é"\n', 'y'.repeat(5000)]) {
      assert.equal(readFirstFile(pack(t, path => writeFileSync(path, text))), text);
    }
  });

  test('is none when it is a link, a folder, or cut off', t => {
    assert.equal(readFirstFile(pack(t, path => symlinkSync('/etc/passwd', path))), undefined);
    assert.equal(readFirstFile(pack(t, path => mkdirSync(path))), undefined);
    const whole = pack(t, path => writeFileSync(path, 'z'.repeat(2000)));
    assert.equal(readFirstFile(whole.subarray(0, 1000)), undefined);
    assert.equal(readFirstFile(Buffer.alloc(0)), undefined);
  });
});

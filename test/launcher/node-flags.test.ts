import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { launcherFlags } from '../../scripts/lib/launcher-flags.ts';
import { runProcess } from '../../src/adapters/process/run-process.ts';

test('Node takes the compiled code of its own modules, which it refuses with most flags', async () => {
  const flags = launcherFlags();
  assert.ok(flags.length > 0);
  const compiledAnew = `
    const { internalBinding } = require('internal/test/binding');
    require('node:http');
    console.log([...internalBinding('builtins').getCacheUsage().compiledWithoutCache].join(' '));`;
  const { stdout, exitCode, stderr } = await runProcess(process.execPath, [
    ...flags,
    '--expose-internals',
    '--no-warnings',
    '-e',
    compiledAnew,
  ]);
  assert.equal(exitCode, 0, stderr);
  assert.doesNotMatch(stdout, /http|stream/);
});

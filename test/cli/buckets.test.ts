import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { readArguments } from '../../src/cli/arguments.ts';
import { runBuckets } from '../../src/cli/buckets.ts';
import { exitCodes, UserError } from '../../src/core/error.ts';
import { createBucketPorts } from '../helpers/bucket-deployment.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const exitsWith =
  (exitCode: number, said: RegExp) =>
  (error: unknown): boolean =>
    error instanceof UserError &&
    error.exitCode === exitCode &&
    said.test(`${error.message} ${error.hint ?? ''} ${error.nextSteps.join(' ')}`);

const ask = (t: TestContext, ...args: readonly string[]) =>
  runBuckets(
    { ports: createBucketPorts(temporaryFolder(t), 'http://127.0.0.1:1') },
    readArguments(['buckets', ...args]),
    {},
    { print: () => {}, askUser: undefined, signal: new AbortController().signal },
  );

describe('homeiq buckets', () => {
  test('reads its options', () => {
    const parsed = readArguments([
      ...['buckets', '--mode', 'test', '--retention-days', '14', '--recover', 'offline'],
      ...['--delete-data', 'weather_data_test', '--json'],
    ]);
    assert.deepEqual(
      [parsed.command, parsed.mode, parsed.retentionDays, parsed.recover, parsed.deleteData],
      ['buckets', 'test', 14, 'offline', ['weather_data_test']],
    );
    assert.equal(readArguments(['buckets', '--retention-days', '0']).retentionDays, 0);
    assert.equal(readArguments(['buckets', '--check']).check, true);
  });

  test('refuses values that it cannot use', () => {
    for (const [args, said] of [
      [['--retention-days', '1.5'], /whole number of days, not 1\.5/],
      [['--retention-days=-3'], /whole number of days/],
      [['--recover', 'ofline'], /no recovery ofline.*offline/],
      [['--recover', 'magic'], /cli, password, offline/],
    ] as const) {
      assert.throws(() => readArguments(['buckets', ...args]), exitsWith(exitCodes.usage, said));
    }
    for (const option of [['--check'], ['--recover', 'cli'], ['--retention-days', '1']]) {
      assert.throws(
        () => readArguments(['status', ...option]),
        exitsWith(exitCodes.usage, /goes with: buckets/),
      );
    }
  });

  test('refuses a look that would change something, and a retention without a mode', async t => {
    for (const more of [
      ['--recover', 'cli'],
      ['--mode', 'test', '--retention-days', '9'],
      ['--delete-data', 'x'],
    ]) {
      await assert.rejects(ask(t, '--check', ...more), exitsWith(exitCodes.usage, /--check only looks/));
    }
    await assert.rejects(ask(t, '--retention-days', '9'), exitsWith(exitCodes.usage, /needs a mode/));
  });

  test('has nothing to do where nothing is set up', async t => {
    for (const args of [[], ['--check'], ['--recover', 'cli']]) {
      await assert.rejects(ask(t, ...args), exitsWith(exitCodes.nothingToAttach, /no deployment/));
    }
  });
});

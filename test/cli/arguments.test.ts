import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readArguments } from '../../src/cli/arguments.ts';
import { optionTable } from '../../src/cli/option-table.ts';
import { usage } from '../../src/cli/usage.ts';
import { UserError } from '../../src/core/error.ts';

const refuses = (argv: readonly string[], message: RegExp, hint?: RegExp) => {
  assert.throws(
    () => readArguments(argv),
    (thrown: unknown) =>
      thrown instanceof UserError &&
      thrown.exitCode === 2 &&
      message.test(thrown.message) &&
      (hint === undefined || hint.test(thrown.hint ?? '')),
    `${argv.join(' ')} was not refused with ${message}`,
  );
};

describe('readArguments', () => {
  it('is the wizard or the status without a word', () => {
    assert.equal(readArguments([]).command, 'home');
    assert.equal(readArguments(['--sandbox']).level, 'sandbox');
    assert.equal(readArguments(['--rehearse']).level, 'rehearsal');
  });

  it('reads a set-up', () => {
    const parsed = readArguments([
      'setup',
      '--mode',
      'test',
      '--yes',
      '--json',
      '--without',
      'ner-service',
      '--without',
      'ml-service',
      '--memory-budget',
      '4096',
    ]);
    assert.equal(parsed.command, 'setup');
    assert.equal(parsed.mode, 'test');
    assert.ok(parsed.yes && parsed.json);
    assert.deepEqual(parsed.without, ['ner-service', 'ml-service']);
    assert.equal(parsed.memoryBudgetMiB, 4096);
  });

  it('reads what memory estimates count with', () => {
    assert.equal(readArguments(['memory', '--use', 'measured', '--mode', 'test']).use, 'measured');
    assert.equal(readArguments(['sample', '--json']).command, 'sample');
    refuses(['memory', '--use', 'mesured'], /--use takes expected or measured, not mesured/, /measured/);
    refuses(['plan', '--use', 'measured'], /--use does not go with plan/, /memory/);
  });

  it('names what is wrong, and what was probably meant', () => {
    refuses(['setpu'], /no command setpu/, /setup/);
    refuses(['setup', '--mode', 'prodution'], /no mode prodution/, /production/);
    refuses(['--sanbox'], /no option --sanbox/, /--sandbox/);
    refuses(['plan', '--yes'], /--yes does not go with plan/, /setup/);
    refuses(['setup', '--memory-budget', '8GB'], /whole number of MiB, not 8GB/);
    refuses(['--sandbox', '--rehearse'], /exclude each other/);
    refuses(['plan', 'status'], /one too many/);
    refuses(['setup', '--mode'], /--mode/);
  });

  it('takes the mode of a switch and the run to attach to as a word', () => {
    const parsed = readArguments(['switch', 'production', '--yes', '--on-failure', 'stay']);
    assert.equal(parsed.mode, 'production');
    assert.equal(parsed.onFailure, 'stay');
    assert.equal(readArguments(['switch', '--mode', 'test']).mode, 'test');
    assert.equal(readArguments(['attach', '20260101T000000Z-abcdef']).runId, '20260101T000000Z-abcdef');
    assert.deepEqual(readArguments(['stop', '--delete-data', 'a', '--delete-data', 'b']).deleteData, [
      'a',
      'b',
    ]);
    refuses(['switch', 'prodution'], /no mode prodution/, /production/);
    refuses(['switch', 'test', '--mode', 'production'], /which of the two/);
    refuses(['switch', 'test', 'production'], /one too many/);
    refuses(['switch', 'test', '--on-failure', 'rolback'], /rollback or stay/, /rollback/);
    refuses(['setup', '--on-failure', 'stay'], /--on-failure does not go with setup/, /switch/);
    refuses(['start', '--yes'], /--yes does not go with start/);
  });

  it('takes --help and --version everywhere', () => {
    assert.equal(readArguments(['plan', '--help']).command, 'help');
    assert.equal(readArguments(['--version']).command, 'version');
  });
});

describe('usage', () => {
  it('has every option of the table', () => {
    const text = usage();
    for (const name of Object.keys(optionTable)) assert.match(text, new RegExp(`--${name}\\b`));
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Outcome, runSuite } from '../../scripts/lib/run-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'run-suite-'));
after(() => rmSync(folder, { recursive: true }));

async function run(files: Readonly<Record<string, string>>, concurrency = 2): Promise<readonly Outcome[]> {
  const paths = Object.entries(files).map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, `import { describe, test } from 'node:test';\n${text}`);
    return path;
  });
  const seen: Outcome[] = [];
  const outcomes = await runSuite(
    { kind: 'files', name: 'unit', files: paths, concurrency, timeoutMs: 60_000 },
    { GREETING: 'good morning' },
    outcome => seen.push(outcome),
  );
  assert.deepEqual(seen, outcomes);
  return outcomes;
}

const summary = (outcomes: readonly Outcome[]) =>
  outcomes.map(({ kind, name, reason }) => [kind, name, reason]);

test('tests are told apart as passed, failed and skipped; groups are not counted', async () => {
  const outcomes = await run({
    'kinds.test.mjs': `
      describe('a group', () => {
        test('passes', () => { if (process.env.GREETING !== 'good morning') throw new Error('no greeting'); });
        test('fails', () => { console.log('a line of its own'); throw new Error('because'); });
        test('has a reason', { skip: 'no engine' }, () => {});
        test('has none', { skip: true }, () => {});
        test('is to come', { todo: 'later' }, () => {});
      });`,
  });
  assert.deepEqual(summary(outcomes), [
    ['passed', 'passes', undefined],
    ['failed', 'fails', undefined],
    ['skipped', 'has a reason', 'no engine'],
    ['skipped', 'has none', undefined],
    ['skipped', 'is to come', 'later'],
  ]);
  assert.match(outcomes[1]?.error ?? '', /Error: because\n.*kinds\.test\.mjs/);
  assert.match(outcomes[1]?.error ?? '', /The file printed:\na line of its own/);
});

test('a file that cannot be loaded, or ends the process, is a failure', async () => {
  const outcomes = await run({
    'broken.test.mjs': `import './is-not-there.mjs';`,
    'ends.test.mjs': `test('never ends', async () => { process.exit(3); });`,
  });
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['failed', 'failed'],
  );
});

test('a figure that a test tells is told on', async () => {
  const outcomes = await run({
    'figures.test.mjs': `test('counts', t => { t.diagnostic('inputs: 1234 inputs'); });`,
  });
  assert.deepEqual(summary(outcomes).toSorted(), [
    ['noted', 'inputs: 1234 inputs', undefined],
    ['passed', 'counts', undefined],
  ]);
});

test('with a concurrency of 1 files wait for each other', async () => {
  const file = `test('alone', async () => {
    const { mkdirSync, rmdirSync } = await import('node:fs');
    mkdirSync('${join(folder, 'taken')}');
    await new Promise(resolve => setTimeout(resolve, 50));
    rmdirSync('${join(folder, 'taken')}');
  });`;
  const outcomes = await run({ 'one.test.mjs': file, 'two.test.mjs': file, 'three.test.mjs': file }, 1);
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['passed', 'passed', 'passed'],
  );
});

test('a command counts as one test; what it says is shown when it fails', async () => {
  const outcomes = await runSuite(
    {
      kind: 'commands',
      name: 'check',
      commands: [
        { title: 'good', file: 'true', args: [] },
        { title: 'bad', file: 'sh', args: ['-c', 'echo found something; exit 1'] },
        { title: 'absent', file: 'nowhere', args: [], skip: 'nowhere is not installed' },
      ],
    },
    {},
    () => undefined,
  );
  const byName = (name: string) => outcomes.find(outcome => outcome.name === name);
  assert.equal(byName('good')?.kind, 'passed');
  assert.equal(byName('bad')?.error, 'found something');
  assert.equal(byName('absent')?.reason, 'nowhere is not installed');
});

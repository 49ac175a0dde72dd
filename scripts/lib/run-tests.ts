/** Runs the suites, tells what was skipped and why, and closes with one line of figures. */

import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { type Outcome, runSuite } from './run-suite.ts';
import { findFacilities } from './test-facilities.ts';
import { listSuites, type SuiteName, suiteNames } from './test-suites.ts';

const usage = `Usage: scripts/test [--only SUITE]… [--long]

Installs and builds what is missing, then runs the suites that this machine allows:
  check    types, lint and format, import rules, unused code, shell scripts
  unit     the program's parts, one by one and together, without anything from outside
  real     the same calls on a real Docker engine, two versions of Compose and a real InfluxDB
  e2e      the whole program in a pseudo-terminal
  minutes  what must not change over minutes, with --long over an hour, all of it at the same time

  --only SUITE   only this suite; may be given more than once
  --long         an hour where the rest takes minutes, and a minute of each fuzz instead of a second
With CI=true a skipped test is a failure.
`;

type Request = { readonly only: readonly SuiteName[]; readonly isLong: boolean };

function readRequest(): Request | undefined {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      long: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const isSuite = (name: string): name is SuiteName => suiteNames.some(known => known === name);
  const only = values.only ?? [];
  const unknown = only.find(name => !isSuite(name));
  if (unknown !== undefined)
    throw new Error(`There is no suite "${unknown}". The suites are ${suiteNames.join(', ')}.`);
  return { only: only.filter(isSuite), isLong: values.long };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const where = (outcome: Outcome) =>
  outcome.file === undefined ? outcome.name : `${relative('.', outcome.file)}: ${outcome.name}`;

const seconds = (fromMs: number) => `${((performance.now() - fromMs) / 1000).toFixed(1)} s`;

function count(outcomes: readonly Outcome[]): string {
  const of = (kind: Outcome['kind']) => outcomes.filter(outcome => outcome.kind === kind).length;
  return `${of('passed')} passed, ${of('failed')} failed, ${of('skipped')} skipped`;
}

async function runAll({ only, isLong }: Request): Promise<boolean> {
  const facilities = findFacilities(process.env);
  for (const { title, found } of facilities) print(`${title}: ${found ?? 'not found'}`);
  const environment = {
    ...Object.fromEntries(facilities.flatMap(({ variable }) => (variable ? [variable] : []))),
    ...(isLong ? { HOMEIQ_TEST_LONG: 'true' } : {}),
  };

  const all: Outcome[] = [];
  for (const suite of listSuites(isLong)) {
    if (only.length > 0 && !only.includes(suite.name)) continue;
    const startedMs = performance.now();
    const outcomes = await runSuite(suite, environment, outcome => {
      if (outcome.kind === 'failed') print(`\nFAILED ${where(outcome)}\n${outcome.error ?? ''}\n`);
    });
    all.push(...outcomes);
    print(`${suite.name}: ${count(outcomes)}, ${seconds(startedMs)}`);
  }

  const noted = all.filter(outcome => outcome.kind === 'noted');
  if (noted.length > 0) print(`\nFigures:${noted.map(one => `\n  ${where(one)}`).join('')}`);
  const skipped = all.filter(outcome => outcome.kind === 'skipped');
  if (skipped.length > 0)
    print(
      `\nSkipped:${skipped.map(one => `\n  ${where(one)} (${one.reason ?? 'no reason given'})`).join('')}`,
    );
  const failed = all.filter(outcome => outcome.kind === 'failed');
  if (failed.length > 0) print(`\nFailed:${failed.map(one => `\n  ${where(one)}`).join('')}`);
  const mayNotSkip = process.env.CI === 'true' && skipped.length > 0;
  if (mayNotSkip) print('\nWith CI=true nothing may be skipped.');
  print(`\n${count(all)}`);
  return all.some(outcome => outcome.kind === 'passed') && failed.length === 0 && !mayNotSkip;
}

try {
  const request = readRequest();
  if (request === undefined) {
    process.stdout.write(usage);
  } else {
    process.exitCode = (await runAll(request)) ? 0 : 1;
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}

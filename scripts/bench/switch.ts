/**
 * A switch in the sandbox against the same by hand (stop everything with every profile, the other settings, start with
 * wait), and against what cannot be avoided: the stops, starts and first healthy probes of the same containers, made by
 * bare calls to the engine. Then where our own time goes.
 *
 * Docker asks a health command for the first time one interval after a start. It is 10 s here, as compose.yaml has it for a
 * deployment; `--interval 2s` is what the sandbox has, so that tests do not take long.
 */

import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDeployment, skipWithoutSandbox, type TestDeployment } from '../../test/helpers/deployment.ts';
import {
  type BareTimes,
  createBareSwitch,
  type Dependencies,
  type InspectedContainer,
} from './bare-switch.ts';
import { medianOf } from './median.ts';

const rounds = 3;
const handLimit = 0.6;
const unavoidableLimit = 1.15;
const ways = ['production', 'test'] as const;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

async function time(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

async function runOurs(deployment: TestDeployment, args: readonly string[]): Promise<void> {
  const { exitCode, stderr, stdout } = await deployment.run([...args, '--yes']);
  if (exitCode !== 0) throw new Error(`homeiq ${args.join(' ')}: ${stderr}${stdout}`);
}

async function readDependencies(deployment: TestDeployment): Promise<Dependencies> {
  const model: { services: Record<string, { depends_on?: Record<string, { condition: string }> }> } =
    JSON.parse(await deployment.compose('--profile', '*', 'config', '--format', 'json'));
  return new Map(Object.entries(model.services).map(([name, service]) => [name, service.depends_on ?? {}]));
}

type StepEnd = { readonly kind: string; readonly step: string; readonly durationMs: number };

/** Milliseconds by step of the newest run. */
async function stepTimes(deployment: TestDeployment): Promise<readonly StepEnd[]> {
  const folder = join(deployment.folder, '.homeiq/runs');
  const newest = (await readdir(folder))
    .filter(name => name.endsWith('.jsonl'))
    .toSorted()
    .at(-1);
  const lines = (await readFile(join(folder, newest ?? ''), 'utf8')).trim().split('\n');
  return lines.map((line): StepEnd => JSON.parse(line)).filter(({ kind }) => kind === 'step-finished');
}

/** One line: the medians in the order of the steps, and what is no step (looking, planning, the start of the worker). */
function describeSteps(runs: readonly (readonly StepEnd[])[], oursMs: number): string {
  const names = [...new Set(runs.flat().map(({ step }) => step))];
  const medians = names.map(name => {
    const times = runs.flatMap(run => run.filter(({ step }) => step === name));
    return { name, ms: medianOf(times.map(({ durationMs }) => durationMs)) ?? 0 };
  });
  const totals = runs.map(run => run.reduce((sum, { durationMs }) => sum + durationMs, 0));
  const steps = medians.map(({ name, ms }) => `${name} ${seconds(ms)}`);
  return [...steps, `no step ${seconds(oursMs - (medianOf(totals) ?? 0))}`].join(', ');
}

const totalOf = ({ stopsMs, makingMs, startsAndProbesMs }: BareTimes): number =>
  stopsMs + makingMs + startsAndProbesMs;

function describeBare(all: readonly BareTimes[]): string {
  const of = (pick: (times: BareTimes) => number) => seconds(medianOf(all.map(pick)));
  return `stops ${of(({ stopsMs }) => stopsMs)}, making ${of(({ makingMs }) => makingMs)}, starts and first healthy probes ${of(({ startsAndProbesMs }) => startsAndProbesMs)}`;
}

/** Prints medians and their ratios; returns the exit code, 1 when a ratio is over its limit or nothing could be measured. */
export async function benchSwitch(args: readonly string[]): Promise<number> {
  const { interval } = parseArgs({
    args: [...args],
    options: { interval: { type: 'string', default: '10s' } },
  }).values;
  const missing = skipWithoutSandbox('new');
  if (missing !== false) {
    console.error(`Nothing to measure with: ${missing}.`);
    return 1;
  }
  const deployment = await createDeployment('new', { HOMEIQ_SET_HOMEIQ_HEALTH_INTERVAL: interval });
  try {
    await runOurs(deployment, ['setup', '--mode', 'test', '--sandbox']);
    const bare = createBareSwitch(deployment.project, await readDependencies(deployment));
    // The first time in a mode makes its org, its buckets and its token: that is a set-up, not a switch.
    for (const mode of ways) await runOurs(deployment, ['switch', mode]);
    const ours: number[] = [];
    const hand: number[] = [];
    const least: BareTimes[] = [];
    const steps: (readonly StepEnd[])[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const wanted: (readonly InspectedContainer[])[] = [];
      let kept: ReadonlySet<string> = new Set();
      for (const mode of ways) {
        const before = new Set((await bare.inspectAll()).map(({ Id }) => Id));
        ours.push(await time(() => runOurs(deployment, ['switch', mode])));
        steps.push(await stepTimes(deployment));
        const after = await bare.inspectAll();
        wanted.push(after.filter(({ Id }) => !before.has(Id)));
        kept = new Set(after.flatMap(({ Id }) => (before.has(Id) ? [Id] : [])));
      }
      for (const containers of wanted) least.push(await bare.run(containers, kept));
    }
    // Last, as it changes the files behind our back.
    for (let round = 0; round < rounds; round += 1) {
      for (const mode of ways) {
        hand.push(
          await time(async () => {
            await deployment.compose('--profile', '*', 'stop');
            await copyFile(
              join(deployment.folder, `.homeiq/modes/${mode}.env`),
              join(deployment.folder, '.env'),
            );
            await deployment.compose('up', '-d', '--wait');
          }),
        );
      }
    }
    const oursMs = medianOf(ours);
    const handMs = medianOf(hand);
    const leastMs = medianOf(least.map(totalOf));
    const toHand = oursMs / handMs;
    const toLeast = oursMs / leastMs;
    console.log(
      `homeiq switch ${seconds(oursMs)} (median of ${ours.length}, both ways; health every ${interval})`,
    );
    console.log(`by hand       ${seconds(handMs)}: ratio ${toHand.toFixed(2)}, at most ${handLimit}`);
    console.log(
      `unavoidable   ${seconds(leastMs)}: ratio ${toLeast.toFixed(2)}, at most ${unavoidableLimit}`,
    );
    console.log(`of which      ${describeBare(least)}`);
    console.log(`steps         ${describeSteps(steps, oursMs)}`);
    return toHand <= handLimit && toLeast <= unavoidableLimit ? 0 : 1;
  } finally {
    await deployment.remove();
  }
}

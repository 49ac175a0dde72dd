/**
 * The bucket step on a healthy InfluxDB against its own HTTP calls: what a step asks is recorded, and the same requests
 * are made by curl, one after the other. curl's own count of the time of each transfer is summed, so the start of curl
 * is not in it. The limit is for calls with a connection each, as a curl for each call has it; the sum over one kept
 * connection is told beside it. Measured twice: where all is as it must be, and where everything is to be made.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClock } from '../../src/adapters/host/clock.ts';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import { ensureBuckets } from '../../src/app/buckets/ensure-buckets.ts';
import { type Mode, modeFacts, modes } from '../../src/core/mode/mode.ts';
import type { Influx } from '../../src/ports/influxdb.ts';
import { bucketsOfBothModes, setUpBareInfluxdb } from '../../test/helpers/influxdb-of-both-modes.ts';
import { findFacilities } from '../lib/test-facilities.ts';
import { recordCalls, repeatCalls, repeatMakingCalls } from './bucket-calls.ts';
import { medianOf } from './median.ts';

const rounds = 31;
const makingRounds = 9;
const limit = 1.5;
const operatorToken = 'operator-token-of-the-benchmark';

type Tokens = Partial<Record<Mode, string>>;

const row = (what: string, values: readonly number[]): string =>
  `${what.padEnd(34)} ${medianOf(values).toFixed(1).padStart(7)} ms  (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`;

/** Prints the ratio of the medians, and gives it. */
function tellRatio(steps: readonly number[], sums: readonly number[]): number {
  const ratio = medianOf(steps) / medianOf(sums);
  console.log(`medians of ${steps.length} runs each`);
  console.log(`ratio step / curl: ${ratio.toFixed(2)} (at most ${limit.toFixed(2)})`);
  return ratio;
}

/** Prints medians and their ratios; returns the exit code, 1 when one is over the limit or nothing could be measured. */
export async function benchBuckets(): Promise<number> {
  const binary = findFacilities(process.env).find(({ title }) => title === 'influxd')?.variable?.[1];
  if (binary === undefined) {
    console.error('No influxd here: name one in HOMEIQ_TEST_INFLUXD.');
    return 1;
  }
  const server = await startServer(binary);
  try {
    const influx = createInflux({ url: server.url });
    const password = 'password-of-the-benchmark';
    await setUpBareInfluxdb(influx, { clock: createClock(), token: operatorToken, password });
    const tokens: Tokens = {};
    await timeStep(influx, tokens, true);
    const ratios = [await benchLooking(server.url, influx, tokens), await benchMaking(server.url, influx)];
    return Math.max(...ratios) > limit ? 1 : 0;
  } finally {
    await server.stop();
  }
}

async function benchLooking(url: string, influx: Influx, tokens: Tokens): Promise<number> {
  const calls = await recordCalls(url, async through => {
    await timeStep(createInflux({ url: through }), tokens, false);
  });
  const steps: number[] = [];
  const sums: number[] = [];
  const keptSums: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const stepMs = await timeStep(influx, tokens, false);
    const curlMs = await repeatCalls(url, calls, { keepConnection: false });
    const keptMs = await repeatCalls(url, calls, { keepConnection: true });
    // The first round only warms up.
    if (round === 0) continue;
    steps.push(stepMs);
    sums.push(curlMs);
    keptSums.push(keptMs);
  }
  console.log(`InfluxDB at ${url}; both modes, nothing to do: ${calls.length} HTTP calls`);
  console.log(row('bucket step', steps));
  console.log(row('the same calls by curl, summed', sums));
  console.log(row('… over one kept connection', keptSums));
  return tellRatio(steps, sums);
}

async function benchMaking(url: string, influx: Influx): Promise<number> {
  await removeOrgs(url, influx);
  const calls = await recordCalls(url, async through => {
    await timeStep(createInflux({ url: through }), {}, true);
  });
  const steps: number[] = [];
  const sums: number[] = [];
  for (let round = 0; round <= makingRounds; round += 1) {
    await removeOrgs(url, influx);
    const stepMs = await timeStep(influx, {}, true);
    await removeOrgs(url, influx);
    const curlMs = await repeatMakingCalls(url, calls);
    if (round === 0) continue;
    steps.push(stepMs);
    sums.push(curlMs);
  }
  console.log(`\nboth modes, everything to be made: ${calls.length} HTTP calls`);
  console.log(row('bucket step', steps));
  console.log(row('the same calls by curl, summed', sums));
  return tellRatio(steps, sums);
}

/** Milliseconds of one step for both modes. */
async function timeStep(influx: Influx, tokens: Tokens, isToChange: boolean): Promise<number> {
  const startMs = performance.now();
  const { changed } = await ensureBuckets(bucketsOfBothModes(influx, operatorToken, tokens));
  const stepMs = performance.now() - startMs;
  if (changed !== isToChange) throw new Error(`The step had ${changed ? 'something' : 'nothing'} to do.`);
  return stepMs;
}

async function removeOrgs(url: string, influx: Influx): Promise<void> {
  for (const mode of modes) {
    const org = await influx.findOrg(operatorToken, modeFacts[mode].org);
    if (org === undefined) continue;
    const headers = { authorization: `Token ${operatorToken}` };
    const { status } = await fetch(`${url}/api/v2/orgs/${org.id}`, { method: 'DELETE', headers });
    if (status !== 204) throw new Error(`${modeFacts[mode].org} was not deleted: ${status}`);
  }
}

async function startServer(binary: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'homeiq-bench-influxd-'));
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    binary,
    [
      `--bolt-path=${path.join(folder, 'influxd.bolt')}`,
      `--sqlite-path=${path.join(folder, 'influxd.sqlite')}`,
      `--engine-path=${path.join(folder, 'engine')}`,
      `--http-bind-address=127.0.0.1:${port}`,
      '--reporting-disabled',
      '--log-level=error',
    ],
    { env: { PATH: process.env.PATH ?? '', HOME: folder }, stdio: 'ignore' },
  );
  return {
    url,
    stop: async (): Promise<void> => {
      // SIGTERM does not stop it cleanly, SIGINT does.
      child.kill('SIGINT');
      await new Promise(resolve => child.once('exit', resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

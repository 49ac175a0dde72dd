/**
 * The bucket step on a healthy InfluxDB against its own HTTP calls: what one step asks is recorded, and the same
 * requests are made by curl, one after the other. curl's own count of the time of each transfer is summed, so the start
 * of curl is not in it. The limit is for calls with a connection each, as a curl for each call has it; the sum over one
 * kept connection is told beside it.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClock } from '../../src/adapters/host/clock.ts';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import { type EnsureBucketsRequest, ensureBuckets } from '../../src/app/buckets/ensure-buckets.ts';
import { ensureInfluxdbSetup } from '../../src/app/buckets/ensure-influxdb-setup.ts';
import { type Mode, modeFacts } from '../../src/core/mode/mode.ts';
import type { Influx } from '../../src/ports/influxdb.ts';
import { findFacilities } from '../lib/test-facilities.ts';
import { medianOf } from './median.ts';

const rounds = 15;
const limit = 1.5;
const operatorToken = 'operator-token-of-the-benchmark';

type Recorded = {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
};

/** Prints medians and their ratio; returns the exit code, 1 when the ratio is over the limit or nothing could be measured. */
export async function benchBuckets(): Promise<number> {
  const binary = findFacilities(process.env).find(({ title }) => title === 'influxd')?.variable?.[1];
  if (binary === undefined) {
    console.error('No influxd here: name one in HOMEIQ_TEST_INFLUXD.');
    return 1;
  }
  const server = await startServer(binary);
  try {
    const influx = createInflux({ url: server.url });
    const stored: Partial<Record<Mode, string>> = {};
    await setUp(influx);
    await ensureBuckets(workWith(influx, stored));

    const requests = await record(server.url, async url => {
      await ensureBuckets(workWith(createInflux({ url }), stored));
    });
    const steps: number[] = [];
    const sums: number[] = [];
    const keptSums: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const startMs = performance.now();
      const { changed } = await ensureBuckets(workWith(influx, stored));
      const stepMs = performance.now() - startMs;
      if (changed) throw new Error('The server is not healthy: the step had something to do.');
      const curlMs = await replay(server.url, requests, { keepConnection: false });
      const keptMs = await replay(server.url, requests, { keepConnection: true });
      // The first round only warms up.
      if (round > 0) {
        steps.push(stepMs);
        sums.push(curlMs);
        keptSums.push(keptMs);
      }
    }
    const ratio = medianOf(steps) / medianOf(sums);
    const row = (what: string, values: readonly number[]): string =>
      `${what.padEnd(34)} ${medianOf(values).toFixed(1).padStart(7)} ms  (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`;
    console.log(`InfluxDB at ${server.url}; both modes, ${requests.length} HTTP calls`);
    console.log(row('bucket step, nothing to do', steps));
    console.log(row('the same calls by curl, summed', sums));
    console.log(row('… over one kept connection', keptSums));
    console.log(`medians of ${rounds} runs each`);
    console.log(`ratio step / curl: ${ratio.toFixed(2)} (at most ${limit.toFixed(2)})`);
    return ratio > limit ? 1 : 0;
  } finally {
    await server.stop();
  }
}

const setUp = (influx: Influx) =>
  ensureInfluxdbSetup({
    influx,
    clock: createClock(),
    credentials: { username: 'homeiq-admin', password: 'password-of-the-benchmark', token: operatorToken },
    org: modeFacts.test.org,
    bucket: modeFacts.test.mainBucket,
    retentionSeconds: 604_800,
    onDetail: () => {},
  });

function workWith(influx: Influx, stored: Partial<Record<Mode, string>>): EnsureBucketsRequest {
  const settings = (mode: Mode) => ({
    storedToken: stored[mode],
    retentionSeconds: modeFacts[mode].buckets[0]?.retentionSeconds ?? 0,
  });
  return {
    influx,
    operatorToken,
    modes: ['test', 'production'],
    settings: { test: settings('test'), production: settings('production') },
    wishes: { changeRetention: false },
    deleteData: [],
    onDetail: () => {},
    storeToken: async (mode, token) => {
      stored[mode] = token;
    },
  };
}

/** What `use` asks of the server, in the order in which it came. */
async function record(target: string, use: (url: string) => Promise<void>): Promise<readonly Recorded[]> {
  const recorded: Recorded[] = [];
  const proxy = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method = 'GET', url = '/', headers } = request;
    const kept = Object.entries(headers).filter(([name]) =>
      ['authorization', 'content-type', 'accept'].includes(name),
    );
    recorded.push({ method, url, headers: kept.map(([name, value]) => [name, String(value)]), body });
    const forwarded = sendRequest(`${target}${url}`, { method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.end(body);
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  await use(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  proxy.closeAllConnections();
  proxy.close();
  return recorded;
}

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** One curl for all: its configuration comes on stdin, so that no token is on a command line. Gives milliseconds. */
async function replay(
  target: string,
  requests: readonly Recorded[],
  { keepConnection }: { readonly keepConnection: boolean },
): Promise<number> {
  const config = requests.map(({ method, url, headers, body }) =>
    [
      `url = ${quoted(`${target}${url}`)}`,
      `request = ${method}`,
      ...headers.map(([name, value]) => `header = ${quoted(`${name}: ${value}`)}`),
      ...(keepConnection ? [] : ['header = "connection: close"']),
      ...(method === 'GET' ? [] : [`data-binary = ${quoted(body)}`]),
      'output = /dev/null',
      'write-out = "%{time_total}\\n"',
      'silent',
    ].join('\n'),
  );
  const curl = spawn('curl', ['--config', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  curl.stdin.end(config.join('\nnext\n'));
  let text = '';
  for await (const chunk of curl.stdout) text += String(chunk);
  const seconds = text.trim().split('\n').map(Number);
  if (seconds.length !== requests.length || seconds.some(Number.isNaN)) {
    throw new Error(`curl made ${seconds.length} of ${requests.length} calls`);
  }
  return seconds.reduce((sum, value) => sum + value, 0) * 1000;
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

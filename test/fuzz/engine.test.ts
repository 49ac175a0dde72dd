/** An engine that answers what it should not: read by the adapter, folded into a status, and shown in every rendering. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { createEngine } from '../../src/adapters/docker/engine.ts';
import { toEngineEvent } from '../../src/adapters/docker/engine-records.ts';
import { readJsonLines, readLogLines } from '../../src/adapters/docker/engine-streams.ts';
import { createImages } from '../../src/adapters/docker/images.ts';
import { readHealthAnswer } from '../../src/core/health/health-answer.ts';
import { parseLogLine } from '../../src/core/logs/parse-log-line.ts';
import { judgeDeployment } from '../../src/core/status/judge-deployment.ts';
import { reduceStatus } from '../../src/core/status/reduce-status.ts';
import { toJsonLine } from '../../src/ui/json/escape.ts';
import { statusDocument } from '../../src/ui/json/status-json.ts';
import { statusTable } from '../../src/ui/plain/status-plain.ts';
import { makeStatus, startMs } from '../core/status/status-fixtures.ts';
import { type FakeEngine, startFakeEngine } from '../helpers/fake-engine.ts';
import { fuzz, spoiled, spoiledBytes, spoiledText } from '../helpers/fuzz.ts';
import { findHarm } from '../helpers/terminal-attacks.ts';

const inspected = {
  Id: 'abc',
  Name: '/homeiq-data-api-1',
  Image: 'sha256:1',
  RestartCount: 3,
  State: {
    Status: 'running',
    Running: true,
    ExitCode: 0,
    OOMKilled: true,
    StartedAt: '2026-01-05T11:00:00.1Z',
    Health: { Status: 'healthy' },
  },
  Config: {
    Image: 'data-api:1',
    Env: ['DEPLOYMENT_MODE=production', 'EMPTY=', 'BARE'],
    Labels: { 'com.docker.compose.project': 'homeiq', 'com.docker.compose.service': 'data-api' },
    Tty: false,
    Shell: ['/bin/sh', '-c'],
    Healthcheck: { Test: ['CMD-SHELL', 'curl -f http://localhost:8006/health'], Timeout: 1_000_000 },
  },
  HostConfig: { Memory: 1024 },
  Mounts: [{ Type: 'volume', Name: 'homeiq_data' }],
  NetworkSettings: { Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8006' }], '81/tcp': null } },
};
const answers = {
  list: [{ Id: 'abc' }],
  inspected,
  info: {
    ServerVersion: '24.0.7',
    OperatingSystem: 'Debian',
    MemTotal: 8e9,
    CgroupVersion: '2',
    CgroupDriver: 'systemd',
    DockerRootDir: '/var/lib/docker',
    DriverStatus: [['Backing Filesystem', 'extfs']],
  },
  stats: {
    read: '2026-01-05T11:00:00Z',
    memory_stats: { usage: 10, limit: 20, stats: { inactive_file: 1 } },
    cpu_stats: { cpu_usage: { total_usage: 1 } },
  },
  image: { Id: 'sha256:1' },
  images: [{ RepoTags: ['a:1'] }, { RepoTags: null }],
  volumes: { Volumes: [{ Name: 'homeiq_data', UsageData: { Size: 1 } }] },
  version: { Os: 'linux', Arch: 'amd64' },
  made: { Id: 'def' },
  ended: { Running: false, ExitCode: 0 },
};

const withTimeout = (Timeout: number) => ({
  ...inspected,
  Config: { ...inspected.Config, Healthcheck: { ...inspected.Config.Healthcheck, Timeout } },
});

let served: typeof answers = answers;
let engine: FakeEngine;
before(async () => {
  engine = await startFakeEngine({
    answer: (_request, response, path) => {
      const body = ((): unknown => {
        if (path.startsWith('/containers/json')) return served.list;
        if (path.includes('/exec/') && path.endsWith('/json')) return served.ended;
        if (path.endsWith('/exec')) return served.made;
        if (path.includes('/start')) return undefined;
        if (path.includes('/stats')) return served.stats;
        if (path.startsWith('/containers/')) return served.inspected;
        if (path === '/info') return served.info;
        if (path === '/version') return served.version;
        if (path === '/images/json') return served.images;
        if (path.startsWith('/images/')) return served.image;
        return served.volumes;
      })();
      response.writeHead(200).end(JSON.stringify(body));
    },
  });
});
after(() => engine.close());

test('containers, facts, usage, images and volumes', async t => {
  const client = createEngine({ environment: { DOCKER_HOST: engine.address }, cgroupRoot: '/nowhere' });
  const images = createImages({ environment: { DOCKER_HOST: engine.address } });
  await fuzz(
    t,
    'sets of answers',
    spoiled(answers),
    async value => {
      served = { ...answers, ...(typeof value === 'object' ? (value as typeof answers) : {}) };
      const calls = await Promise.allSettled([
        client.facts(),
        client.usage([{ id: 'abc' }]),
        client.images(['a:1']),
        client.volumes('homeiq'),
        client.volumeSizes(),
        client.container('abc').then(seen => seen && client.askHealth(seen)),
        images.references(),
        images.disk(),
      ]);
      const containers = await client.containers('homeiq');
      const state = reduceStatus(makeStatus(), { kind: 'listed', atMs: startMs, containers });
      judgeDeployment(state);
      for (const line of [...statusTable(state), toJsonLine(statusDocument(state))]) {
        assert.equal(findHarm(line), undefined);
      }
      for (const call of calls) if (call.status === 'rejected') throw call.reason;
    },
    [
      { ...answers, inspected: withTimeout(-1) },
      { ...answers, inspected: withTimeout(1e308) },
    ],
  );
});

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const event = {
  Type: 'container',
  Action: 'die',
  Actor: { ID: 'abc', Attributes: { exitCode: '1', 'com.docker.compose.service': 'data-api' } },
  timeNano: 1_795_474_285_598_000_000,
};

test('events', async t => {
  const line = fc.oneof(
    spoiled(event).map(value => JSON.stringify(value) ?? ''),
    spoiledText(JSON.stringify(event)),
  );
  const inputs = fc.tuple(fc.array(line, { minLength: 1, maxLength: 10 }), fc.integer({ min: 1, max: 5000 }));
  await fuzz(t, 'streams of events', inputs, async ([lines, size]) => {
    let state = makeStatus();
    for await (const value of readJsonLines(cut(Buffer.from(lines.join('\n')), size))) {
      const told = toEngineEvent(value);
      if (told !== undefined) state = reduceStatus(state, { kind: 'engine-event', event: told });
    }
    for (const text of [...statusTable(state), toJsonLine(statusDocument(state))]) {
      assert.equal(findHarm(text), undefined);
    }
  });
});

const framed = (stream: number, text: string): Buffer => {
  const body = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
};
const soundLog = Buffer.concat([
  framed(1, '2026-01-05T11:00:00.1Z {"level":"error","msg":"no","n":1}\n'),
  framed(2, '2026-01-05T11:00:00.2Z WARNING: careful\n'),
  framed(1, '2026-01-05T11:00:00.3Z half'),
  framed(1, '2026-01-05T11:00:00.3Z and half\r\n'),
]).toString('latin1');

test('logs, in frames and without', async t => {
  const inputs = fc.record({
    bytes: fc.oneof(
      spoiledText(soundLog).map(text => Buffer.from(text, 'latin1')),
      spoiledBytes(soundLog),
      fc.uint8Array({ maxLength: 4000 }).map(array => Buffer.from(array)),
    ),
    size: fc.integer({ min: 1, max: 5000 }),
    form: fc.constantFrom('framed' as const, 'raw' as const),
  });
  await fuzz(t, 'logs', inputs, async ({ bytes, size, form }) => {
    for await (const { text } of readLogLines(cut(bytes, size), form)) {
      const parsed = parseLogLine(text);
      assert.equal(findHarm(parsed.text), undefined);
    }
  });
});

const health = {
  status: 'unhealthy',
  deployment: { deployment_mode: 'test' },
  version: '1',
  checks: { database: { connected: false, reason: 'gone' } },
  home_assistant: { connected: true, events: 1 },
};

test('answers of health paths', async t => {
  const inputs = fc.oneof(
    spoiled(health).map(value => JSON.stringify(value) ?? ''),
    spoiledText(JSON.stringify(health)),
  );
  await fuzz(
    t,
    'health answers',
    inputs,
    text => {
      const answer = readHealthAnswer(200, text);
      for (const said of [answer.word, answer.mode, answer.version, answer.reason]) {
        assert.equal(findHarm(said ?? ''), undefined);
      }
    },
    [
      JSON.stringify({ version: '\u{1f600}'.repeat(200) }),
      JSON.stringify({ version: `x${'\u{1f600}'.repeat(200)}` }),
    ],
  );
});

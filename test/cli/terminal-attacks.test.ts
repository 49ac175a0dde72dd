/**
 * The whole program where everything that it asks is hostile: engine, Compose, files and journals say what a terminal
 * would act on. Nothing of it reaches the terminal, in none of the three renderings.
 */

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { formatJournalLine } from '../../src/core/run/journal-line.ts';
import { type FakeEngine, startFakeEngine } from '../helpers/fake-engine.ts';
import { type Command, programEnvironment, provideBundle, runProgram } from '../helpers/program.ts';
import { startInPty } from '../helpers/pty.ts';
import { findForeign, findHarm, terminalAttacks } from '../helpers/terminal-attacks.ts';
import { eventsFixture, failingBodies, planFixture, runBodies, runEndBodies } from '../ui/wizard-fixture.ts';

const attacks = terminalAttacks.map(({ text }) => text);
const all = attacks.join(' ');

const containerOf = (attack: string, index: number) => ({
  Id: `c${index}`,
  Name: `/${attack}`,
  Image: `sha256:${attack}`,
  RestartCount: 2,
  State: {
    Status: index % 3 === 0 ? 'exited' : 'running',
    Running: index % 3 !== 0,
    ExitCode: 1,
    StartedAt: '2026-01-05T11:00:00Z',
    Health: { Status: 'unhealthy' },
  },
  Config: {
    Image: attack,
    Env: [`DEPLOYMENT_MODE=${attack}`, `${attack}=${attack}`],
    Labels: {
      'com.docker.compose.project': 'homeiq',
      'com.docker.compose.service': index === 0 ? 'data-api' : attack,
      [attack]: attack,
    },
  },
  NetworkSettings: { Ports: { [attack]: [{ HostIp: attack, HostPort: attack }] } },
});
const containers = attacks.map(containerOf);

const frame = (text: string): Buffer => {
  const body = Buffer.from(`2026-01-05T11:00:00Z ${text}\n`);
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
};
const log = Buffer.concat([
  ...attacks.map(frame),
  ...attacks.map(text => frame(JSON.stringify({ level: text, msg: text, [text]: text }))),
]);

async function startHostileEngine(): Promise<FakeEngine> {
  return startFakeEngine({
    answer: (_request, response, path) => {
      const json = (value: unknown, status = 200): void =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      const id = /^\/containers\/c(\d+)\//.exec(path)?.[1];
      if (path.startsWith('/containers/json')) return json(containers.map(({ Id }) => ({ Id })));
      if (path.includes('/logs')) return void response.writeHead(200).end(log);
      if (path.includes('/stats')) return json({ message: all }, 500);
      if (id !== undefined && path.endsWith('/json')) return json(containers[Number(id)]);
      if (path === '/info') {
        return json({ ServerVersion: all, OperatingSystem: all, MemTotal: 8 * 1024 ** 3, CgroupDriver: all });
      }
      if (path.startsWith('/events')) {
        const events = attacks.map(text => ({
          Action: 'die',
          Actor: { ID: 'c1', Attributes: { exitCode: '3', 'com.docker.compose.service': text } },
          timeNano: 1e18,
        }));
        response.writeHead(200);
        for (const event of events) response.write(`${JSON.stringify(event)}\n`);
        return;
      }
      if (path.startsWith('/volumes')) return json({ Volumes: attacks.map(Name => ({ Name })) });
      return json({ message: all }, 500);
    },
  });
}

/** Resolves nothing, and says why in all the words there are. */
const dockerScript = (folder: string): string => `#!/bin/sh
case "$*" in
*version*) echo 5.6.0 ;;
*) cat '${folder}/said' >&2; exit 1 ;;
esac
`;

const record = {
  formatVersion: 1,
  level: 'bundled',
  mode: 'test',
  project: 'homeiq',
  templateVersion: '0.1.0',
  sourceRevision: all,
};

function poisoned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(poisoned);
  if (typeof value !== 'object' || value === null) return value;
  const told = [
    'text',
    'summary',
    'message',
    'hint',
    'tail',
    'title',
    'detail',
    'command',
    'reason',
    'name',
    'folder',
  ];
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      typeof entry === 'string' && told.includes(key) ? `${entry}${all}` : poisoned(entry),
    ]),
  );
}

type Run = 'failed' | 'interrupted' | 'done';

function writeDeployment(folder: string, run: Run): void {
  mkdirSync(join(folder, '.homeiq/runs'), { recursive: true });
  mkdirSync(join(folder, '.homeiq/modes'));
  writeFileSync(join(folder, '.homeiq/deployment.json'), JSON.stringify(record));
  const settings = attacks.map((text, index) => `SOMEBODYS_${index}=${JSON.stringify(text)}`);
  const env = ['DEPLOYMENT_MODE=test', `HA_HTTP_URL=${JSON.stringify(all)}`, 'INFLUXDB_TOKEN=x', ...settings];
  for (const name of ['.env', '.homeiq/modes/test.env']) {
    // What cannot be read is told as well.
    writeFileSync(join(folder, name), `${env.join('\n')}\nUNREADABLE ${all}\n`);
  }
  for (const path of ['.env', '.homeiq/modes/test.env']) chmodSync(join(folder, path), 0o644);
  const plan = planFixture('test');
  const bodies = {
    failed: failingBodies(plan),
    interrupted: runBodies(plan),
    done: [...runBodies(plan), ...runEndBodies(plan)],
  }[run];
  const events = eventsFixture(bodies).map(poisoned);
  writeFileSync(
    join(folder, '.homeiq/runs/20260105T110000Z-1.jsonl'),
    events.map(event => formatJournalLine(event as Parameters<typeof formatJournalLine>[0])).join(''),
  );
}

const commands: readonly (readonly string[])[] = [
  ['status'],
  ['logs'],
  ['logs', 'data-api'],
  ['logs', all],
  ['history'],
  ['audit'],
  ['verify'],
  ['memory'],
  ['sample'],
  ['env', 'check'],
  ['env', 'diff'],
  ['plan', '--mode', 'test'],
  ['setup', '--mode', 'test', '--yes'],
  ['switch', 'production', '--yes'],
  ['switch', all, '--yes'],
  ['attach', all],
  ['attach', '20260105T110000Z-1'],
  ['start', all],
  ['stop', '--delete-data', all, '--yes'],
  ['buckets', '--check'],
  [all],
  [`--${all}`],
  ['setup', '--mode', 'test', '--yes', '--answers', all],
];

describe('hostile words', () => {
  let command: Command;
  let engine: FakeEngine;
  let folder: string;
  let bin: string;
  const undo: (() => unknown)[] = [];
  const environment = (): Readonly<Record<string, string>> => ({
    DOCKER_HOST: engine.address,
    PATH: `${bin}:${process.env.PATH ?? ''}`,
    HOMEIQ_SET_HA_TOKEN: all,
  });
  before(async () => {
    const bundle = await provideBundle('terminal-attacks');
    engine = await startHostileEngine();
    command = bundle.command;
    folder = mkdtempSync(join(tmpdir(), 'homeiq-attacks-'));
    bin = mkdtempSync(join(tmpdir(), 'homeiq-attacks-bin-'));
    writeFileSync(join(bin, 'said'), `${attacks.map(text => `Error: ${text}`).join('\n')}\n`);
    for (const name of ['docker', 'docker-compose']) {
      writeFileSync(join(bin, name), dockerScript(bin), { mode: 0o755 });
    }
    writeDeployment(folder, 'failed');
    undo.push(
      bundle.remove,
      engine.close,
      () => rmSync(folder, { recursive: true }),
      () => rmSync(bin, { recursive: true }),
    );
  });
  after(async () => {
    for (const act of undo.toReversed()) await act();
  });

  let seen = 0;
  for (const args of commands) {
    const name = args.map(word => (word.includes('safe') ? word.replace(all, 'ATTACKS') : word)).join(' ');
    for (const form of ['plain', 'json'] as const) {
      it(`${name}, ${form}`, async () => {
        const words = [...args, ...(form === 'json' ? ['--json'] : []), '--dir', folder];
        const { stdout, stderr } = await runProgram(
          words.map(word => word.replaceAll('\0', '')),
          {
            folder: '/',
            environment: { ...environment(), HOMEIQ_SET_HA_TOKEN: all.replaceAll('\0', '') },
            command,
          },
        );
        for (const line of `${stdout}${stderr}`.split('\n')) {
          assert.equal(findHarm(line), undefined, JSON.stringify(line.slice(0, 500)));
        }
        if (form === 'json' && stdout !== '') for (const line of stdout.trim().split('\n')) JSON.parse(line);
        if (/safe/.test(stdout + stderr)) seen += 1;
        assert.doesNotMatch(stderr, /Unexpected:/);
      });
    }
  }
  it('the words around them were shown by many of the commands', t => {
    t.diagnostic(`${terminalAttacks.length} attacks, shown by ${seen} of ${commands.length * 2} commands`);
    assert.ok(seen >= 16, String(seen));
  });

  const screens = [
    {
      name: 'what was interrupted',
      run: 'interrupted',
      shows: /nterrupted/,
      keys: ['j', '3', '\r', 'd', ' '],
    },
    {
      name: 'the status screen: table, details, events, logs and help',
      run: 'done',
      shows: /unhealthy|NOT WELL|healthy/i,
      keys: ['j', 'j', '\r', 'e', '\x1b', 'L', 'w', '/', 's', 'a', '\r', '\x1b', '?', ' ', 'q'],
    },
  ] as const;
  for (const { name, run, shows, keys } of screens) {
    it(name, async t => {
      const own = mkdtempSync(join(tmpdir(), 'homeiq-attacks-'));
      t.after(() => rmSync(own, { recursive: true, force: true }));
      writeDeployment(own, run);
      const [file, ...leading] = command;
      const { HOMEIQ_SET_HA_TOKEN: _, ...rest } = environment();
      const pty = startInPty(file, [...leading, '--dir', own], {
        environment: { ...programEnvironment(rest), ...rest },
        columns: 120,
        rows: 40,
      });
      t.after(pty.close);
      await pty.waitForText(shows, 30_000);
      await pty.waitForText(/safe/, 30_000);
      for (const key of keys) {
        const before = pty.bytes();
        pty.press(key);
        // A key that changes nothing is waited for in vain.
        await pty.until(() => pty.bytes() > before, 1500).catch(() => undefined);
        if (key === 'L') await pty.waitForText(/safe.*word/, 20_000);
      }
      assert.equal(findForeign(pty.written()), undefined);
      t.diagnostic(`${pty.bytes()} bytes to the terminal`);
    });
  }
});

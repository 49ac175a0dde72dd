/** What is refused before a run: each says what was seen and what to do, ends with its code, and leaves the folder as it was. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { describeTree } from '../helpers/folder-snapshot.ts';
import { type Machine, type MachineOptions, startMachine } from '../helpers/machine.ts';
import { type Command, provideBundle, runProgram } from '../helpers/program.ts';
import { createUndo, type Undo } from '../helpers/undo.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
/** An account without rights, which may still read what the tests run from. */
const asNobody = (command: Command): Command =>
  isRoot
    ? [
        'setpriv',
        ...[`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'],
        ...['--inh-caps=-all,+dac_read_search', '--ambient-caps=+dac_read_search'],
        '--bounding-set=-all,+dac_read_search',
        ...command,
      ]
    : command;

const setup = ['setup', '--mode', 'test', '--yes'];

type Case = {
  readonly name: string;
  /** The set-up of test mode unless given. */
  readonly args?: readonly string[];
  readonly machine?: MachineOptions;
  /** Makes what is in the way. */
  readonly prepare?: (folder: string, machine: Machine, undo: Undo) => void;
  /** Variables for the program. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Below the test's folder; the folder itself unless given. */
  readonly dir?: string;
  readonly isNobody?: boolean;
  readonly exitCode: number;
  /** All of them on stderr. */
  readonly says: readonly RegExp[];
  readonly skip?: string | false;
};

const record = (level: string, more: object = {}): string =>
  JSON.stringify({
    formatVersion: 1,
    level,
    mode: 'test',
    project: 'homeiq',
    templateVersion: '0.1.0',
    ...more,
  });

function write(folder: string, name: string, content: string | Uint8Array): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), content);
}

function mountMemory(folder: string, options: string, undo: Undo): void {
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { encoding: 'utf8' });
  assert.equal(mounted.status, 0, mounted.stderr);
  undo(() => spawnSync('umount', [folder]));
}

const needsRoot = isRoot || process.env.CI === 'true' ? false : 'only root can mount a file system';

const folders: readonly Case[] = [
  {
    name: 'a file where the state folder must go',
    prepare: folder => write(folder, '.homeiq', 'mine'),
    exitCode: 1,
    says: [/\.homeiq is a file, where a folder is needed/, /--dir/],
  },
  {
    name: 'a folder where .env must go',
    prepare: folder => write(folder, '.env/inside', 'mine'),
    exitCode: 1,
    says: [/\.env is not a regular file/],
  },
  {
    name: 'a file where the deployment folder must go',
    prepare: folder => write(folder, 'taken', 'mine'),
    dir: 'taken',
    exitCode: 1,
    says: [/taken is a file, where a folder is needed/, /--dir/],
  },
  {
    name: 'a folder below a file',
    prepare: folder => write(folder, 'taken', 'mine'),
    dir: 'taken/below',
    exitCode: 1,
    says: [/taken is a file, where a folder is needed/, /--dir/],
  },
  {
    name: 'a full disk',
    prepare: (folder, _machine, undo) => mountMemory(folder, 'size=64k', undo),
    dir: 'new',
    exitCode: 1,
    says: [/disk is full/, /--dir/],
    skip: needsRoot,
  },
  {
    name: 'a file system that is read-only',
    prepare: (folder, _machine, undo) => mountMemory(folder, 'ro', undo),
    exitCode: 1,
    says: [/read-only/, /--dir/],
    skip: needsRoot,
  },
  {
    name: 'a folder without permission to write',
    prepare: folder => chmodSync(folder, 0o555),
    isNobody: true,
    exitCode: 1,
    says: [/No permission: /, /--dir/],
  },
  {
    name: 'a deployment of somebody else',
    prepare: folder => {
      write(folder, '.homeiq/deployment.json', record('bundled'));
      for (const path of [folder, join(folder, '.homeiq')]) chmodSync(path, 0o777);
    },
    isNobody: true,
    exitCode: 1,
    says: [/belongs to root/, /Log in as root/],
    skip: needsRoot,
  },
];

const engines: readonly Case[] = [
  {
    name: 'no Docker Engine',
    environment: { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
    exitCode: 1,
    says: [/Docker Engine is not running/, /\/nowhere\/docker\.sock/, /start/i],
  },
  {
    name: 'an engine that cannot be reached',
    environment: { DOCKER_HOST: 'tcp://127.0.0.1:1' },
    exitCode: 1,
    says: [/tcp:\/\/127\.0\.0\.1:1 cannot be reached/, /DOCKER_HOST/],
  },
  {
    name: 'an address that is no engine’s',
    environment: { DOCKER_HOST: 'nonsense' },
    exitCode: 1,
    says: [/address nonsense/, /DOCKER_HOST/],
  },
  {
    name: 'an engine that refuses',
    machine: { engineStatus: 500 },
    exitCode: 1,
    says: [/the engine is tired/],
  },
  {
    name: 'no permission on the socket',
    prepare: (folder, { socket }) => {
      chmodSync(socket, 0);
      if (isRoot) chownSync(folder, nobody, nobody);
    },
    isNobody: true,
    exitCode: 1,
    says: [/may not use Docker/, /Permission denied on .*docker\.sock/, /usermod -aG/],
  },
  {
    name: 'a Compose that is too old',
    machine: { compose: '2.5.0' },
    exitCode: 1,
    says: [/Compose is too old/, /docker compose is 2\.5\.0/, /2\.20 or newer/, /apt-get install/],
  },
  {
    name: 'no Compose',
    machine: { compose: 'none' },
    exitCode: 1,
    says: [/Compose is not installed/, /apt-get install/],
  },
  {
    name: 'several things at once, each of them',
    machine: { compose: 'none' },
    prepare: folder => write(folder, '.homeiq', 'mine'),
    exitCode: 1,
    says: [/Compose is not installed/, /Besides: .*\.homeiq is a file/],
  },
];

const settings: readonly Case[] = [
  {
    name: 'a port that is no number',
    environment: { HOMEIQ_SET_HOMEIQ_HEALTH_DASHBOARD_HOST_PORT: '80a' },
    exitCode: 1,
    says: [/HOMEIQ_HEALTH_DASHBOARD_HOST_PORT: /, /HOMEIQ_SET_HOMEIQ_HEALTH_DASHBOARD_HOST_PORT=/],
  },
  {
    name: 'a service that is not there',
    args: [...setup, '--without', 'ner-servce'],
    exitCode: 2,
    says: [/no service ner-servce in test mode/, /Did you mean ner-service\?/],
  },
  {
    name: 'a service that everything needs',
    args: [...setup, '--without', 'influxdb'],
    exitCode: 2,
    says: [/influxdb cannot be left out/],
  },
  {
    name: 'more than fits into the memory',
    args: [...setup, '--memory-budget', '4096'],
    exitCode: 3,
    says: [
      /does not fit: 5\.0 GB .* 1\.0 GB .* 4\.0 GB/,
      /--without openvino-service saves 512 MiB/,
      /--accept-memory-risk/,
    ],
  },
];

const files: readonly Case[] = [
  {
    name: 'a .env that is no text',
    prepare: folder => write(folder, '.env', Uint8Array.of(0xff, 0xfe, 0, 1)),
    exitCode: 3,
    says: [/\.env is not UTF-8 text/],
  },
  {
    name: 'a .env that homeiq did not write',
    prepare: folder => write(folder, '.env', 'A="never closed\nB=1\n'),
    exitCode: 3,
    says: [/\.env that names no mode/, /move it away/],
  },
  {
    name: 'a .env of another mode than the deployment’s',
    prepare: folder => {
      write(folder, '.homeiq/deployment.json', record('bundled'));
      write(folder, '.env', 'DEPLOYMENT_MODE=production\n');
    },
    exitCode: 3,
    says: [/\.env is of production mode, and this deployment is in test mode/],
  },
  {
    name: 'a damaged record',
    prepare: folder => write(folder, '.homeiq/deployment.json', '{"formatVersion":'),
    exitCode: 1,
    says: [/deployment\.json is damaged/, /Move it away/],
  },
  {
    name: 'a record of a newer homeiq',
    prepare: folder => write(folder, '.homeiq/deployment.json', record('bundled', { formatVersion: 99 })),
    exitCode: 1,
    says: [/written by a newer homeiq/, /Update/],
  },
  {
    name: 'a sandbox for the real thing',
    prepare: folder => write(folder, '.homeiq/deployment.json', record('sandbox')),
    exitCode: 3,
    says: [/holds a sandbox deployment/, /with --sandbox/],
  },
  {
    name: 'the real thing for a sandbox',
    args: [...setup, '--sandbox'],
    prepare: folder => write(folder, '.homeiq/deployment.json', record('bundled')),
    exitCode: 3,
    says: [/holds a bundled deployment/, /without --sandbox/],
  },
];

const words: readonly Case[] = [
  { name: 'an unknown command', args: ['setpu'], exitCode: 2, says: [/no command setpu/, /mean setup/] },
  {
    name: 'an unknown option',
    args: [...setup, '--sandbx'],
    exitCode: 2,
    says: [/no option --sandbx/, /mean --sandbox/],
  },
  {
    name: 'an unknown mode',
    args: ['setup', '--mode', 'prod', '--yes'],
    exitCode: 2,
    says: [/no mode prod/, /production/],
  },
  { name: 'no mode', args: ['setup', '--yes'], exitCode: 2, says: [/needs a mode/, /--mode test/] },
  { name: 'no consent', args: ['setup', '--mode', 'test'], exitCode: 2, says: [/needs --yes/] },
  { name: 'a stop that nobody can confirm', args: ['stop'], exitCode: 2, says: [/needs --yes/] },
  { name: 'no terminal', args: [], exitCode: 2, says: [/needs a terminal/, /ssh -t/, /setup --mode test/] },
  {
    name: 'a status of nothing',
    args: ['status'],
    exitCode: 4,
    says: [/no deployment in/, /homeiq/],
  },
  { name: 'a stop of nothing', args: ['stop', '--yes'], exitCode: 4, says: [/no deployment in/] },
];

describe('a command that must not go on', () => {
  let command: Command;
  let remove: () => Promise<void>;
  before(async () => {
    ({ command, remove } = await provideBundle('bad-input'));
  });
  after(() => remove());

  for (const [group, cases] of Object.entries({ folders, engines, settings, files, words })) {
    describe(group, () => {
      for (const one of cases) {
        it(one.name, { skip: one.skip ?? false }, async t => {
          const undo = createUndo(t);
          const machine = await startMachine(one.machine);
          undo(machine.close);
          const folder = mkdtempSync(join(tmpdir(), 'homeiq-bad-input-'));
          undo(() => rmSync(folder, { recursive: true }));
          one.prepare?.(folder, machine, undo);
          const before = describeTree(folder);
          const args = [...(one.args ?? setup), '--dir', join(folder, one.dir ?? '.')];
          const { exitCode, stdout, stderr } = await runProgram(args, {
            folder: '/',
            environment: { ...machine.environment, ...one.environment },
            command: one.isNobody === true ? asNobody(command) : command,
          });
          assert.equal(exitCode, one.exitCode, stderr + stdout);
          for (const said of one.says) assert.match(stderr, said);
          assert.doesNotMatch(stderr, /Unexpected|\bat .*\.js:/);
          assert.equal(stdout, '');
          assert.deepEqual(describeTree(folder), before);
        });
      }
    });
  }
});

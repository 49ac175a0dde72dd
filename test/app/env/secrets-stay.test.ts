/** Where the secrets of a deployment are after a whole set-up, and where they never are. */

import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import {
  type ProcessStarted,
  processStartedChannel,
  runProcess,
} from '../../../src/adapters/process/run-process.ts';
import { checkMachine } from '../../../src/app/setup/check-machine.ts';
import { readArguments } from '../../../src/cli/arguments.ts';
import { runBuckets } from '../../../src/cli/buckets.ts';
import { runEnv } from '../../../src/cli/env.ts';
import { runPlan } from '../../../src/cli/plan.ts';
import { createRehearsalPorts } from '../../../src/cli/rehearsal-ports.ts';
import { createSession } from '../../../src/cli/session.ts';
import { runSetup } from '../../../src/cli/setup.ts';
import { runStatus } from '../../../src/cli/status.ts';
import { reportError } from '../../../src/core/error.ts';
import { errorLines } from '../../../src/ui/plain/error.ts';
import { rehearseDrafting } from '../../helpers/rehearse.ts';
import { findSecrets, readSecrets } from '../../helpers/secrets.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** Given in ways that end in a refusal, an import or an undo; none is in `.env` at the end. */
const passing = {
  production: 'token-of-the-operators-home',
  imported: 'an-imported-model-hub-token',
  other: 'another-model-hub-token',
};
const typed = { MQTT_PASSWORD: 'typed-broker-password', HF_TOKEN: 'typed-model-hub-token' };
const mayHoldSecrets = /^(?:\.env|\.homeiq\/(?:modes|secrets|backups)\/[^/]+)$/;

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)));

it('secrets are in .env, the documents of the modes, the secrets and the backups, and nowhere else', async t => {
  const folder = temporaryFolder(t);
  const started: string[] = [];
  const watch = (message: unknown): void => {
    const { file, args } = message as ProcessStarted;
    started.push([file, ...args].join(' '));
  };
  subscribe(processStartedChannel, watch);
  t.after(() => unsubscribe(processStartedChannel, watch));
  await runProcess('true', ['a-word-to-be-seen']);

  const ports = createRehearsalPorts({
    level: 'rehearsal',
    folder,
    programFolder: path.resolve(import.meta.dirname, '../../..'),
    version: '0.0.0',
    environment: {},
  });
  const said: string[] = [];
  const say = (text: string): void => void said.push(text);
  const signal = AbortSignal.timeout(120_000);
  const sessionOf = (args: readonly string[], answers: Readonly<Record<string, string>> = {}) => {
    const parsed = { ...readArguments(args), level: 'rehearsal' as const };
    return { parsed, session: createSession(ports, parsed, folder, {}, answers) };
  };
  const wrong = sessionOf(['setup', '--mode', 'test', '--yes'], {
    HF_TOKEN: `${typed.HF_TOKEN} with spaces`,
  });
  await assert.rejects(runSetup(wrong.session, wrong.parsed, say, signal), thrown => {
    for (const line of errorLines(reportError(thrown))) say(line);
    return /HF_TOKEN/.test(String(thrown));
  });
  for (const form of [[], ['--json']]) {
    const setup = sessionOf(['setup', '--mode', 'test', '--yes', ...form], typed);
    assert.equal(await runSetup(setup.session, setup.parsed, say, signal), 0);
    const plan = sessionOf(['plan', '--mode', 'test', ...form], { ...typed, LOG_LEVEL: 'DEBUG' });
    await runPlan(plan.session, plan.parsed, say);
    const status = sessionOf(['status', ...form]);
    await runStatus(status.session, status.parsed, say, signal);
    const importFile = path.join(folder, 'users.env');
    writeFileSync(importFile, `HF_TOKEN=${passing.imported}\nINFLUXDB_TOKEN=${passing.other}\n`);
    for (const words of [
      ['diff'],
      ['check'],
      ['import', importFile, '--mode', 'test', '--yes'],
      ['undo', '--yes'],
    ]) {
      const env = sessionOf(
        ['env', ...words, ...form],
        words.length === 1 ? { HF_TOKEN: passing.other } : {},
      );
      await runEnv(env.session, env.parsed, { print: say, warn: say, ask: undefined }, signal);
    }
    rmSync(importFile);
    for (const words of [[], ['--check'], ['--recover', 'password']]) {
      const buckets = sessionOf(['buckets', ...words, ...form]);
      await runBuckets(buckets.session, buckets.parsed, {}, { print: say, askUser: undefined, signal });
    }
  }
  const home = { HA_HTTP_URL: 'http://192.0.2.1:8123/lovelace', HA_TOKEN: passing.production };
  for (const command of ['plan', 'setup']) {
    const asked = sessionOf(
      [command, '--mode', 'production', ...(command === 'setup' ? ['--yes'] : [])],
      home,
    );
    const run = command === 'setup' ? runSetup : runPlan;
    await run(asked.session, asked.parsed, say, signal).catch((thrown: unknown) => {
      for (const line of errorLines(reportError(thrown))) say(line);
    });
  }
  assert.ok(said.some(line => /What follows the host and port was removed/.test(line)));
  const drafting = rehearseDrafting(ports);
  say(JSON.stringify(await checkMachine(ports, { level: 'rehearsal', folder, project: drafting.project })));

  const secrets = [
    ...readSecrets(folder, 'test'),
    ...Object.entries(passing).map(([name, value]) => ({ name, value })),
  ];
  const names = secrets.map(({ name }) => name);
  for (const name of [...Object.keys(typed), 'INFLUXDB_TOKEN', 'HA_TOKEN', 'influxdb-operator-token']) {
    assert.ok(names.includes(name), `${name} was not looked for`);
  }
  assert.ok(
    started.some(line => line.includes('a-word-to-be-seen')),
    'no process was seen',
  );
  assert.deepEqual(findSecrets(secrets, started), [], 'in the arguments of a process');
  assert.deepEqual(findSecrets(secrets, said), [], 'in what was printed');
  const files = filesBelow(folder);
  assert.ok(files.some(name => name.startsWith('.homeiq/runs/')));
  for (const name of files) {
    const file = path.join(folder, name);
    if (mayHoldSecrets.test(name)) assert.equal(statSync(file).mode & 0o777, 0o600, name);
    else assert.deepEqual(findSecrets(secrets, [readFileSync(file, 'utf8')]), [], name);
  }
});

/** The test Home Assistant whose password and token are lost, on a real engine: its volume goes by name, no other does. */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { exitCodes } from '../../src/core/error.ts';
import { createDeployment, skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { docker } from '../helpers/engine.ts';
import { setValuesInText, valuesOfText } from '../helpers/env-text.ts';

const data = 'home-assistant-test-config';
const kept = ['influxdb', 'home-assistant-test'];

describe('A test Home Assistant that is lost', { skip: skipWithoutSandbox('new'), timeout: 400_000 }, () => {
  let deployment: TestDeployment;
  let args: readonly string[];

  const volumes = async (): Promise<Readonly<Record<string, string>>> => {
    const names = await deployment.volumes();
    const text = await docker(['volume', 'inspect', '--format', '{{.Name}} {{.CreatedAt}}', ...names]);
    return Object.fromEntries(
      text
        .trim()
        .split('\n')
        .map(line => line.split(' ') as [string, string]),
    );
  };
  const tokenOf = async (): Promise<string> => valuesOfText(await deployment.read('.env')).HA_TOKEN ?? '';

  const passwordFile = (): string => join(deployment.folder, '.homeiq/secrets/home-assistant-test-password');

  before(async () => {
    deployment = await createDeployment('new');
    const plan = await deployment.run(['plan', '--mode', 'test', '--sandbox', '--json']);
    const { services } = JSON.parse(plan.stdout) as {
      readonly services: readonly { readonly name: string }[];
    };
    const others = services
      .filter(({ name }) => !kept.includes(name))
      .flatMap(({ name }) => ['--without', name]);
    args = ['setup', '--mode', 'test', '--sandbox', '--yes', ...others];
    const { exitCode, stdout, stderr } = await deployment.run(args);
    assert.equal(exitCode, exitCodes.done, stdout + stderr);
    await writeFile(passwordFile(), 'another\n');
    const file = join(deployment.folder, '.env');
    await writeFile(file, setValuesInText(await readFile(file, 'utf8'), { HA_TOKEN: 'lost' }));
  });
  after(() => deployment?.remove());

  test('is not touched by a set-up, which says what would be lost and how to consent to it', async () => {
    const before = await volumes();
    const { exitCode, stdout, stderr } = await deployment.run(args);
    assert.equal(exitCode, exitCodes.failed);
    assert.match(stdout + stderr, /belongs to somebody else[\s\S]*loses what it holds: its users/);
    assert.match(stdout + stderr, new RegExp(`--delete-data ${data}`));
    assert.deepEqual(await volumes(), before);
  });

  test('gets no new password while its data is there: it would open nothing', async () => {
    await rm(passwordFile());
    const { exitCode, stdout, stderr } = await deployment.run(args);
    assert.equal(exitCode, exitCodes.failed);
    assert.match(stdout + stderr, /neither the stored token nor the stored password \(none is stored\)/);
    assert.equal(existsSync(passwordFile()), false);
  });

  test('is made anew with consent by its name, and no other data goes', async () => {
    const before = await volumes();
    const { exitCode, stdout, stderr } = await deployment.run([...args, '--delete-data', data]);
    assert.equal(exitCode, exitCodes.done, stdout + stderr);
    const now = await volumes();
    const replaced = Object.keys(before).filter(name => now[name] !== before[name]);
    assert.deepEqual(replaced, [`${deployment.project}_${data}`]);
    assert.ok(Object.keys(before).some(name => /influxdb/.test(name)));
    const token = await tokenOf();
    assert.ok(token.length > 20 && token !== 'lost');
    assert.match(await readFile(passwordFile(), 'utf8'), /^[\w-]{43}\n$/);
    const again = await deployment.run(args);
    assert.equal(again.exitCode, exitCodes.done, again.stdout);
    assert.equal(await tokenOf(), token);
  });
});

/** Pulling from a real registry into an engine whose disk is small, and everything that can go wrong. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { createImages } from '../../src/adapters/docker/images.ts';
import { pullImages } from '../../src/app/worker/pull-images.ts';
import type { StepContext } from '../../src/app/worker/step.ts';
import { ExternalError, UserError } from '../../src/core/error.ts';
import { transferOf } from '../../src/core/images/transfer.ts';
import type { RunEventBody } from '../../src/core/run/journal-event.ts';
import type { Images } from '../../src/ports/images.ts';
import { startCuttingProxy } from '../helpers/cutting-proxy.ts';
import { docker } from '../helpers/engine.ts';
import { freePort } from '../helpers/influxd.ts';
import { type OwnEngine, skipWithoutOwnEngine, startOwnEngine } from '../helpers/own-engine.ts';
import {
  emptyLayer,
  type RealRegistry,
  randomLayer,
  registryAccount,
  registryBinary,
  startRealRegistry,
} from '../helpers/real-registry.ts';
import { startTestRegistry } from '../helpers/registry.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const binary = registryBinary();
const skip = 'skip' in binary ? binary.skip : skipWithoutOwnEngine();
const diskMiB = 96;
const megabyte = 1_000_000;
const shared = randomLayer(4 * megabyte);

let engine: OwnEngine;
let registry: RealRegistry;
let images: Images;
const imagesWith = (more: Readonly<Record<string, string>>): Images =>
  createImages({ environment: { ...process.env, DOCKER_HOST: engine.address, ...more } });

before(async () => {
  if (skip !== false || 'skip' in binary) return;
  [engine, registry] = await Promise.all([startOwnEngine(diskMiB), startRealRegistry(binary.path)]);
  images = imagesWith({});
});
after(async () => {
  if (skip !== false) return;
  await registry.dispose();
  await engine.dispose();
});

const nameOf = (): string => `thing-${randomBytes(4).toString('hex')}`;
const push = async (...sizes: readonly number[]): Promise<string> =>
  registry.push(nameOf(), [shared, ...sizes.map(randomLayer)]);

const failure = async (promise: Promise<unknown>): Promise<UserError> => {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof UserError, `a UserError, not ${thrown}`);
  return thrown;
};

const codeOf = async (promise: Promise<unknown>): Promise<string | undefined> => {
  const thrown = await failure(promise);
  return thrown instanceof ExternalError ? thrown.code : undefined;
};

/** What the worker's step tells while it pulls. */
function stepContext(t: TestContext): { readonly context: StepContext; readonly events: RunEventBody[] } {
  const events: RunEventBody[] = [];
  const ending = new AbortController();
  t.after(() => ending.abort());
  const context = {
    ports: { images, clock: { now: () => new Date() } },
    signal: ending.signal,
    emit: async (event: RunEventBody) => void events.push(event),
    detail: () => {},
  } as unknown as StepContext;
  return { context, events };
}

test('the sizes are known before, the bytes only grow, and the last is the total', { skip }, async () => {
  const reference = `${registry.address}/${await push(3 * megabyte, 2 * megabyte)}`;
  const known = await images.layerSizes(reference);
  const totalBytes = [...(known?.values() ?? [])].reduce((sum, bytes) => sum + bytes, 0);
  assert.equal(known?.size, 3);
  assert.ok(totalBytes > 9 * megabyte && totalBytes < 9.1 * megabyte, `${totalBytes}`);
  for (const sizes of [known, undefined]) {
    const told: number[] = [];
    let last: ReturnType<typeof transferOf> | undefined;
    await images.pull(reference, sizes, {
      onProgress: ({ layers }) => {
        last = transferOf(layers);
        told.push(last.currentBytes);
      },
    });
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    );
    assert.deepEqual(last, { currentBytes: totalBytes, totalBytes }, `sizes known: ${sizes !== undefined}`);
    assert.ok((await images.references()).includes(reference));
    await docker(['--host', engine.address, 'image', 'rm', reference]);
  }
});

test('several at a time: a layer that they share counts once, and the journal gets few events', {
  skip,
}, async t => {
  const { context, events } = stepContext(t);
  const wanted = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async service => ({
      service,
      image: `${registry.address}/${await push(megabyte)}`,
    })),
  );
  const startedMs = performance.now();
  assert.deepEqual(await pullImages(context, wanted), []);
  const tookMs = performance.now() - startedMs;
  const told = events.filter(event => event.kind === 'image');
  assert.deepEqual(
    told
      .filter(({ phase }) => phase === 'ready')
      .map(({ service }) => service)
      .toSorted(),
    ['a', 'b', 'c', 'd'],
  );
  const all = told.flatMap(({ allTransfer }) => allTransfer ?? []);
  const totals = [...new Set(all.map(({ totalBytes }) => totalBytes))];
  assert.equal(totals.length, 1, 'one total from the first event on');
  assert.ok(Math.abs((totals[0] ?? 0) - 8 * megabyte) < megabyte / 10, `${totals[0]}`);
  assert.equal(all.at(-1)?.currentBytes, totals[0]);
  const grown = all.map(({ currentBytes }) => currentBytes);
  assert.deepEqual(
    grown,
    grown.toSorted((a, b) => a - b),
  );
  assert.ok(told.length <= 2 * wanted.length + (wanted.length * tookMs) / 500, `${told.length} events`);
});

test('an image that is not there, a limit, a registry that fails, one that is not there', {
  skip,
}, async t => {
  const missing = `${registry.address}/nothing:1`;
  assert.equal(await images.layerSizes(missing), undefined);
  assert.equal(await codeOf(images.pull(missing, undefined)), 'image-not-found');
  for (const [refuseWith, code] of [
    [429, 'registry-rate-limit'],
    [503, 'registry-failed'],
  ] as const) {
    const standIn = await startTestRegistry({ refuseWith });
    t.after(standIn.close);
    assert.equal(await codeOf(images.pull(standIn.image, undefined)), code);
  }
  for (const host of [`127.0.0.1:${await freePort()}`, 'homeiq-test.invalid']) {
    const thrown = await failure(images.pull(`${host}/thing:1`, undefined));
    assert.equal(thrown instanceof ExternalError && thrown.code, 'registry-unreachable', thrown.message);
    assert.match(thrown.message, /this machine cannot reach the registry/);
  }
});

test('a registry that dies in the middle: nothing is tagged, and the next pull works', { skip }, async t => {
  const proxy = await startCuttingProxy(registry.address);
  t.after(proxy.dispose);
  const reference = `${proxy.address}/${await push(6 * megabyte)}`;
  const known = await images.layerSizes(reference);
  proxy.cutAfter(4.5 * megabyte);
  const notes = new Set<string>();
  const onProgress: NonNullable<Parameters<Images['pull']>[2]>['onProgress'] = ({ note }) => {
    if (note !== undefined) notes.add(note);
  };
  const thrown = await failure(images.pull(reference, known, { onProgress }));
  assert.ok(proxy.isCut());
  assert.ok(thrown instanceof ExternalError);
  assert.match(thrown.code ?? '', /^registry-(failed|unreachable)$/, `${thrown.message}\n${thrown.tail}`);
  assert.ok(notes.has('the registry broke off, it is asked again'), `${[...notes]}`);
  assert.ok(!(await images.references()).includes(reference));
  // Cut once more, and mended while the engine waits to try again: the same pull goes on.
  proxy.mend();
  proxy.cutAfter(4.5 * megabyte);
  await images.pull(reference, known, { onProgress: () => proxy.isCut() && proxy.mend() });
  assert.ok((await images.references()).includes(reference));
});

test('a disk that is too small is named before anything comes, and when it runs full', { skip }, async t => {
  const { context, events } = stepContext(t);
  const large = `${registry.address}/${await push(60 * megabyte, 60 * megabyte)}`;
  const refused = await failure(pullImages(context, [{ service: 'large', image: large }]));
  assert.match(
    refused.message,
    /^The images do not fit: they are at least 0\.1 GB, and (.*) has 0\.[01] GB free\.$/,
  );
  assert.ok(refused.message.includes(engine.dataFolder));
  assert.match(refused.hint ?? '', /0\.[01] GB are missing.* Nothing was fetched\./);
  assert.deepEqual(events, []);
  const unpacked = await registry.push(nameOf(), [emptyLayer(110 * megabyte)]);
  const image = `${registry.address}/${unpacked}`;
  const [full] = await pullImages(context, [{ service: 'full', image }]);
  assert.ok(full?.thrown instanceof ExternalError);
  assert.equal(full.thrown.code, 'disk-full');
  assert.ok(full.thrown.message.startsWith(`The disk of Docker's data is full: ${engine.dataFolder}`));
  assert.ok(!(await images.references()).includes(image));
});

test('a registry that asks for a login: none, a wrong one, the stored one, one from a helper', {
  skip,
}, async t => {
  const name = await push(megabyte);
  const address = await registry.startWithLogin();
  const reference = `${address}/${name}`;
  const { username, password } = registryAccount;
  const folder = temporaryFolder(t);
  const withConfig = async (name: string, config: unknown): Promise<Images> => {
    const configFolder = join(folder, name);
    await mkdir(configFolder);
    await writeFile(join(configFolder, 'config.json'), JSON.stringify(config));
    return imagesWith({ DOCKER_CONFIG: configFolder, PATH: `${folder}:${process.env.PATH}` });
  };
  const stored = (secret: string) => ({
    auths: { [address]: { auth: Buffer.from(`${username}:${secret}`).toString('base64') } },
  });
  assert.equal(
    await codeOf((await withConfig('none', {})).pull(reference, undefined)),
    'registry-unauthorized',
  );
  const refused = await failure((await withConfig('wrong', stored('not-it'))).pull(reference, undefined));
  assert.equal(refused instanceof ExternalError && refused.code, 'registry-unauthorized');
  assert.ok(refused.nextSteps.join().includes(`docker login ${address}`));
  assert.doesNotMatch(JSON.stringify({ ...refused }), /not-it/);
  const withLogin = await withConfig('right', stored(password));
  assert.equal((await withLogin.layerSizes(reference))?.size, 2);
  await withLogin.pull(reference, undefined);
  const helper = join(folder, 'docker-credential-homeiq-test');
  const answer = JSON.stringify({ ServerURL: address, Username: username, Secret: password });
  await writeFile(helper, `#!/bin/sh\nread -r asked\n[ "$asked" = ${address} ] && echo '${answer}'\n`);
  await chmod(helper, 0o755);
  const helpers = { credHelpers: { [address]: 'homeiq-test' } };
  await (await withConfig('helper', helpers)).pull(reference, undefined);
});

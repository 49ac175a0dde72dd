import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cloneSource } from '../../../src/adapters/docker/clone-source.ts';
import { sourceRevision } from '../../../src/adapters/docker/source-revision.ts';
import { runProcess } from '../../../src/adapters/process/run-process.ts';
import { ExternalError, UserError } from '../../../src/core/error.ts';
import { commitAll, git } from '../../helpers/git.ts';

type Origin = { readonly url: string; readonly first: string; readonly folder: string };

/** A repository of two commits; the second is tagged v2. */
async function originOf(t: TestContext): Promise<Origin> {
  const base = await mkdtemp(join(tmpdir(), 'homeiq-clone-'));
  t.after(() => rm(base, { recursive: true }));
  const origin = join(base, 'origin');
  await mkdir(origin);
  await writeFile(join(origin, 'file'), 'one');
  const first = await commitAll(origin);
  await writeFile(join(origin, 'file'), 'two');
  await commitAll(origin);
  await git(origin, ['tag', 'v2']);
  return { url: `file://${origin}`, first, folder: join(base, 'deep', 'source') };
}

const quiet = { onLine: () => undefined, signal: new AbortController().signal };
const contentOf = (folder: string): Promise<string> => readFile(join(folder, 'file'), 'utf8');

test('a tag, a branch and a full commit', async t => {
  const { url, first, folder } = await originOf(t);
  const lines: string[] = [];
  const request = { url, revision: 'v2', folder, signal: quiet.signal };
  await cloneSource({ ...request, onLine: line => lines.push(line) });
  assert.equal(await contentOf(folder), 'two');
  await cloneSource({ ...request, ...quiet, revision: 'main', folder: `${folder}-branch` });
  assert.equal(await contentOf(`${folder}-branch`), 'two');
  await cloneSource({ ...request, ...quiet, revision: first, folder: `${folder}-commit` });
  assert.equal(await contentOf(`${folder}-commit`), 'one');
  assert.equal(await sourceRevision(`${folder}-commit`), first.slice(0, 12));
});

test('a shortened commit', async t => {
  const { url, first, folder } = await originOf(t);
  await cloneSource({ url, revision: first.slice(0, 8), folder, ...quiet });
  assert.equal(await contentOf(folder), 'one');
});

test('a revision that is not there leaves nothing behind', async t => {
  const { url, folder } = await originOf(t);
  for (const revision of ['v9', '0123456789']) {
    await assert.rejects(cloneSource({ url, revision, folder, ...quiet }), (error: unknown) => {
      assert.ok(error instanceof ExternalError);
      assert.equal(error.code, 'revision-not-found');
      assert.ok(error.message.endsWith(`has no revision ${revision}`));
      return true;
    });
  }
  assert.deepEqual(await readdir(join(folder, '..')), []);
});

test('a repository that is not there', async t => {
  const { folder } = await originOf(t);
  await assert.rejects(
    cloneSource({ url: 'file:///nonexistent', revision: 'v1', folder, ...quiet }),
    (error: unknown) => error instanceof ExternalError && error.code === 'repository-not-found',
  );
});

test('an empty folder is filled, one with something in it is left as it is', async t => {
  const { url, folder } = await originOf(t);
  await mkdir(folder, { recursive: true });
  await cloneSource({ url, revision: 'v2', folder, ...quiet });
  await assert.rejects(cloneSource({ url, revision: 'main', folder, ...quiet }), /is not empty/);
  assert.equal(await contentOf(folder), 'two');
});

test('aborting leaves nothing behind', async t => {
  const { url, folder } = await originOf(t);
  const controller = new AbortController();
  const run: typeof runProcess = (file, args, options) => {
    if (args.includes('fetch')) controller.abort(new Error('enough'));
    return runProcess(file, args, options);
  };
  await assert.rejects(
    cloneSource({ url, revision: 'v2', folder, ...quiet, signal: controller.signal }, run),
    /enough/,
  );
  assert.deepEqual(await readdir(join(folder, '..')), []);
});

test('what could be taken for an option, and a password, never reach the command line', async () => {
  const refuse = async (): Promise<never> => assert.fail('git was started');
  for (const request of [
    { url: '--upload-pack=x', revision: 'v1' },
    { url: 'https://example.invalid/x', revision: '--output=x' },
    { url: 'https://pat:hunter2@example.invalid/x', revision: 'v1' },
  ]) {
    await assert.rejects(
      cloneSource({ ...request, folder: '/nonexistent/x', ...quiet }, refuse),
      (error: unknown) => error instanceof UserError && !error.message.includes('hunter2'),
    );
  }
});

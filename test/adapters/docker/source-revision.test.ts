import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sourceRevision } from '../../../src/adapters/docker/source-revision.ts';
import { runProcess } from '../../../src/adapters/process/run-process.ts';
import { UserError } from '../../../src/core/error.ts';
import { commitAll, git } from '../../helpers/git.ts';

async function scratch(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'homeiq-source-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\n');
  await mkdir(join(folder, 'services'));
  await writeFile(join(folder, 'services', 'run.sh'), 'echo\n');
  return folder;
}

test('a clean checkout is named by its commit', async t => {
  const folder = await scratch(t);
  const commit = await commitAll(folder);
  assert.equal(await sourceRevision(folder), commit.slice(0, 12));
});

test('any change shows, each as another name, and undoing it brings the first back', async t => {
  const folder = await scratch(t);
  const commit = await commitAll(folder);
  const clean = commit.slice(0, 12);
  const seen = new Set([clean]);
  const changes: readonly (() => Promise<unknown>)[] = [
    () => writeFile(join(folder, 'Dockerfile'), 'FROM other\n'),
    () => writeFile(join(folder, 'new file with spaces "and quotes"'), '1'),
    () => writeFile(join(folder, 'new file with spaces "and quotes"'), '2'),
    () => chmod(join(folder, 'services', 'run.sh'), 0o755),
    () => rm(join(folder, 'services', 'run.sh')),
    () => git(folder, ['add', '--all']),
  ];
  for (const [index, change] of changes.entries()) {
    await change();
    const revision = await sourceRevision(folder);
    assert.match(revision, new RegExp(`^${clean}-dirty-[0-9a-f]{12}$`));
    // What is only staged is no other content.
    assert.equal(seen.has(revision), index === changes.length - 1);
    seen.add(revision);
  }
  await git(folder, ['reset', '--quiet', '--hard']);
  assert.equal(await sourceRevision(folder), clean);
});

test('what git ignores does not count', async t => {
  const folder = await scratch(t);
  await writeFile(join(folder, '.gitignore'), 'data/\n');
  const commit = await commitAll(folder);
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data', 'x'), '1');
  assert.equal(await sourceRevision(folder), commit.slice(0, 12));
});

test('a folder inside a checkout is named by its content', async t => {
  const folder = await scratch(t);
  await commitAll(folder);
  const inside = join(folder, 'services');
  const first = await sourceRevision(inside);
  assert.match(first, /^tree-[0-9a-f]{12}$/);
  await writeFile(join(folder, 'elsewhere'), '1');
  assert.equal(await sourceRevision(inside), first);
  await writeFile(join(inside, 'run.sh'), 'echo more\n');
  assert.notEqual(await sourceRevision(inside), first);
});

test('without git the content names it: the same in another place, another with any change', async t => {
  const withoutGit: typeof runProcess = (file, args, options) =>
    runProcess(file === 'git' ? '/nonexistent/git' : file, args, options);
  const one = await scratch(t);
  const two = await scratch(t);
  const revision = await sourceRevision(one, withoutGit);
  assert.equal(await sourceRevision(two, withoutGit), revision);
  await mkdir(join(two, 'node_modules'));
  await writeFile(join(two, 'node_modules', 'x'), '1');
  assert.equal(await sourceRevision(two, withoutGit), revision, 'installed packages do not count');
  const seen = new Set([revision]);
  for (const change of [
    () => chmod(join(two, 'services', 'run.sh'), 0o755),
    () => symlink('Dockerfile', join(two, 'link')),
    () => writeFile(join(two, 'empty'), ''),
  ]) {
    await change();
    const changed = await sourceRevision(two, withoutGit);
    assert.ok(!seen.has(changed));
    seen.add(changed);
  }
});

test('a checkout without a commit is named by its content', async t => {
  const folder = await scratch(t);
  await git(folder, ['init', '--quiet']);
  assert.match(await sourceRevision(folder), /^tree-/);
});

test('a folder that is not there is said to be missing', async () => {
  await assert.rejects(sourceRevision('/nonexistent/homeiq'), (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, /\/nonexistent\/homeiq cannot be read \(ENOENT\)/);
    return true;
  });
});

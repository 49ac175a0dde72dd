import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createCgroupReader } from '../../../src/adapters/docker/cgroup-usage.ts';

const id = '1040ffd2aacf97675bbad404cd77812e76d182dd9d1a4ccfe894cb79c5dfa8d2';
const mebibyte = 1024 * 1024;

/** Recorded from Docker 20.10 on a kernel with version 1; the own fields differ from the `total_` ones on purpose. */
const versionOneStat = `cache 12623872
rss 53248
mapped_file 40960
inactive_anon 49152
active_anon 4096
inactive_file 4096
active_file 40960
hierarchical_memory_limit 67108864
total_cache 12623872
total_rss 53248
total_inactive_anon 49152
total_inactive_file 12582912
total_active_file 40960
`;

/** Fields and order of version 2: kernel documentation, "Control Group v2", memory.stat. */
const versionTwoStat = `anon 53248
file 12623872
kernel 512000
kernel_stack 16384
shmem 0
file_mapped 40960
file_dirty 0
inactive_anon 49152
active_anon 4096
inactive_file 12582912
active_file 40960
unevictable 0
workingset_refault_file 10
`;

type Tree = Readonly<Record<string, string>>;

const versionOne = (place: string, cpuController: string, limit = '67108864'): Tree => ({
  [`memory/${place}/memory.usage_in_bytes`]: '13299712\n',
  [`memory/${place}/memory.stat`]: versionOneStat,
  [`memory/${place}/memory.limit_in_bytes`]: `${limit}\n`,
  [`memory/${place}/memory.oom_control`]: 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
  [`${cpuController}/${place}/cpuacct.usage`]: '93678142\n',
});

const versionTwo = (place: string, limit = '67108864'): Tree => ({
  [`${place}/memory.current`]: '13299712\n',
  [`${place}/memory.stat`]: versionTwoStat,
  [`${place}/memory.max`]: `${limit}\n`,
  [`${place}/memory.events`]: 'low 0\nhigh 0\nmax 7\noom 3\noom_kill 2\noom_group_kill 0\n',
  [`${place}/cpu.stat`]: 'usage_usec 93678\nuser_usec 60000\nsystem_usec 33678\nnr_periods 0\n',
});

async function plant(t: TestContext, tree: Tree): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'homeiq-cgroup-'));
  t.after(() => rm(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(tree)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const readerOf = (root: string) => createCgroupReader({ root, userId: 1000, nowMs: () => 42 });
const expectedMiB = (13299712 - 12582912) / mebibyte;

const trees: Readonly<Record<string, Tree>> = {
  'version 1, cgroupfs driver': versionOne(`docker/${id}`, 'cpuacct'),
  'version 1, systemd driver': versionOne(`system.slice/docker-${id}.scope`, 'cpu,cpuacct'),
  'version 2, systemd driver': versionTwo(`system.slice/docker-${id}.scope`),
  'version 2, cgroupfs driver': versionTwo(`docker/${id}`),
  'version 2, rootless': versionTwo(
    `user.slice/user-1000.slice/user@1000.service/user.slice/docker-${id}.scope`,
  ),
};

for (const [name, tree] of Object.entries(trees)) {
  test(`${name}: memory without droppable cache, limit, CPU time and kills`, async t => {
    const usage = readerOf(await plant(t, tree)).read(id);
    assert.ok(usage);
    assert.deepEqual(
      { ...usage, cpuNs: Math.round(usage.cpuNs / 1e6) },
      { memoryMiB: expectedMiB, limitMiB: 64, cpuNs: 94, sampledAtMs: 42, oomKillCount: 2 },
    );
  });
}

test("the kernel's own peak is read in both versions, and is unknown where the kernel keeps none", async t => {
  const peakFiles = [
    { tree: versionOne(`docker/${id}`, 'cpuacct'), file: `memory/docker/${id}/memory.max_usage_in_bytes` },
    { tree: versionTwo(`docker/${id}`), file: `docker/${id}/memory.peak` },
  ];
  for (const { tree, file } of peakFiles) {
    const read = async (more: Tree) => readerOf(await plant(t, { ...tree, ...more })).readPeakMiB(id);
    assert.equal(await read({ [file]: `${48 * mebibyte}\n` }), 48);
    assert.equal(await read({}), undefined);
    assert.equal(await read({ [file]: 'garbage\n' }), undefined);
  }
  assert.equal(readerOf(await plant(t, {})).readPeakMiB(id), undefined);
});

test('where the kernel does not count kills, nobody knows how many there were', async t => {
  const { [`docker/${id}/memory.events`]: _events, ...without } = versionTwo(`docker/${id}`);
  const usage = readerOf(await plant(t, without)).read(id);
  assert.ok(usage?.memoryMiB);
  assert.equal(usage.oomKillCount, undefined);
});

test('no limit is said in both versions', async t => {
  const one = await plant(t, versionOne(`docker/${id}`, 'cpuacct', '9223372036854771712'));
  const two = await plant(t, versionTwo(`docker/${id}`, 'max'));
  assert.equal(readerOf(one).read(id)?.limitMiB, undefined);
  assert.equal(readerOf(two).read(id)?.limitMiB, undefined);
});

test('more droppable cache than usage, as between two reads, is not subtracted', async t => {
  const tree = { ...versionTwo(`docker/${id}`), [`docker/${id}/memory.current`]: '4096\n' };
  assert.equal(readerOf(await plant(t, tree)).read(id)?.memoryMiB, 4096 / mebibyte);
});

test('a container that is not here, or went away, is unknown; one that comes back is found again', async t => {
  const root = await plant(t, {});
  const reader = readerOf(root);
  assert.equal(reader.read(id), undefined);
  const files = versionTwo(`docker/${id}`);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  assert.ok(reader.read(id));
  await rm(join(root, 'docker'), { recursive: true });
  assert.equal(reader.read(id), undefined);
  const elsewhere = join(root, 'system.slice', `docker-${id}.scope`);
  await mkdir(elsewhere, { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(join(elsewhere, basename(path)), text);
  assert.ok(reader.read(id), 'the engine may have changed its driver');
});

test('files that make no sense are no usage', async t => {
  const tree = { ...versionTwo(`docker/${id}`), [`docker/${id}/memory.current`]: 'garbage\n' };
  assert.equal(readerOf(await plant(t, tree)).read(id), undefined);
});

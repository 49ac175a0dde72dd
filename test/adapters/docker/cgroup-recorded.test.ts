/**
 * Control groups as they were on real engines of the other version and the other driver, with what `docker stats` showed
 * of them at that moment: a process that holds memory, a tmpfs, page cache, and one that was killed for memory.
 */

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createCgroupReader } from '../../../src/adapters/docker/cgroup-usage.ts';
import { parseShownMemory } from '../../helpers/shown-memory.ts';

type Recorded = {
  readonly engine: string;
  readonly kernel: string;
  readonly containers: readonly { readonly name: string; readonly id: string; readonly shown: string }[];
  readonly files: Readonly<Record<string, string>>;
};

for (const name of ['v2-systemd', 'v2-cgroupfs', 'v1-systemd']) {
  test(`${name}: memory within 2 % of docker stats for every container, limit and kills as they were`, async t => {
    const recorded: Recorded = JSON.parse(
      await readFile(join(import.meta.dirname, 'recorded', `cgroups-${name}.json`), 'utf8'),
    );
    const root = await mkdtemp(join(tmpdir(), 'homeiq-cgroup-'));
    t.after(() => rm(root, { recursive: true, force: true }));
    for (const [path, text] of Object.entries(recorded.files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    const reader = createCgroupReader({ root, userId: 0, nowMs: () => 0 });
    assert.equal(recorded.containers.length, 4);
    for (const container of recorded.containers) {
      const usage = reader.read(container.id);
      assert.ok(usage, container.name);
      const [shownMiB = Number.NaN, shownLimitMiB] = parseShownMemory(container.shown);
      t.diagnostic(`${container.name}: ${usage.memoryMiB.toFixed(2)} MiB, shown ${container.shown}`);
      assert.ok(Math.abs(usage.memoryMiB / shownMiB - 1) < 0.02, container.name);
      if (usage.limitMiB !== undefined) assert.equal(usage.limitMiB, shownLimitMiB, container.name);
      const isLimited = ['page-cache', 'killed'].includes(container.name);
      assert.equal(usage.limitMiB !== undefined, isLimited, container.name);
      assert.equal((usage.oomKillCount ?? 0) > 0, container.name === 'killed', container.name);
      assert.ok(usage.cpuNs > 0 && (reader.readPeakMiB(container.id) ?? 0) >= usage.memoryMiB);
    }
  });
}

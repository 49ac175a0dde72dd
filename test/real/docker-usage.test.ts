/** CPU and memory by control-group files and by the engine's statistics, against what `docker stats` shows. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../../src/adapters/docker/engine.ts';
import { createScratchProject, docker, skipWithoutEngine } from '../helpers/engine.ts';
import { until } from '../helpers/until.ts';

const busybox = '/bin/busybox';
const units: Readonly<Record<string, number>> = { B: 1 / 1024 ** 2, KiB: 1 / 1024, MiB: 1, GiB: 1024 };

/** `12.3MiB / 64MiB` in MiB. */
function parseMemory(text: string): readonly number[] {
  return text.split(' / ').map(part => {
    const [, amount = '', unit = ''] = /^([\d.]+)(\w+)$/.exec(part) ?? [];
    return Number(amount) * (units[unit] ?? Number.NaN);
  });
}

test('memory within 2 % of docker stats, by both ways', { skip: skipWithoutEngine() }, async t => {
  const { project, run, remove } = await createScratchProject('usage');
  t.after(remove);
  // Held in memory: a variable, a tmpfs, page cache read once (droppable) and twice (not).
  const hold = (mebibytes: number) =>
    `x=$(${busybox} head -c ${mebibytes}m /dev/zero | ${busybox} tr '\\0' x)`;
  const idle = `${busybox} touch /ready; while :; do ${busybox} sleep 600; done`;
  const common = ['--stop-timeout', '0'];
  await run('variable', ['sh', '-c', `${hold(20)}; ${idle}`], common);
  await run(
    'tmpfs',
    ['sh', '-c', `${busybox} head -c 30m /dev/zero > /mnt/x; ${idle}`],
    [...common, '--tmpfs', '/mnt'],
  );
  const read = `${busybox} cat /x > /dev/null`;
  await run(
    'cache',
    ['sh', '-c', `${busybox} head -c 25m /dev/zero > /x; ${read}; ${read}; ${hold(5)}; ${idle}`],
    [...common, '--memory', '128m'],
  );
  const engine = createEngine({ environment: process.env });
  const containers = await engine.containers(project);
  assert.equal(containers.length, 3);
  for (const { id, name } of containers) {
    const isReady = () =>
      docker(['exec', id, busybox, 'test', '-f', '/ready']).then(
        () => true,
        () => false,
      );
    await until(isReady, { timeoutMs: 30_000, describe: () => `${name} is ready` });
  }
  const shown = new Map<string, readonly number[]>();
  const format = '{{.Name}}\t{{.MemUsage}}';
  const ids = containers.map(({ id }) => id);
  for (const line of (await docker(['stats', '--no-stream', '--format', format, ...ids])).split('\n')) {
    const [name = '', memory = ''] = line.split('\t');
    shown.set(name, parseMemory(memory));
  }
  const byStatistics = createEngine({ environment: process.env, cgroupRoot: '/nonexistent' });
  const [files, statistics] = await Promise.all([engine.usage(containers), byStatistics.usage(containers)]);
  for (const { id, name } of containers) {
    const [usedMiB = Number.NaN, limitMiB = Number.NaN] = shown.get(name) ?? [];
    for (const usage of [files.get(id), statistics.get(id)]) {
      assert.ok(usage, name);
      const difference = Math.abs(usage.memoryMiB - usedMiB) / usedMiB;
      t.diagnostic(`${name}: ${usage.memoryMiB.toFixed(2)} against ${usedMiB} MiB`);
      assert.ok(difference < 0.02, `${name}: ${usage.memoryMiB} against ${usedMiB} MiB`);
      if (usage.limitMiB !== undefined) assert.equal(usage.limitMiB, limitMiB);
    }
    assert.equal(files.get(id)?.limitMiB, statistics.get(id)?.limitMiB);
  }
});

test('CPU time grows with work, and the files need no question to the engine', {
  skip: skipWithoutEngine(),
}, async t => {
  const { project, run, remove } = await createScratchProject('cpu');
  t.after(remove);
  const id = await run('busy', ['sh', '-c', 'while :; do :; done'], ['--stop-timeout', '0', '--cpus', '0.2']);
  const engine = createEngine({ environment: process.env });
  const [container] = await engine.containers(project);
  assert.equal(container?.id, id);
  const sample = async () => {
    const usage = (await engine.usage([{ id }])).get(id);
    assert.ok(usage);
    return usage;
  };
  const first = await sample();
  await until(async () => {
    return (await sample()).sampledAtMs - first.sampledAtMs > 1000;
  });
  const last = await sample();
  const cores = (last.cpuNs - first.cpuNs) / 1e6 / (last.sampledAtMs - first.sampledAtMs);
  t.diagnostic(`${(cores * 100).toFixed(1)} % of a core`);
  assert.ok(cores > 0.02 && cores < 0.4, `${cores} of a core`);
  const goneFor = await engine.usage([{ id: '0'.repeat(64) }]);
  assert.equal(goneFor.size, 0);
});

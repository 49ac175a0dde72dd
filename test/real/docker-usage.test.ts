/** CPU and memory by control-group files and by the engine's statistics, against what `docker stats` shows. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../../src/adapters/docker/engine.ts';
import { createScratchProject, docker, skipWithoutEngine } from '../helpers/engine.ts';
import { parseShownMemory } from '../helpers/shown-memory.ts';
import { until } from '../helpers/until.ts';

const busybox = '/bin/busybox';
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
    shown.set(name, parseShownMemory(memory));
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

test('in a run with load, memory is within 2 % of docker stats for every one of two dozen containers', {
  skip: skipWithoutEngine(),
}, async t => {
  const { project, run, remove } = await createScratchProject('load');
  t.after(remove);
  const hold = (mebibytes: number) =>
    `x=$(${busybox} head -c ${mebibytes}m /dev/zero | ${busybox} tr '\\0' x)`;
  const work = 'n=0; while :; do n=$(( (n + 1) % 1000 )); done';
  const write = `while :; do ${busybox} head -c 8m /dev/zero > /x; ${busybox} cat /x > /dev/null; ${busybox} sleep 1; done`;
  const loads = [...Array(8).keys()].flatMap(index => [
    [`works-${index}`, `${hold(3 + 4 * index)}; ${work}`],
    [`holds-${index}`, `${hold(2 + 6 * index)}; while :; do ${busybox} sleep 600; done`],
    [`writes-${index}`, `${hold(4 + 3 * index)}; ${write}`],
  ]);
  for (const [name = '', script = ''] of loads) {
    await run(name, ['sh', '-c', script], ['--stop-timeout', '0', '--cpus', '0.1', '--memory', '128m']);
  }
  const engine = createEngine({ environment: process.env });
  const containers = await engine.containers(project);
  assert.equal(containers.length, loads.length);
  const ids = containers.map(({ id }) => id);
  const look = async (): Promise<ReadonlyMap<string, number>> => {
    const usage = await engine.usage(containers);
    return new Map(containers.map(({ id, name }) => [name, usage.get(id)?.memoryMiB ?? Number.NaN]));
  };
  // What changes between the looks at both sides of docker's own lies between them, or is looked at again.
  const left = new Map<string, string>(containers.map(({ name }) => [name, 'not compared']));
  await until(
    async () => {
      const before = await look();
      const shown = await docker(['stats', '--no-stream', '--format', '{{.Name}}\t{{.MemUsage}}', ...ids]);
      const after = await look();
      for (const row of shown.split('\n')) {
        const [name = '', memory = ''] = row.split('\t');
        const [shownMiB = Number.NaN] = parseShownMemory(memory);
        const seen = [before.get(name) ?? Number.NaN, after.get(name) ?? Number.NaN];
        const isNear = Math.min(...seen) * 0.98 <= shownMiB && shownMiB <= Math.max(...seen) * 1.02;
        if (isNear) left.delete(name);
        else if (left.has(name)) left.set(name, `${seen.join(' to ')} against ${memory}`);
      }
      return left.size === 0;
    },
    { timeoutMs: 60_000, describe: () => JSON.stringify([...left]) },
  );
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

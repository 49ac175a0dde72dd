/** From a measurement to an estimate that counts with it, on a rehearsed deployment with its real files. */

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import test, { type TestContext } from 'node:test';
import { readMemoryReport } from '../../../src/app/memory/report-memory.ts';
import { sampleMemory } from '../../../src/app/memory/sample-memory.ts';
import { describeDeployment } from '../../../src/app/monitor/describe-deployment.ts';
import { addToHistory, lookAtMemory } from '../../../src/core/memory/memory-history.ts';
import { memoryDocument, sampleDocument } from '../../../src/ui/json/memory.ts';
import { planDocument } from '../../../src/ui/json/plan.ts';
import { memoryLines, sampleLines } from '../../../src/ui/plain/memory.ts';
import { describePlan } from '../../../src/ui/plain/plan.ts';
import { rehearse } from '../../helpers/rehearse.ts';

const signal = AbortSignal.timeout(60_000);

/** A deployment whose data-api was seen at 700 MiB for `seconds`. */
async function withMeasured(t: TestContext, seconds: number) {
  const rehearsed = await rehearse(t);
  await rehearsed.setUp('test');
  const { memory } = rehearsed.ports;
  const look = { imageId: 'sha256:a', limitMiB: undefined, kernelPeakMiB: 900, memoryMiB: 700 };
  const atMs = Date.now();
  await memory.update(history =>
    addToHistory(history, 'test', new Map([['data-api', lookAtMemory({ ...look, atMs, seconds })]]), atMs),
  );
  return rehearsed;
}

test('measured figures count after they were chosen, everywhere, and not before', async t => {
  const { ports, draft } = await withMeasured(t, 2 * 3600);
  const before = await draft('test');
  const expected = before.plan.services.find(({ name }) => name === 'data-api')?.expectedMiB ?? 0;
  assert.equal(before.plan.memory.measuredCount, undefined);

  const offered = memoryLines(await readMemoryReport(ports, { mode: undefined, use: undefined }), false);
  assert.match(offered.join('\n'), /To count with the measured: homeiq memory --use measured/);

  const report = await readMemoryReport(ports, { mode: undefined, use: 'measured' });
  const row = report.rows.find(({ name }) => name === 'data-api');
  const estimateMiB = row?.estimateMiB ?? 0;
  assert.ok(Math.abs(estimateMiB / 700 - 1) <= 0.02, `${estimateMiB}`);
  assert.equal(report.totals.measuredMiB - report.totals.expectedMiB, estimateMiB - expected);
  const text = memoryLines(report, true).join('\n');
  assert.match(text, /data-api .*OVER the expected/);
  assert.match(text, /From now on estimates of this machine count with the measured figures: .* instead of /);
  assert.equal(memoryDocument(report).uses, 'measured');

  const after = await draft('test');
  assert.equal(after.plan.memory.startMiB - before.plan.memory.startMiB, estimateMiB - expected);
  assert.equal(after.plan.memory.measuredCount, 1);
  const lines = describePlan(after.plan, after.notes).join('\n');
  assert.match(lines, /data-api .*measured/);
  assert.match(lines, /1 figure measured on this machine/);
  assert.match(lines, /Note: Memory counts as measured on this machine for 1 of/);
  const document = planDocument(after.plan, after.notes);
  assert.equal(document.memory.measuredCount, 1);
  assert.equal(document.services.find(({ name }) => name === 'data-api')?.measured, true);
  const { status } = await describeDeployment(ports, { memoryBudgetMiB: undefined });
  assert.equal(status.stack.services.find(({ name }) => name === 'data-api')?.expectedMiB, estimateMiB);

  await readMemoryReport(ports, { mode: undefined, use: 'expected' });
  const back = await draft('test');
  assert.deepEqual(back.plan.memory, before.plan.memory);
  assert.deepEqual(back.notes, before.notes);
});

test('less than an hour changes no estimate, and is said', async t => {
  const { ports, draft } = await withMeasured(t, 3500);
  const before = await draft('test');
  const report = await readMemoryReport(ports, { mode: undefined, use: 'measured' });
  assert.match(memoryLines(report, false).join('\n'), /data-api .*58 min 20 .*too short/);
  const { plan, notes } = await draft('test');
  assert.deepEqual(plan.memory, before.plan.memory);
  assert.ok(notes.some(note => note.startsWith('No measured memory covers an hour yet')));
});

test('a damaged file stops no plan; the report names it; the next measurement keeps it aside', async t => {
  const { ports, draft } = await withMeasured(t, 7200);
  await ports.memory.writeBasis('measured');
  await writeFile(ports.memory.path, '{"formatVersion":1,"services":');
  const { plan, notes } = await draft('test');
  assert.equal(plan.memory.measuredCount, undefined);
  assert.ok(notes.some(note => note.includes(`${ports.memory.path} is damaged`)));
  await assert.rejects(
    readMemoryReport(ports, { mode: undefined, use: undefined }),
    /memory\.json is damaged/,
  );
});

test('one look adds every service that is up; nothing is written when nothing is', async t => {
  const { ports, folder, draft, setUp } = await rehearse(t);
  await setUp('test');
  const nothing = await sampleMemory(ports, signal);
  assert.deepEqual(nothing.services, []);
  assert.equal((await ports.memory.read()).test.size, 0);
  assert.match(sampleLines(nothing)[0] ?? '', /Nothing of TEST mode is up/);

  const { plan } = await draft('test');
  const { services } = (await describeDeployment(ports, { memoryBudgetMiB: undefined })).status.stack;
  const influxdb = services.filter(({ name }) => name === 'influxdb');
  for (const { image } of influxdb) await ports.images.pull(image, undefined, { signal });
  await ports.compose.up({ folder, project: plan.project, files: [], environment: undefined }, ['influxdb']);
  for (;;) {
    const [container] = await ports.engine.containers(plan.project);
    if (container?.health === 'healthy') break;
    await ports.clock.sleep(50, signal);
  }
  await writeFile(ports.memory.path, 'damaged');
  const sample = await sampleMemory(ports, signal);
  assert.deepEqual(
    sample.services.map(({ name }) => name),
    ['influxdb'],
  );
  assert.match(sampleLines(sample).join('\n'), /was damaged: it is kept as .*damaged-/);
  assert.equal(sampleDocument(sample).services.length, 1);
  const first = (await ports.memory.read()).test.get('influxdb');
  assert.ok((first?.peakMiB ?? 0) > 1);
  await sampleMemory(ports, signal);
  const second = (await ports.memory.read()).test.get('influxdb');
  assert.ok((second?.lastAtMs ?? 0) >= (first?.lastAtMs ?? 0));
  assert.equal(second?.sinceMs, first?.sinceMs);
});

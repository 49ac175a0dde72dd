/** Files of a deployment that somebody, or a fault of the disk, made into something else. */

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDeploymentFiles } from '../../src/adapters/files/deployment-files.ts';
import { createLock } from '../../src/adapters/files/lock.ts';
import { createMemoryRecords } from '../../src/adapters/files/memory-records.ts';
import { createRuns } from '../../src/adapters/files/runs.ts';
import { listPastRuns } from '../../src/app/history/past-runs.ts';
import { checkDocument } from '../../src/core/env/check-document.ts';
import { composeDocument } from '../../src/core/env/compose-document.ts';
import { diffDocuments } from '../../src/core/env/diff.ts';
import { foldDocuments } from '../../src/core/env/fold.ts';
import { importValues } from '../../src/core/env/import-document.ts';
import { parseEnv } from '../../src/core/env/parse.ts';
import { findProblems } from '../../src/core/env/problems.ts';
import { createSecretTest } from '../../src/core/env/secret-keys.ts';
import { serialiseEnv } from '../../src/core/env/serialise.ts';
import { parseTemplate } from '../../src/core/env/template.ts';
import { documentValues } from '../../src/core/env/values.ts';
import type { RunEvent } from '../../src/core/run/journal-event.ts';
import { formatJournalLine } from '../../src/core/run/journal-line.ts';
import { initialRunState, reduceRun } from '../../src/core/run/reduce-run.ts';
import { historyDocument } from '../../src/ui/json/history.ts';
import { runEventLine } from '../../src/ui/json/run.ts';
import { historyLines } from '../../src/ui/plain/history.ts';
import { createRunPrinter } from '../../src/ui/plain/run.ts';
import { composeScreen } from '../../src/ui/present/compose-screen.ts';
import { unicodeGlyphs } from '../../src/ui/present/glyphs.ts';
import { logLines, runLines } from '../../src/ui/present/run.ts';
import { failureLines, summaryLines } from '../../src/ui/present/run-end.ts';
import { fuzz, spoiled, spoiledBytes, spoiledText } from '../helpers/fuzz.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { findHarm } from '../helpers/terminal-attacks.ts';
import {
  eventsFixture,
  failingBodies,
  failingSwitchBodies,
  planFixture,
  rolledBackBodies,
  runBodies,
  runEndBodies,
  switchPlanFixture,
} from '../ui/wizard-fixture.ts';

const viewport = { columns: 80, rows: 24, glyphs: unicodeGlyphs };
const templateText = readFileSync(new URL('../../env-templates/production.env', import.meta.url), 'utf8');
const template = parseTemplate(templateText);
const shipped = readFileSync(new URL('../fixtures/env/homeiq-as-shipped.env', import.meta.url), 'utf8');
const envTexts = [templateText, shipped, `A=1\nB="two\nlines"\nC=$${'{A:-$B}'}\n`];

test('env files: read, kept to the byte, checked, taken over, folded and compared', async t => {
  const inputs = fc.tuple(
    fc.constantFrom(...envTexts).chain(spoiledText),
    fc.constantFrom(...envTexts).chain(spoiledText),
  );
  await fuzz(t, 'pairs of env files', inputs, async ([text, other]) => {
    const document = parseEnv(text);
    assert.equal(serialiseEnv(document), text);
    documentValues(document);
    findProblems(document);
    importValues(documentValues(document), template.fields, 'production');
    await checkDocument(document, template.fields, []);
    foldDocuments({ base: parseEnv(other), edited: document, document: parseEnv(templateText) });
    diffDocuments(parseEnv(other), document, createSecretTest(template.fields));
    composeDocument({
      template,
      current: document,
      sharedFrom: parseEnv(other),
      standIns: {},
      answers: {},
      machine: {},
      generate: () => 'made',
    });
  });
});

const journals: readonly (readonly RunEvent[])[] = [
  [...runBodies(planFixture('test')), ...runEndBodies(planFixture('test'))],
  failingBodies(planFixture('test')),
  [
    ...failingSwitchBodies(switchPlanFixture('production')),
    ...rolledBackBodies(switchPlanFixture('production'), planFixture('test')),
  ],
].map(eventsFixture);

/** The run as each rendering shows it. Nothing that would do harm is left in any of them. */
function render(events: readonly RunEvent[]): void {
  const print = createRunPrinter();
  let state = initialRunState;
  const printed: string[] = [];
  for (const event of events) {
    state = reduceRun(state, event);
    printed.push(...print(state, event), runEventLine(event));
  }
  const { body } = runLines(state, 0, viewport);
  const all = [
    ...body,
    ...logLines(state, viewport),
    ...failureLines(state, viewport),
    ...summaryLines(state, 'homeiq', viewport),
  ];
  for (let first = 0; first < all.length; first += 15) {
    const screen = composeScreen(
      { title: [], head: [], body: all.slice(first, first + 15), foot: [], footer: [] },
      viewport,
    );
    printed.push(...screen.flat().map(({ text }) => text));
  }
  for (const line of printed) assert.equal(findHarm(line), undefined);
}

test('journals: an event that is not what it should be, in every rendering', async t => {
  const folder = temporaryFolder(t);
  const runs = createRuns(folder);
  const path = join(folder, '.homeiq/runs/run-1.jsonl');
  mkdirSync(join(folder, '.homeiq/runs'), { recursive: true });
  const inputs = fc
    .constantFrom(...journals)
    .chain(events =>
      fc
        .nat({ max: events.length - 1 })
        .chain(index =>
          spoiled(events[index]).map(event => events.map((sound, at) => (at === index ? event : sound))),
        ),
    );
  await fuzz(t, 'journals with a wrong event', inputs, async events => {
    writeFileSync(path, events.map(event => formatJournalLine(event as RunEvent)).join(''));
    const past = await listPastRuns({ runs, lock: createLock(folder) });
    for (const line of [...historyLines(past), JSON.stringify(historyDocument(past))])
      assert.equal(typeof line, 'string');
    render(await runs.read('run-1'));
  });
});

test('journals: bytes that are not what they should be', async t => {
  const folder = temporaryFolder(t);
  const runs = createRuns(folder);
  const path = join(folder, '.homeiq/runs/run-1.jsonl');
  mkdirSync(join(folder, '.homeiq/runs'), { recursive: true });
  const text = (journals[1] ?? []).map(formatJournalLine).join('');
  await fuzz(t, 'journals with wrong bytes', spoiledBytes(text), async bytes => {
    writeFileSync(path, bytes);
    render(await runs.read('run-1'));
  });
});

const record = {
  formatVersion: 1,
  level: 'bundled',
  mode: 'test',
  project: 'homeiq',
  templateVersion: '0.1.0',
  sourceRevision: 'abc',
};
const lockRecord = { pid: process.pid, startTicks: '1', bootId: 'x', id: '0123456789abcdef', runId: 'run-1' };
const memory = {
  formatVersion: 1,
  services: {
    test: {
      influxdb: {
        imageId: 'sha256:1',
        limitMiB: 2048,
        sinceMs: 1,
        lastAtMs: 2,
        peakMiB: 3,
        kernelPeakMiB: 4,
        buckets: [[1, 2]],
      },
    },
    production: {},
  },
};

const small = [
  { name: 'deployment.json', sound: record },
  { name: 'lock', sound: lockRecord },
  { name: 'memory.json', sound: memory },
  { name: 'estimates.json', sound: { formatVersion: 1, use: 'measured' } },
] as const;

for (const { name, sound } of small) {
  test(`${name}: whatever stands in it`, async t => {
    const folder = temporaryFolder(t);
    mkdirSync(join(folder, '.homeiq'));
    const path = join(folder, '.homeiq', name);
    const inputs = fc.oneof(
      spoiled(sound).map(value => Buffer.from(JSON.stringify(value) ?? '')),
      spoiledBytes(JSON.stringify(sound)),
    );
    const lock = createLock(folder);
    const records = createMemoryRecords(folder);
    await fuzz(t, `contents of ${name}`, inputs, async bytes => {
      writeFileSync(path, bytes);
      if (name === 'deployment.json') await createDeploymentFiles(folder).readRecord();
      else if (name === 'memory.json') await records.read();
      else if (name === 'estimates.json') await records.readBasis();
      else if ((await lock.holder()) === undefined) {
        // A lock that nobody alive holds is taken over, whatever stands in it.
        assert.equal((await lock.take('run-2')).kind, 'taken');
        await lock.release();
      }
    });
  });
}

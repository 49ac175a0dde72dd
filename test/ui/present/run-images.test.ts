import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEventBody } from '../../../src/core/run/journal-event.ts';
import { initialRunState, reduceRun } from '../../../src/core/run/reduce-run.ts';
import { createRunPrinter } from '../../../src/ui/plain/run.ts';
import { formatTransfer } from '../../../src/ui/present/format.ts';
import { unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import { runLines } from '../../../src/ui/present/run.ts';
import { lineText } from '../../../src/ui/present/tone.ts';
import { eventsFixture, planFixture, runStartMs } from '../wizard-fixture.ts';

const image = (
  service: string,
  phase: 'pulling' | 'building' | 'ready',
  bytes: readonly [current: number, total: number] | undefined,
  detail?: string,
): RunEventBody => ({
  kind: 'image',
  service,
  image: `${service}:1`,
  phase,
  ...(detail === undefined ? {} : { detail }),
  ...(bytes === undefined
    ? {}
    : {
        transfer: { currentBytes: bytes[0] * 1e6, totalBytes: bytes[1] * 1e6 },
        allTransfer: { currentBytes: 412e6, totalBytes: 1204e6 },
      }),
});

const bodies: readonly RunEventBody[] = [
  { kind: 'run-started', runId: '20261102-140000-setup', pid: 4242, plan: planFixture('test') },
  { kind: 'step-started', step: 'images' },
  image('influxdb', 'pulling', [40, 120]),
  image('device-intelligence-service', 'pulling', [372, 372], 'unpacking'),
  image('data-api', 'building', undefined, 'step 3 of 9: RUN pip install -r requirements.txt'),
];
const state = eventsFixture(bodies).reduce(reduceRun, initialRunState);

test('bytes of each image and of all stand on the run screen, wide and narrow', () => {
  const shown = (columns: number, rows: number): readonly string[] =>
    runLines(state, runStartMs, { columns, rows, glyphs: unicodeGlyphs }).body.map(lineText);
  for (const [columns, rows] of [
    [80, 24],
    [40, 12],
  ] as const) {
    const lines = shown(columns, rows);
    for (const text of lines) assert.ok(text.length <= columns, text);
    const textOf = (part: string): string => lines.find(text => text.includes(part)) ?? lines.join('\n');
    assert.match(textOf('in all'), /412 of 1,204 MB in all/);
    assert.match(textOf('influxdb '), /influxdb .*40 of 120 MB$/);
    assert.match(textOf('device-intell'), /372 of 372 MB$/);
    assert.match(textOf('data-api'), /building, s/);
  }
  assert.match(shown(80, 24).join('\n'), /data-api +building, step 3 of 9: RUN pip/);
});

test('in lines: every quarter of an image, with the bytes of all', () => {
  const print = createRunPrinter();
  let seen = initialRunState;
  const told = [
    ...bodies.slice(0, 2),
    ...[0, 1, 20, 31, 40, 100, 120].map(at => image('influxdb', 'pulling', [at, 120])),
    image('influxdb', 'ready', [120, 120]),
  ];
  const lines = eventsFixture(told).flatMap(event => {
    seen = reduceRun(seen, event);
    return print(seen, event);
  });
  assert.deepEqual(
    lines.filter(text => text.includes('influxdb')).map(text => /pulling|ready/.exec(text)?.[0]),
    ['pulling', 'pulling', 'pulling', 'pulling', 'ready'],
  );
  assert.equal(lines.at(-1), '  Image of influxdb: ready, 120 of 120 MB (412 of 1,204 MB in all)');
  assert.equal(seen.log.filter(({ kind }) => kind === 'image').length, 2, 'bytes alone are not in the log');
});

test('bytes as people read them', () => {
  assert.equal(formatTransfer({ currentBytes: 0, totalBytes: 1_234_567_890 }), '0 of 1,235 MB');
  assert.equal(formatTransfer({ currentBytes: 999_600_000 }), '1,000 MB');
});

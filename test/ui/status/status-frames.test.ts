import assert from 'node:assert/strict';
import process from 'node:process';
import test from 'node:test';
import type { StatusSessionState } from '../../../src/app/monitor/status-session.ts';
import type { StatusView } from '../../../src/app/monitor/status-view.ts';
import type { PastRun } from '../../../src/core/run/run-history.ts';
import { serviceGroups } from '../../../src/core/stack/stack.ts';
import { reduceStatus } from '../../../src/core/status/reduce-status.ts';
import type { StatusEvent } from '../../../src/core/status/status-state.ts';
import { textBuffer } from '../../../src/core/text/text-buffer.ts';
import { fitsViewport, type Viewport } from '../../../src/ui/present/compose-screen.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import { presentStatus, presentStatusFrame } from '../../../src/ui/present/status.ts';
import { lineText } from '../../../src/ui/present/tone.ts';
import { makeContainer } from '../../core/status/status-fixtures.ts';
import { assertGolden } from '../golden.ts';
import { planFixture } from '../wizard-fixture.ts';
import { situationNames, statusIn } from './status-states.ts';

// Times of day are local on the screen.
process.env.TZ = 'UTC';

const sizes = [
  [40, 12],
  [40, 24],
  [60, 16],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;
const goldenSizes = [
  [40, 12],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

const frame = (state: StatusSessionState, viewport: Viewport): string =>
  presentStatus(state, viewport).map(lineText).join('\n');

for (const name of situationNames) {
  test(`${name}: every size holds it, in both sets of glyphs, with its mode and its keys`, async () => {
    const state = await statusIn(name);
    for (const [columns, rows] of sizes) {
      for (const glyphs of [unicodeGlyphs, asciiGlyphs]) {
        const viewport = { columns, rows, glyphs };
        const lines = presentStatus(state, viewport);
        const text = frame(state, viewport);
        assert.ok(fitsViewport(lines, viewport), `${columns}x${rows}:\n${text}`);
        assert.match(text.split('\n')[0] ?? '', name === 'production' ? /PRODUCTION.*SANDBOX/ : /TEST/);
        assert.match(text.split('\n').at(-1) ?? '', /\? keys|q quit|esc|enter/);
        if (glyphs === asciiGlyphs) assert.match(text, /^[\x20-\x7e\n]*$/);
      }
    }
  });
}

for (const name of [
  'healthy',
  'broken',
  'gone',
  'box',
  'data',
  'tight',
  'log',
  'full-log',
  'all-logs',
] as const) {
  test(`${name} looks as it should`, async () => {
    const state = await statusIn(name);
    for (const [columns, rows] of goldenSizes) {
      assertGolden(
        `status-${name}-${columns}x${rows}`,
        frame(state, { columns, rows, glyphs: unicodeGlyphs }),
      );
    }
  });
}

for (const name of ['marked', 'marked-question', 'read-only', 'events', 'doctor'] as const) {
  test(`${name} looks as it should at the design size and on the smallest terminal`, async () => {
    const state = await statusIn(name);
    for (const [columns, rows] of [
      [40, 12],
      [80, 24],
    ] as const) {
      assertGolden(
        `status-${name}-${columns}x${rows}`,
        frame(state, { columns, rows, glyphs: unicodeGlyphs }),
      );
    }
  });
}

for (const name of ['production', 'details', 'question', 'find', 'starting', 'stopped'] as const) {
  test(`${name} looks as it should at the design size`, async () => {
    assertGolden(
      `status-${name}-80x24`,
      frame(await statusIn(name), { columns: 80, rows: 24, glyphs: unicodeGlyphs }),
    );
  });
}

test('a name that carries escape sequences does no harm, in whatever pane it is', async () => {
  const evil = '\x1b[2J\x1b]0;x\x07evil\u202e$(reboot)\n';
  const base = await statusIn('healthy');
  const extra = makeContainer(evil, { name: evil, state: 'exited', exitCode: 1 });
  const events: readonly StatusEvent[] = [
    { atMs: base.status.nowMs, service: evil, what: { kind: 'ended', exitCode: 1 } },
  ];
  const status = reduceStatus(
    { ...base.status, events },
    { kind: 'listed', atMs: base.status.nowMs, containers: [extra] },
  );
  const question = {
    services: [evil],
    answers: [{ kind: 'restart', services: [evil] }],
    selected: 0,
  } as const;
  const views: readonly Partial<StatusView>[] = [
    { sort: 'name' },
    { selected: `service ${evil}`, pane: 'details', marked: [evil] },
    { pane: 'events' },
    { question },
    { pane: 'log', log: { ...base.view.log, isFull: true } },
  ];
  for (const change of views) {
    for (const [columns, rows] of sizes) {
      const viewport = { columns, rows, glyphs: unicodeGlyphs };
      const target = { kind: 'services', names: [evil] } as const;
      const state = { ...base, status, logs: { ...base.logs, target }, view: { ...base.view, ...change } };
      const text = frame(state, viewport);
      assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
      assert.ok(fitsViewport(presentStatus(state, viewport), viewport), text);
    }
  }
  const asked = { ...base, status, view: { ...base.view, question } };
  assert.match(
    frame(asked, { columns: 120, rows: 24, glyphs: unicodeGlyphs }),
    /restart '.*evil\$\(reboot\)/,
  );
});

test('a filter that no service passes says so, and the way back, while it is typed, when it is kept and over a pane', async () => {
  const base = await statusIn('find');
  const filter = textBuffer('no such thing');
  for (const [columns, rows] of sizes) {
    for (const isFiltering of [true, false]) {
      const viewport = { columns, rows, glyphs: unicodeGlyphs };
      const state = { ...base, view: { ...base.view, filter, isFiltering } };
      const words = frame(state, viewport).replaceAll(/\s+/g, ' ');
      assert.match(
        words,
        /No service has "no such thing" in its name, group or state\. Esc goes back to all/,
      );
      assert.match(words, isFiltering ? /no service / : /No service found by "no such thing"/);
      const pane = { ...state, view: { ...state.view, pane: 'details' as const } };
      assert.match(frame(pane, viewport), isFiltering ? /no service/ : /No service found/);
    }
  }
  const found = frame(base, { columns: 80, rows: 24, glyphs: unicodeGlyphs });
  assert.doesNotMatch(found, /[Nn]o service/);
});

test('the selected row is in sight, however many services there are', async () => {
  const state = await statusIn('a-hundred');
  for (const [columns, rows] of sizes) {
    assert.match(frame(state, { columns, rows, glyphs: unicodeGlyphs }), /❯/, `${columns}x${rows}`);
  }
});

test('without an engine every figure is dim, and the time and the countdown are said', async () => {
  const state = await statusIn('gone');
  const lines = presentStatus(state, { columns: 80, rows: 24, glyphs: unicodeGlyphs });
  const row = lines.find(each => lineText(each).includes('openvino-service'));
  assert.ok(row?.every(({ tone }) => tone === 'dim' || tone === 'plain'));
  assert.match(
    lines.map(lineText).join('\n'),
    /No answer from Docker since \d\d:\d\d:\d\d\. Trying again in \d+ s\./,
  );
});

test('what broke off, and a container of the other mode with what mends it, are said at both sizes', async () => {
  const state = await statusIn('wrong-mode');
  const interrupted: PastRun = {
    runId: 'r',
    what: 'buckets of test',
    plan: { ...planFixture('test'), steps: [], buckets: { modes: ['test'] } },
    startedAt: '2026-01-31T12:00:00.000Z',
    lastAt: '2026-01-31T12:00:01.000Z',
    end: { kind: 'interrupted', step: 'InfluxDB' },
    durationMs: 1000,
  };
  for (const [columns, rows] of sizes) {
    const viewport = { columns, rows, glyphs: unicodeGlyphs };
    const text = frame({ ...state, interrupted }, viewport);
    assert.ok(fitsViewport(presentStatus({ ...state, interrupted }, viewport), viewport), text);
    const words = text.replaceAll(/\s+/g, ' ');
    assert.match(words, /homeiq switch test/, `${columns}x${rows}:\n${text}`);
    assert.match(
      words,
      /Interrupted: buckets of test at InfluxDB\. Continue: homeiq buckets/,
      `${columns}x${rows}:\n${text}`,
    );
    assert.match(words, /websocket-ingestion runs in the wrong mode: production|websocket-ingest/);
    assert.doesNotMatch(frame(await statusIn('healthy'), viewport), /Interrupted|homeiq switch/);
  }
});

test('CPU figures are shares of the machine, and of one core when asked for', async () => {
  const state = await statusIn('healthy');
  const figures = (cpuBase: 'machine' | 'core'): readonly number[] => {
    const text = frame(
      { ...state, view: { ...state.view, cpuBase } },
      { columns: 80, rows: 24, glyphs: unicodeGlyphs },
    );
    assert.match(text, cpuBase === 'core' ? /Up +Core +Memory/ : /Up +CPU +Memory/);
    return [...text.matchAll(/[hd] +([\d.]+) %/g)].map(([, figure]) => Number(figure));
  };
  const [ofMachine, ofCore] = [figures('machine'), figures('core')];
  assert.ok(ofMachine.length > 5 && ofMachine.length === ofCore.length);
  for (const [index, share] of ofMachine.entries()) {
    const expected = share * state.status.cores;
    assert.ok(Math.abs((ofCore[index] ?? 0) - expected) <= 0.25, `${ofCore[index]} for ${expected}`);
  }
  assert.ok(ofCore.some(share => share > 1));
});

test('the frame says of which services figures are in sight', async () => {
  const state = await statusIn('a-hundred');
  const viewport = { columns: 80, rows: 24, glyphs: unicodeGlyphs };
  const { lines, inSight } = presentStatusFrame(state, viewport);
  const text = lines.map(lineText).join('\n');
  assert.ok(inSight.length > 5 && inSight.length < 24);
  for (const name of inSight) assert.ok(text.includes(name.slice(0, 25)), name);
  const closed = { ...state, view: { ...state.view, closedGroups: serviceGroups } };
  assert.equal(
    presentStatusFrame(closed, viewport).inSight.length,
    state.status.services.length,
    'by their groups',
  );
  const log = await statusIn('full-log');
  assert.deepEqual(presentStatusFrame(log, viewport).inSight, []);
});

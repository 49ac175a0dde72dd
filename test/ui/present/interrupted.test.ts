import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitMemory } from '../../../src/core/memory/memory-fit.ts';
import type { PastRun } from '../../../src/core/run/run-history.ts';
import { listWays, listWaysOn } from '../../../src/core/run/ways-on.ts';
import { asciiGlyphs } from '../../../src/ui/present/glyphs.ts';
import { presentInterrupted } from '../../../src/ui/present/interrupted.ts';

const run: PastRun = {
  runId: '20260131T120000Z-a',
  what: 'switch from test to production',
  plan: {
    version: 1,
    mode: 'production',
    from: 'test',
    level: 'bundled',
    project: 'homeiq',
    folder: '/srv/homeiq',
    services: [],
    memory: fitMemory([], 8192),
    source: { kind: 'none' },
    changedKeys: [],
    steps: [{ id: 'services', title: 'Services', done: false }],
  },
  startedAt: '2026-01-31T12:00:00.000Z',
  lastAt: '2026-01-31T12:01:30.000Z',
  end: { kind: 'interrupted', step: 'Services' },
  durationMs: 90_000,
};

const textOf = (columns: number, rows: number): readonly string[] =>
  presentInterrupted(
    { run, ways: listWays(run), selected: 0, isBusy: false, error: undefined },
    { columns, rows, glyphs: asciiGlyphs },
  ).map(spans => spans.map(({ text }) => text).join(''));

describe('after an interrupted switch', () => {
  it('going on is the default, going back is offered, and a look harms nothing', () => {
    assert.deepEqual(listWays(run), ['continue', 'go-back', 'look']);
    assert.deepEqual(listWaysOn(run), [
      'Continue from what is true now: homeiq switch production',
      'Or go back to test: homeiq switch test',
    ]);
  });

  it('nobody goes on with the deletion of data by a key', () => {
    const plan = {
      ...run.plan,
      steps: [{ id: 'stop', title: 'Stop', done: false }],
      deleteData: ['v'],
    } as const;
    assert.deepEqual(listWays({ ...run, plan }), []);
  });

  it('says what, which step and when, with every answer in sight, at both sizes', () => {
    for (const [columns, rows] of [
      [80, 24],
      [40, 12],
    ] as const) {
      const lines = textOf(columns, rows);
      assert.equal(lines.length, rows);
      assert.ok(lines.every(text => text.length <= columns));
    }
    const text = textOf(80, 24).join('\n');
    assert.match(text, /Interrupted: switch from test to production/);
    assert.match(text, /Services/);
    assert.match(text, /2026-01-31 12:01:30 UTC/);
    assert.match(text, /1 Continue the switch[\s\S]*2 Go back to test mode[\s\S]*3 Only look at the status/);
  });
});

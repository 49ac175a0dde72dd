/** Every state that a service can be in, on small and large terminals, with few and with many services. */

import assert from 'node:assert/strict';
import process from 'node:process';
import test from 'node:test';
import { idleLog } from '../../../src/app/monitor/log-follower.ts';
import type { StatusSessionState } from '../../../src/app/monitor/status-session.ts';
import { firstStatusView } from '../../../src/app/monitor/status-view.ts';
import { reduceStatus, type StatusInput } from '../../../src/core/status/reduce-status.ts';
import type { ContainerSeen } from '../../../src/core/status/status-input.ts';
import type { StatusState } from '../../../src/core/status/status-state.ts';
import { textBuffer } from '../../../src/core/text/text-buffer.ts';
import { fitsViewport } from '../../../src/ui/present/compose-screen.ts';
import { unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import { presentStatus } from '../../../src/ui/present/status.ts';
import { lineText } from '../../../src/ui/present/tone.ts';
import {
  goodContainers,
  makeContainer,
  makeService,
  makeStatus,
  startMs,
  statusOptions,
} from '../../core/status/status-fixtures.ts';
import { assertGolden } from '../golden.ts';

process.env.TZ = 'UTC';

const sizes = [
  [40, 12],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

const sessionOf = (status: StatusState, filter = ''): StatusSessionState => ({
  status,
  logs: idleLog,
  doctor: { kind: 'not-asked' },
  view: { ...firstStatusView, sort: filter === '' ? 'group' : 'name', filter: textBuffer(filter) },
});
const rowsOf = (session: StatusSessionState, columns: number, rows: number): readonly string[] => {
  const viewport = { columns, rows, glyphs: unicodeGlyphs };
  const lines = presentStatus(session, viewport);
  assert.ok(fitsViewport(lines, viewport), lines.map(lineText).join('\n'));
  return lines.map(lineText);
};

/** Two looks, two seconds apart: memory, and CPU for a share. */
const sampled = (containers: readonly ContainerSeen[], memoryMiB: number): readonly StatusInput[] =>
  [0, 2_000].map(later => ({
    kind: 'usage',
    atMs: startMs + later,
    samples: new Map(
      containers.map(({ id }) => [id, { memoryMiB, cpuNs: later * 200_000, sampledAtMs: startMs + later }]),
    ),
  }));

const cases: readonly (readonly [name: string, word: string, change: Partial<ContainerSeen> | undefined])[] =
  [
    ['is-healthy', 'healthy', {}],
    ['is-starting', 'starting', { health: 'starting' }],
    ['is-unhealthy', 'unhealthy', { health: 'unhealthy' }],
    ['is-restarting', 'restarting', { state: 'restarting', exitCode: 1, restartCount: 7 }],
    ['has-exited', 'exited 137', { state: 'exited', exitCode: 137, wasKilledForMemory: true }],
    ['is-done', 'done', { state: 'exited', exitCode: 0, health: 'none' }],
    ['has-no-check', 'no check', { health: 'none' }],
    ['is-of-wrong-mode', 'wrong mode', { environment: { DEPLOYMENT_MODE: 'production' } }],
    ['is-paused', 'paused', { state: 'paused' }],
    ['was-created', 'created', { state: 'created', startedAt: undefined }],
    ['is-missing', 'missing', undefined],
  ];
const containers = cases.flatMap(([name, , change]) =>
  change === undefined ? [] : [makeContainer(name, change)],
);
const everyState = [
  { kind: 'listed', atMs: startMs, containers } as const,
  ...sampled(containers, 300),
].reduce(
  reduceStatus,
  makeStatus({
    stack: {
      project: 'homeiq',
      volumes: [],
      services: [
        ...cases.map(([name]) => makeService(name, 'core', 256, { isOneShot: name === 'is-done' })),
        makeService('is-left-out', 'external', 128),
      ],
    },
    leftOut: { 'is-left-out': 'its key is missing' },
  }),
);

test('every state is told by a word of its own, at every size', () => {
  for (const [name, word] of [...cases, ['is-left-out', 'left out'] as const]) {
    for (const [columns, rows] of sizes) {
      // Found by its name: on a small terminal not all have room at once.
      const row = rowsOf(sessionOf(everyState, name), columns, rows).find(text => text.includes(name)) ?? '';
      const hasWord = row.includes(word);
      const isCalm = word === 'healthy' || word === 'no check';
      assert.ok(
        hasWord || (columns === 40 && isCalm && row.includes('300 MB')),
        `${columns}x${rows}: ${row}`,
      );
    }
  }
  for (const [columns, rows] of sizes) {
    assertGolden(`status-states-${columns}x${rows}`, rowsOf(sessionOf(everyState), columns, rows).join('\n'));
  }
});

test('restarts are counted, and what is over the expected has a mark, on every terminal that has room for it', () => {
  const wide = rowsOf(sessionOf(everyState, 'is-restarting'), 200, 60).find(text =>
    text.includes('is-restarting'),
  );
  assert.match(wide ?? '', /restarting .*\b7\b/);
  for (const [columns, rows] of sizes) {
    const row = rowsOf(sessionOf(everyState, 'is-healthy'), columns, rows).find(text =>
      text.includes('is-healthy'),
    );
    // 300 MB of 256 MB: 17 % over, as figures are rounded.
    assert.match(row ?? '', /↑/, `${columns}x${rows}`);
    const calm = [{ kind: 'listed', atMs: startMs, containers } as const, ...sampled(containers, 250)].reduce(
      reduceStatus,
      everyState,
    );
    const other = rowsOf(sessionOf(calm, 'is-healthy'), columns, rows).find(text =>
      text.includes('is-healthy'),
    );
    assert.doesNotMatch(other ?? '', /↑/, `${columns}x${rows}`);
  }
});

test('five services leave no row out and a hundred are all reached, at every size', () => {
  const five = [
    { kind: 'listed', atMs: startMs, containers: goodContainers } as const,
    ...sampled(goodContainers, 100),
  ].reduce(reduceStatus, makeStatus());
  const names = Array.from({ length: 100 }, (_, index) => `service-${String(index).padStart(3, '0')}`);
  const many = names.map(name => makeContainer(name));
  const hundred = [{ kind: 'listed', atMs: startMs, containers: many } as const, ...sampled(many, 40)].reduce(
    reduceStatus,
    makeStatus({
      stack: { ...statusOptions.stack, services: names.map(name => makeService(name, 'core', 40)) },
    }),
  );
  for (const [columns, rows] of sizes) {
    const few = rowsOf(sessionOf(five), columns, rows).join('\n');
    if (rows > 12)
      for (const { name } of five.services) assert.ok(few.includes(name), `${name} at ${columns}x${rows}`);
    for (const name of [names[0], names[50], names[99]]) {
      const session = sessionOf(hundred);
      const view = { ...session.view, selected: `service ${name}` };
      const shown = rowsOf({ ...session, view }, columns, rows);
      assert.ok(
        shown.some(text => text.includes('❯') && text.includes(name ?? '')),
        `${name} at ${columns}x${rows}`,
      );
    }
  }
});

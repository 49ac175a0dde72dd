import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Probe, probeTargets, wantedBuckets } from '../../../src/core/buckets/access-matrix.ts';
import type { BucketsReport } from '../../../src/core/buckets/buckets-report.ts';
import { modeFacts } from '../../../src/core/mode/mode.ts';
import { bucketsDocument } from '../../../src/ui/json/buckets.ts';
import { bucketsLines } from '../../../src/ui/plain/buckets.ts';

const probes: readonly Probe[] = probeTargets(wantedBuckets('test'), wantedBuckets('production')).map(
  target => ({
    target,
    access: { read: target.expected === 'allowed', write: target.expected === 'allowed', isTokenKnown: true },
  }),
);
const right: BucketsReport = {
  url: 'http://127.0.0.1:8086',
  version: '2.9.1',
  modes: [
    {
      mode: 'test',
      org: 'homeiq-test',
      hasOrg: true,
      buckets: modeFacts.test.buckets.map(({ name, retentionSeconds }) => ({
        name,
        exists: true,
        retentionSeconds,
        wantedRetentionSeconds: retentionSeconds,
      })),
      isTokenRight: true,
      probes,
    },
  ],
  faults: [],
};
const [mode] = right.modes;
const broken: BucketsReport = {
  ...right,
  modes: [
    {
      mode: 'test',
      org: 'homeiq-test',
      hasOrg: false,
      buckets: (mode?.buckets ?? []).map(bucket => ({
        ...bucket,
        exists: false,
        retentionSeconds: undefined,
      })),
      isTokenRight: false,
      probes: [],
    },
  ],
  faults: [
    { code: 'org-missing', mode: 'test', message: 'It is \u001b[31mgone.', nextSteps: ['homeiq buckets'] },
    { code: 'token-unknown', mode: 'test', message: 'Nobody knows it.', nextSteps: [] },
  ],
};

describe('How InfluxDB stands', () => {
  test('in lines, when all is right', () => {
    assert.deepEqual(bucketsLines(right).slice(0, -1), [
      'InfluxDB 2.9.1 at http://127.0.0.1:8086',
      'TEST: organization homeiq-test',
      '  home_assistant_events_test      kept for 7 days',
      '  weather_data_test               kept for 7 days',
      '  pattern_aggregates_daily_test   kept for 7 days',
      '  pattern_aggregates_weekly_test  kept for 7 days',
      '  Token: reads and writes these buckets and nothing else (20 probes)',
      'All is as it must be.',
    ]);
    assert.match(
      bucketsLines(right).at(-1) ?? '',
      /^Limit: .*any valid token read a bucket whose id it knows/,
    );
  });

  test('in lines, with every fault and what to do, and nothing that a terminal would obey', () => {
    const lines = bucketsLines(broken);
    assert.ok(lines.includes('TEST: organization homeiq-test DOES NOT EXIST'));
    assert.ok(lines.includes('  weather_data_test               DOES NOT EXIST'));
    assert.ok(lines.includes('  Token: NOT RIGHT'));
    assert.ok(lines.some(line => line.startsWith('Fault org-missing: It is')));
    assert.ok(lines.includes('  To do 1: homeiq buckets'));
    assert.ok(lines.includes('2 faults.'));
    assert.ok(!lines.join('\n').includes('\u001b'));
    const away = bucketsLines({ ...right, version: undefined, modes: [] });
    assert.equal(away[0], 'InfluxDB at http://127.0.0.1:8086');
  });

  test('as a document, with both rights of every probe', () => {
    const document = bucketsDocument(right);
    assert.deepEqual([document.version, document.ok, document.faults], [1, true, []]);
    assert.equal(document.modes[0]?.probes.length, 20);
    assert.deepEqual(document.modes[0]?.probes[0], {
      org: 'homeiq-test',
      bucket: 'home_assistant_events_test',
      right: 'read',
      expected: 'allowed',
      seen: 'allowed',
    });
    assert.equal(document.limits.length, 1);
    const wrong = bucketsDocument(broken);
    assert.equal(wrong.ok, false);
    assert.deepEqual(
      wrong.faults.map(({ code }) => code),
      ['org-missing', 'token-unknown'],
    );
    assert.equal(wrong.modes[0]?.buckets[0]?.retentionSeconds, null);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { queryDataFlow } from '../../../src/app/buckets/data-flow.ts';
import { verifyData } from '../../../src/app/buckets/verify-data.ts';
import { ExternalError } from '../../../src/core/error.ts';
import type { Influx } from '../../../src/ports/influxdb.ts';
import { createJumpingClock } from '../../helpers/clock.ts';
import { silentInflux } from '../../helpers/silent-influx.ts';

type Row = Readonly<Record<string, string>>;

function answering(rows: readonly Row[]) {
  const written: string[] = [];
  const asked: string[] = [];
  const influx: Influx = {
    ...silentInflux,
    writeLine: async (_token, _org, _bucket, line) => void written.push(line),
    query: async (_token, _org, flux) => {
      asked.push(flux);
      return rows;
    },
  };
  return { influx, written, asked };
}

describe('A point there and back', () => {
  const clock = createJumpingClock();
  const value = String(clock.now().getTime());
  const verify = (influx: Influx) =>
    verifyData({ influx, token: 't', org: 'homeiq-test', bucket: 'b', clock });

  test('is one of a measurement of our own', async () => {
    const { influx, written } = answering([{ _value: value }]);
    await verify(influx);
    assert.deepEqual(written, [`homeiq_setup_check written_ms=${value}i`]);
  });

  test('fails when nothing comes back, or something older', async () => {
    for (const [rows, said] of [
      [[], /could not be read back/],
      [[{ _value: '1' }], /came back as an older one/],
    ] as const) {
      await assert.rejects(
        verify(answering(rows).influx),
        (error: unknown) => error instanceof ExternalError && said.test(error.message),
      );
    }
  });
});

describe('How much arrives', () => {
  const ask = async (rows: readonly Row[], windowSeconds = 60) => {
    const { influx, asked } = answering(rows);
    const flow = await queryDataFlow(influx, 't', 'homeiq-test', 'b"x', windowSeconds);
    assert.equal(asked.length, 1);
    assert.match(asked[0] ?? '', /from\(bucket: "b\\"x"\)/);
    return flow;
  };

  test('is told per minute, with the age of the last point', async () => {
    const rows = [
      { result: 'points', _value: '42' },
      { result: 'age', _value: '3' },
    ];
    assert.deepEqual(await ask(rows), { pointsPerMinute: 42, lastPointAgeSeconds: 3 });
    assert.deepEqual(await ask(rows, 30), { pointsPerMinute: 84, lastPointAgeSeconds: 3 });
  });

  test('is nothing when there are no rows, or none that are numbers', async () => {
    const nothing = { pointsPerMinute: 0, lastPointAgeSeconds: undefined };
    assert.deepEqual(await ask([]), nothing);
    assert.deepEqual(
      await ask([
        { result: 'age', _value: '' },
        { result: 'points', _value: 'x' },
      ]),
      nothing,
    );
  });
});

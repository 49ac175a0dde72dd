/** What stands in the buckets of a mode, to be compared with what stands there later. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import { type Mode, modeFacts } from '../../src/core/mode/mode.ts';
import type { TestDeployment } from './deployment.ts';

export type Contents = {
  readonly points: number;
  /** SHA-256 over all values with their times and tags, in hex. */
  readonly checksum: string;
};

/** With the operator token, from this machine. */
export async function openBuckets(deployment: TestDeployment) {
  const influx = createInflux({ url: `http://127.0.0.1:${deployment.portOf('influxdb')}` });
  const secret = join(deployment.folder, '.homeiq', 'secrets', 'influxdb-operator-token');
  const token = (await readFile(secret, 'utf8')).trim();
  return {
    /** Of all buckets of the mode together. */
    read: async (mode: Mode): Promise<Contents> => {
      const { org, buckets } = modeFacts[mode];
      const rows: string[] = [];
      for (const { name } of buckets) {
        const found = await influx.query(
          token,
          org,
          `from(bucket: "${name}")
            |> range(start: 0, stop: 2100-01-01T00:00:00Z)
            |> drop(columns: ["_start", "_stop"])`,
        );
        // The number of a table says only in which order they were read.
        rows.push(
          ...found.map(({ table: _, ...row }) => JSON.stringify([name, Object.entries(row).toSorted()])),
        );
      }
      const checksum = createHash('sha256').update(rows.toSorted().join('\n')).digest('hex');
      return { points: rows.length, checksum };
    },
    count: async (mode: Mode): Promise<number> => {
      const { org, mainBucket } = modeFacts[mode];
      const flux = `from(bucket: "${mainBucket}") |> range(start: 0) |> count() |> group() |> sum()`;
      const [row] = await influx.query(token, org, flux);
      return Number(row?._value ?? 0);
    },
    write: (mode: Mode, line: string): Promise<void> =>
      influx.writeLine(token, modeFacts[mode].org, modeFacts[mode].mainBucket, line),
  };
}

/** `npm run soak -- [MINUTES]`: the status screen open over 40 containers, for an hour unless said otherwise; its memory must stay flat. */

import { describeSoak, soakStatus } from '../test/helpers/soak-status.ts';
import { createWatchedStack } from '../test/helpers/watched-stack.ts';
import { mostResidentMiB } from './bench/process-cost.ts';
import { findFacilities } from './lib/test-facilities.ts';

const limits = { slopeMiBPerHour: 3, growthMiB: 3, medianMiB: mostResidentMiB } as const;

const minutes = Number(process.argv[2] ?? 60);
const variable = (name: string): string | undefined =>
  findFacilities(process.env).find(({ title }) => title === name)?.variable?.[1];
const [composeFolder, influxdbImage] = [variable('Compose, new'), variable('InfluxDB image')];
if (!(minutes > 0) || composeFolder === undefined || influxdbImage === undefined) {
  console.error('Usage: npm run soak -- [MINUTES]; needs a Docker Engine, Compose and an InfluxDB image.');
  process.exitCode = 2;
} else {
  const stack = await createWatchedStack({ count: 40, composeFolder, influxdbImage });
  try {
    const report = await soakStatus(stack, minutes, console.log);
    console.log(describeSoak(report));
    const isFlat =
      report.slopeMiBPerHour <= limits.slopeMiBPerHour &&
      report.growthMiB <= limits.growthMiB &&
      report.medianMiB <= limits.medianMiB;
    console.log(
      `${isFlat ? 'flat' : 'NOT FLAT'}: at most ${limits.slopeMiBPerHour} MiB/h, +${limits.growthMiB} MiB, a median of ${limits.medianMiB.toFixed(1)} MiB`,
    );
    process.exitCode = isFlat ? 0 : 1;
  } finally {
    await stack.remove();
  }
}

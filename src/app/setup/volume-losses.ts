/** What the deletion of a volume would take away, told before it is asked for. Only looks. */

import { parseEnv } from '../../core/env/parse.ts';
import { documentValues } from '../../core/env/values.ts';
import { exitCodes, UserError } from '../../core/error.ts';
import { modeFacts, modes } from '../../core/mode/mode.ts';
import { serviceAddress } from '../../core/stack/service-address.ts';
import type { VolumeLoss } from '../../core/stack/volume-loss.ts';
import { nearestWord } from '../../core/text/nearest-word.ts';
import type { Ports } from '../../ports/ports.ts';
import { queryDataFlow } from '../buckets/data-flow.ts';
import { readStack } from '../monitor/describe-deployment.ts';

/** A count may not make anybody wait: what has not answered by then is not told. */
const countLimitMs = 5000;
const allTimeSeconds = 50 * 365 * 86_400;

/** The full names of `named`, which may be given without the project's prefix. Throws a UserError with exit code 2. */
export async function findVolumes(
  { engine, files }: Ports,
  named: readonly string[],
): Promise<readonly string[]> {
  const record = await files.readRecord();
  if (record === undefined) return [];
  const there = await engine.volumes(record.project);
  return named.map(name => {
    const found = there.find(volume => volume === name || volume === `${record.project}_${name}`);
    if (found !== undefined) return found;
    const nearest = nearestWord(name, there);
    throw new UserError(`This deployment has no volume ${name}.`, {
      hint: nearest === undefined ? 'Nothing was stopped or deleted.' : `Did you mean ${nearest}?`,
      nextSteps: [there.length === 0 ? 'It has no volumes.' : `Its volumes: ${there.join(', ')}`],
      exitCode: exitCodes.usage,
    });
  });
}

async function countPoints(ports: Ports, signal: AbortSignal): Promise<Readonly<Record<string, number>>> {
  const record = await ports.files.readRecord();
  const url = record === undefined ? undefined : serviceAddress(await readStack(ports, record), 'influxdb');
  if (url === undefined) return {};
  const counts = await Promise.all(
    modes.map(async mode => {
      const text = await ports.files.readModeEnv(mode);
      const { INFLUXDB_TOKEN: token } = text === undefined ? {} : documentValues(parseEnv(text));
      if (token === undefined || token === '') return [];
      const { org, mainBucket } = modeFacts[mode];
      const flow = await queryDataFlow(ports.influx(url), token, org, mainBucket, allTimeSeconds, signal);
      return [[mode, Math.round((flow.pointsPerMinute * allTimeSeconds) / 60)] as const];
    }),
  );
  return Object.fromEntries(counts.flat());
}

/** `names` as `findVolumes` gives them. */
export async function describeLosses(ports: Ports, names: readonly string[]): Promise<readonly VolumeLoss[]> {
  const record = await ports.files.readRecord();
  const [containers, sizes] = await Promise.all([
    ports.engine.containers(record?.project),
    ports.engine.volumeSizes(AbortSignal.timeout(countLimitMs)).catch(() => new Map<string, number>()),
  ]);
  return Promise.all(
    names.map(async name => {
      const usedBy = containers.flatMap(({ volumes, service }) =>
        service !== undefined && volumes?.includes(name) === true ? [service] : [],
      );
      const points = usedBy.includes('influxdb')
        ? await countPoints(ports, AbortSignal.timeout(countLimitMs)).catch(() => ({}))
        : {};
      return { name, sizeMiB: sizes.get(name), usedBy, points };
    }),
  );
}

/** Each wanted mode's org, its buckets with their retention, and one token that is limited to them. */

import type { BucketsTask } from '../../core/buckets/buckets-task.ts';
import { formatRetentionDays } from '../../core/buckets/retention.ts';
import type { Mode } from '../../core/mode/mode.ts';
import { readBucketsWork } from '../buckets/buckets-work.ts';
import { type BucketsWork, checkBuckets, ensureBuckets } from '../buckets/ensure-buckets.ts';
import {
  type ModeDocument,
  readModeDocument,
  storedToken,
  storeModeValues,
} from '../buckets/mode-documents.ts';
import { influxOf, operatorToken } from './influxdb-access.ts';
import type { Step, StepContext } from './step.ts';

/** A set-up makes what its mode needs; `homeiq buckets` says which. */
const taskOf = ({ plan, request }: StepContext): BucketsTask => plan.buckets ?? { modes: [request.mode] };

const plannedOf = ({ request }: StepContext) => ({ mode: request.mode, text: request.envText });

const bucketsWork = async (context: StepContext): Promise<BucketsWork> =>
  readBucketsWork({
    influx: await influxOf(context),
    operatorToken: await operatorToken(context),
    files: context.ports.files,
    task: taskOf(context),
    planned: plannedOf(context),
    signal: context.signal,
  });

const readDocument = (context: StepContext, mode: Mode): Promise<ModeDocument> =>
  readModeDocument(context.ports.files, mode, plannedOf(context));

const storeValues = async (
  context: StepContext,
  mode: Mode,
  values: Readonly<Record<string, string>>,
): Promise<void> => {
  const { ports, plan } = context;
  await storeModeValues(ports, plan.level, await readDocument(context, mode), values);
};

/** What the documents of a mode do not say yet although it holds. */
async function missingValues(context: StepContext, mode: Mode): Promise<Readonly<Record<string, string>>> {
  const document = await readDocument(context, mode);
  const token = storedToken(document);
  const days = context.plan.buckets?.retentionDays;
  const retention = days === undefined ? undefined : formatRetentionDays(days);
  return {
    ...(token !== undefined && document.keptToken !== token ? { INFLUXDB_TOKEN: token } : {}),
    ...(retention !== undefined && document.values.INFLUXDB_RETENTION !== retention
      ? { INFLUXDB_RETENTION: retention }
      : {}),
  };
}

export const bucketsStep: Step = {
  id: 'buckets',
  title: () => 'Buckets',
  check: async context => {
    const { isDone, summary, notes } = await checkBuckets(await bucketsWork(context));
    const told = [summary, ...notes].join('. ');
    if (!isDone) return { isDone, summary: told };
    for (const mode of taskOf(context).modes) {
      const keys = Object.keys(await missingValues(context, mode));
      if (keys.length > 0)
        return { isDone: false, summary: `${keys.join(', ')} of ${mode} mode to be stored` };
    }
    return { isDone, summary: told };
  },
  act: async context => {
    const { summary, notes } = await ensureBuckets({
      ...(await bucketsWork(context)),
      deleteData: context.plan.deleteData ?? [],
      onDetail: context.detail,
      storeToken: (mode, token) => storeValues(context, mode, { INFLUXDB_TOKEN: token }),
    });
    for (const mode of taskOf(context).modes) {
      const values = await missingValues(context, mode);
      if (Object.keys(values).length > 0) await storeValues(context, mode, values);
    }
    return [summary, ...notes].join('. ');
  },
  // ensureBuckets closes with the probe matrix, on the stored tokens: there is nothing left to look at.
  verify: async () => {},
};

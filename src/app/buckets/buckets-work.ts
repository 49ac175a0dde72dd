/** What the documents of both modes and a task come to, as the bucket step takes it. */

import type { BucketsTask } from '../../core/buckets/buckets-task.ts';
import { retentionSecondsOfDays } from '../../core/buckets/retention.ts';
import { type Mode, modeFacts } from '../../core/mode/mode.ts';
import type { DeploymentFiles } from '../../ports/deployment-files.ts';
import type { Influx } from '../../ports/influxdb.ts';
import type { BucketsWork } from './ensure-buckets.ts';
import { readModeDocument, settingsOf, storedToken } from './mode-documents.ts';
import type { ModeSettings } from './observe-buckets.ts';

/** Throws a UserError when the settings of a wanted mode say what InfluxDB would refuse. */
export async function readBucketsWork(request: {
  readonly influx: Influx;
  readonly operatorToken: string;
  readonly files: DeploymentFiles;
  readonly task: BucketsTask;
  /** Stands for the document of its mode that is not written yet. */
  readonly planned?: { readonly mode: Mode; readonly text: string };
  readonly signal?: AbortSignal;
}): Promise<BucketsWork> {
  const { influx, operatorToken, files, task, planned, signal } = request;
  const { modes, retentionDays } = task;
  const settings = async (mode: Mode): Promise<ModeSettings> => {
    const document = await readModeDocument(files, mode, planned);
    if (modes.includes(mode) && retentionDays === undefined) return settingsOf(document);
    // Nothing is made for another mode: what its settings say does not matter.
    const retentionSeconds = modes.includes(mode)
      ? retentionSecondsOfDays(retentionDays ?? 0)
      : (modeFacts[mode].buckets[0]?.retentionSeconds ?? 0);
    return { storedToken: storedToken(document), retentionSeconds };
  };
  return {
    influx,
    operatorToken,
    modes,
    settings: { test: await settings('test'), production: await settings('production') },
    wishes: { changeRetention: retentionDays !== undefined },
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Carries out what was decided about a mode's org and buckets. Every creation that meets an existing name reads it again. */

import type { BucketAction } from '../../core/buckets/bucket-action.ts';
import { describeAction } from '../../core/buckets/bucket-action.ts';
import type { ObservedBucket } from '../../core/buckets/bucket-observation.ts';
import { BugError, ExternalError } from '../../core/error.ts';
import { type Mode, modeFacts } from '../../core/mode/mode.ts';
import type { Influx, InfluxBucket } from '../../ports/influxdb.ts';
import { isConflict } from './operator-call.ts';

export type MakeRequest = {
  readonly influx: Influx;
  readonly operatorToken: string;
  /** One line for each thing done; without secrets and ids. */
  readonly onDetail: (text: string) => void;
  readonly signal?: AbortSignal;
};

/** What the mode has once its actions are done; buckets in the order of the mode's facts. */
export type MadeBuckets = { readonly orgId: string; readonly buckets: readonly ObservedBucket[] };

/** The same thing made by somebody else in the meantime is as good. */
async function orFind<Thing>(
  create: () => Promise<Thing>,
  find: () => Promise<Thing | undefined>,
  what: string,
): Promise<Thing> {
  try {
    return await create();
  } catch (thrown) {
    if (!isConflict(thrown)) throw thrown;
    const found = await find();
    if (found !== undefined) return found;
    throw new ExternalError(`${what} exists in InfluxDB, but the stored operator token cannot see it.`, {
      hint: 'An operator token sees everything: this one is limited.',
    });
  }
}

/** The decision orders its actions so that what one needs is there. */
export function known<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new BugError('An action came before the one it needs.');
  return thing;
}

const asObserved = ({ id, name, retentionSeconds }: InfluxBucket): ObservedBucket => ({
  id,
  name,
  wantedName: name,
  retentionSeconds,
});

export async function makeBuckets(
  request: MakeRequest,
  mode: Mode,
  actions: readonly BucketAction[],
  held: { readonly orgId: string | undefined; readonly buckets: readonly ObservedBucket[] },
): Promise<MadeBuckets> {
  const { influx, operatorToken, onDetail, signal } = request;
  let { orgId } = held;
  const buckets = [...held.buckets];
  const change = (id: string, next: Partial<ObservedBucket>): void => {
    const at = buckets.findIndex(bucket => bucket.id === id);
    buckets[at] = { ...known(buckets[at]), ...next };
  };
  for (const action of actions) {
    switch (action.kind) {
      case 'create-org':
        orgId = await orFind(
          async () => (await influx.createOrg(operatorToken, action.name, signal)).id,
          async () => (await influx.findOrg(operatorToken, action.name, signal))?.id,
          `The organization ${action.name}`,
        );
        break;
      case 'rename-org':
        await influx.renameOrg(operatorToken, action.id, action.name, signal);
        break;
      case 'create-bucket': {
        const inOrg = known(orgId);
        const { name, retentionSeconds, shardGroupSeconds } = action;
        const description = `HomeIQ, ${mode} mode`;
        const wanted = { orgId: inOrg, name, retentionSeconds, shardGroupSeconds, description };
        const made = await orFind(
          () => influx.createBucket(operatorToken, wanted, signal),
          () => influx.findBucket(operatorToken, inOrg, name, signal),
          `The bucket ${name}`,
        );
        buckets.push(asObserved(made));
        break;
      }
      case 'rename-bucket':
        await influx.renameBucket(operatorToken, action.id, action.name, signal);
        change(action.id, { name: action.name });
        break;
      case 'change-retention':
        await influx.changeRetention(operatorToken, action.id, action, signal);
        change(action.id, { retentionSeconds: action.retentionSeconds });
        break;
      case 'create-authorization':
      case 'activate-authorization':
      case 'delete-authorization':
        continue;
    }
    onDetail(describeAction(action));
  }
  const order = modeFacts[mode].buckets.map(({ name }) => name);
  return {
    orgId: known(orgId),
    buckets: buckets.toSorted((a, b) => order.indexOf(a.wantedName) - order.indexOf(b.wantedName)),
  };
}

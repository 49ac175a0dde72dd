/** What a deployment's InfluxDB holds, asked of the server itself with the operator token and nothing of the program. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

type Listing = {
  readonly orgs?: readonly { readonly id: string; readonly name: string }[];
  readonly buckets?: readonly {
    readonly id: string;
    readonly name: string;
    readonly retentionRules: readonly {
      readonly everySeconds: number;
      readonly shardGroupDurationSeconds: number;
    }[];
  }[];
  readonly authorizations?: readonly {
    readonly description: string;
    readonly permissions: readonly {
      readonly action: string;
      readonly resource: { readonly type: string; readonly id?: string };
    }[];
  }[];
};

export async function readInfluxFacts(folder: string, port: number, org: string) {
  const token = (await readFile(join(folder, '.homeiq/secrets/influxdb-operator-token'), 'utf8')).trim();
  const ask = async (path: string): Promise<Listing> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v2/${path}`, {
      headers: { authorization: `Token ${token}` },
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Listing;
  };
  const { orgs = [] } = await ask('orgs');
  const { buckets = [] } = await ask(`buckets?org=${org}&limit=100`);
  const { authorizations = [] } = await ask(`authorizations?org=${org}`);
  return {
    orgs: orgs.map(({ name }) => name),
    buckets: buckets
      .filter(({ name }) => !name.startsWith('_'))
      .map(({ id, name, retentionRules: [rule] }) => ({
        id,
        name,
        days: (rule?.everySeconds ?? 0) / 86_400,
        shardDays: (rule?.shardGroupDurationSeconds ?? 0) / 86_400,
      })),
    /** Permissions as `read buckets ID`, by description. */
    tokens: Object.fromEntries(
      authorizations.map(({ description, permissions }) => [
        description,
        permissions.map(({ action, resource }) => `${action} ${resource.type} ${resource.id ?? '*'}`),
      ]),
    ),
  };
}

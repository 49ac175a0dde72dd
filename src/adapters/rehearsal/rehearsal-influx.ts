/** InfluxDB 2 in this process, for the rehearsal: it answers while the rehearsed container of its service runs. */

import { ExternalError } from '../../core/error.ts';
import type { Clock } from '../../ports/host.ts';
import type { Influx, InfluxAuthorization, InfluxBucket, InfluxOrg } from '../../ports/influxdb.ts';
import type { RehearsalEngine } from './rehearsal-engine.ts';
import { answerFlux, parseLine, type RehearsedPoint, rehearsePoints } from './rehearsal-points.ts';
import { digest } from './rehearsal-world.ts';

type StoredAuthorization = InfluxAuthorization & { readonly token: string; readonly isOperator: boolean };

const startupMs = 300;
const version = '2.9.1';

const refuse = (status: number, code: string, message: string): ExternalError =>
  new ExternalError(`InfluxDB answered ${status}: ${message}`, { status, code, tail: message });

/** One server, whatever the address it is asked at. */
export function createRehearsalInflux(options: {
  readonly rehearsal: RehearsalEngine;
  readonly clock: Clock;
  readonly service: string;
}): (url: string) => Influx {
  const { clock, rehearsal, service } = options;
  const orgs: InfluxOrg[] = [];
  const buckets: InfluxBucket[] = [];
  const authorizations: StoredAuthorization[] = [];
  const points: RehearsedPoint[] = [];
  let counter = 0;

  const nextId = (kind: string): string => {
    counter += 1;
    return digest(`${kind} ${counter}`).slice(0, 16);
  };

  const isRunning = async (): Promise<boolean> => {
    const containers = await rehearsal.engine.containers(undefined).catch(() => []);
    const container = containers.find(each => each.service === service && each.state === 'running');
    return (
      container?.startedAt !== undefined &&
      clock.now().getTime() - Date.parse(container.startedAt) >= startupMs
    );
  };

  const reach = async (url: string, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    if (await isRunning()) return;
    throw new ExternalError(`InfluxDB did not answer at ${url}: nothing listens there (ECONNREFUSED)`, {
      code: 'ECONNREFUSED',
    });
  };

  const authenticate = (token: string): StoredAuthorization => {
    const known = authorizations.find(each => each.token === token);
    if (known === undefined) throw refuse(401, 'unauthorized', 'unauthorized access');
    return known;
  };

  const requireOperator = (token: string, right: string): void => {
    if (!authenticate(token).isOperator) throw refuse(401, 'unauthorized', `${right} is unauthorized`);
  };

  const findOrg = (name: string): InfluxOrg | undefined =>
    orgs.find(org => org.name === name || org.id === name);
  const findBucket = (org: string, name: string): InfluxBucket | undefined => {
    const orgId = findOrg(org)?.id;
    return buckets.find(bucket => bucket.orgId === orgId && (bucket.name === name || bucket.id === name));
  };

  const may = (holder: StoredAuthorization, action: 'read' | 'write', bucket: InfluxBucket): boolean =>
    holder.isOperator || holder.permissions.some(each => each.action === action && each.id === bucket.id);

  const addOrg = (name: string): InfluxOrg => {
    const org = { id: nextId('org'), name };
    orgs.push(org);
    return org;
  };
  const addBucket = (bucket: Omit<InfluxBucket, 'id'>): InfluxBucket => {
    const added = { ...bucket, id: nextId('bucket') };
    buckets.push(added);
    return added;
  };

  const changeBucket = (id: string, change: Partial<InfluxBucket>): void => {
    const at = buckets.findIndex(bucket => bucket.id === id);
    const known = buckets[at];
    if (known === undefined) throw refuse(404, 'not found', 'bucket not found');
    buckets[at] = { ...known, ...change };
  };

  return url => ({
    url,
    identify: async () =>
      (await isRunning())
        ? { kind: 'influxdb2', version }
        : { kind: 'not-ready', seen: 'nothing listens there (ECONNREFUSED)' },
    isSetupAllowed: async signal => {
      await reach(url, signal);
      return authorizations.length === 0;
    },
    setup: async (request, signal) => {
      await reach(url, signal);
      if (authorizations.length > 0) {
        throw refuse(422, 'conflict', 'onboarding has already been completed');
      }
      const org = addOrg(request.org);
      addBucket({
        name: request.bucket,
        orgId: org.id,
        retentionSeconds: request.retentionSeconds,
        shardGroupSeconds: undefined,
      });
      authorizations.push({
        id: nextId('authorization'),
        orgId: org.id,
        description: `${request.username}'s Token`,
        isActive: true,
        isOperator: true,
        permissions: [],
        token: request.token,
      });
    },
    tokenStanding: async (token, signal) => {
      await reach(url, signal);
      const known = authorizations.find(each => each.token === token);
      if (known === undefined) return 'unknown';
      if (!known.isActive) return 'inactive';
      return known.isOperator ? 'operator' : 'limited';
    },
    signIn: async (_user, _password, signal) => {
      await reach(url, signal);
      throw refuse(401, 'unauthorized', 'unauthorized access');
    },
    signOut: (_session, signal) => reach(url, signal),
    listOrgs: async (_credential, signal) => {
      await reach(url, signal);
      return orgs;
    },
    findOrg: async (token, name, signal) => {
      await reach(url, signal);
      authenticate(token);
      return findOrg(name);
    },
    createOrg: async (token, name, signal) => {
      await reach(url, signal);
      requireOperator(token, 'write:orgs');
      if (findOrg(name) !== undefined) {
        throw refuse(422, 'conflict', `organization with name ${name} already exists`);
      }
      return addOrg(name);
    },
    renameOrg: async (token, id, name, signal) => {
      await reach(url, signal);
      requireOperator(token, `write:orgs/${id}`);
      const at = orgs.findIndex(org => org.id === id);
      if (at < 0) throw refuse(404, 'not found', 'organization not found');
      orgs[at] = { id, name };
    },
    findBucket: async (token, orgId, name, signal) => {
      await reach(url, signal);
      const holder = authenticate(token);
      const bucket = findBucket(orgId, name);
      return bucket !== undefined && may(holder, 'read', bucket) ? bucket : undefined;
    },
    createBucket: async (token, { orgId, name, retentionSeconds, shardGroupSeconds }, signal) => {
      await reach(url, signal);
      requireOperator(token, `write:orgs/${orgId}/buckets`);
      if (findBucket(orgId, name) !== undefined) {
        throw refuse(422, 'conflict', `bucket with name ${name} already exists`);
      }
      return addBucket({ name, orgId, retentionSeconds, shardGroupSeconds });
    },
    renameBucket: async (token, id, name, signal) => {
      await reach(url, signal);
      requireOperator(token, 'write:buckets');
      changeBucket(id, { name });
    },
    changeRetention: async (token, id, retention, signal) => {
      await reach(url, signal);
      requireOperator(token, 'write:buckets');
      changeBucket(id, retention);
    },
    listAuthorizations: async (token, orgId, signal) => {
      await reach(url, signal);
      requireOperator(token, `read:orgs/${orgId ?? '*'}/authorizations`);
      return authorizations
        .filter(each => orgId === undefined || each.orgId === orgId)
        .map(({ token: _token, isOperator: _isOperator, ...authorization }) => authorization);
    },
    createAuthorization: async (token, { orgId, description, bucketIds }, signal) => {
      await reach(url, signal);
      requireOperator(token, `write:orgs/${orgId}/authorizations`);
      const permissions = bucketIds.flatMap(id =>
        (['read', 'write'] as const).map(action => ({
          action,
          type: 'buckets',
          id,
          orgId,
          name: buckets.find(bucket => bucket.id === id)?.name,
          org: findOrg(orgId)?.name,
        })),
      );
      const authorization = { id: nextId('authorization'), orgId, description, isActive: true, permissions };
      const value = `rehearsed-${digest(authorization.id)}==`;
      authorizations.push({ ...authorization, isOperator: false, token: value });
      return { authorization, token: value };
    },
    createOperatorAuthorization: async (credential, { orgId, description }, signal) => {
      await reach(url, signal);
      if (typeof credential === 'string') requireOperator(credential, `write:orgs/${orgId}/authorizations`);
      const id = nextId('authorization');
      const token = `rehearsed-${digest(id)}==`;
      authorizations.push({
        id,
        orgId,
        description,
        isActive: true,
        permissions: [],
        isOperator: true,
        token,
      });
      return { id, token };
    },
    changeAuthorization: async (token, id, change, signal) => {
      await reach(url, signal);
      requireOperator(token, 'write:authorizations');
      const at = authorizations.findIndex(each => each.id === id);
      const known = authorizations[at];
      if (known === undefined) throw refuse(404, 'not found', 'authorization not found');
      authorizations[at] = { ...known, ...change };
    },
    deleteAuthorization: async (token, id, signal) => {
      await reach(url, signal);
      requireOperator(token, 'write:authorizations');
      const index = authorizations.findIndex(each => each.id === id);
      if (index < 0) throw refuse(404, 'not found', 'authorization not found');
      authorizations.splice(index, 1);
    },
    probeAccess: async (token, org, name, signal) => {
      await reach(url, signal);
      const holder = authorizations.find(each => each.token === token);
      const bucket = findBucket(org, name);
      const asks = (action: 'read' | 'write') =>
        holder !== undefined && bucket !== undefined && may(holder, action, bucket);
      return { read: asks('read'), write: asks('write'), isTokenKnown: holder !== undefined };
    },
    writeLine: async (token, org, name, line, signal) => {
      await reach(url, signal);
      const bucket = findBucket(org, name);
      if (bucket === undefined) throw refuse(404, 'not found', `bucket "${name}" not found`);
      if (!may(authenticate(token), 'write', bucket)) {
        throw refuse(403, 'forbidden', 'insufficient permissions for write');
      }
      points.push(parseLine(line, bucket.name, clock.now().getTime()));
    },
    listBuckets: async (token, org, signal) => {
      await reach(url, signal);
      const holder = authenticate(token);
      const orgId = findOrg(org)?.id;
      return buckets.filter(bucket => bucket.orgId === orgId && may(holder, 'read', bucket));
    },
    // As a server that does not publish its metrics.
    shardCounters: async signal => {
      await reach(url, signal);
      return undefined;
    },
    query: async (token, org, flux, signal) => {
      await reach(url, signal);
      const holder = authenticate(token);
      return answerFlux(flux, clock.now().getTime(), async (name, startMs, stopMs) => {
        const bucket = findBucket(org, name);
        if (bucket === undefined || !may(holder, 'read', bucket)) {
          throw refuse(
            404,
            'not found',
            `failed to initialize execute state: could not find bucket "${name}"`,
          );
        }
        const containers = await rehearsal.engine.containers(undefined).catch(() => []);
        return [
          ...points.filter(each => each.bucket === name && each.atMs >= startMs && each.atMs < stopMs),
          ...rehearsePoints(containers, name, startMs, stopMs),
        ];
      });
    },
  });
}

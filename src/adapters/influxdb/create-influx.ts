/** InfluxDB 2 by its own packages, which load at the first call. */

import { ExternalError, UserError } from '../../core/error.ts';
import type { Influx } from '../../ports/influxdb.ts';
import { oneLine } from '../http/describe-unreachable.ts';
import { createAdminCalls } from './admin-calls.ts';
import { ShapeError } from './answer-errors.ts';
import { createCall } from './call.ts';
import { createCallKinds } from './call-kinds.ts';
import { toExternalError } from './failure.ts';
import { readFluxRows } from './flux-rows.ts';
import { createIdentify } from './identify-call.ts';
import { accessOf, type ProbeAnswer, readRefusal } from './probe-access.ts';
import { listOf, readAllowed, readAuthorization, readBucket, readOrg, readTokenValue } from './shapes.ts';
import { readShardCounters } from './shard-counters.ts';

export type InfluxOptions = {
  /** Scheme, host and port, and a path when a proxy adds one: `http://127.0.0.1:8086`. */
  readonly url: string;
  /** For each call but the set-up, which may take four times as long. */
  readonly requestTimeoutMs?: number;
};

/** Throws a UserError for an address that cannot be one. A password in the address would end in messages. */
function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new UserError(`"${oneLine(text)}" is not an address of InfluxDB.`, {
      hint: 'It begins with http:// or https://, for example http://127.0.0.1:8086.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new UserError('The address of InfluxDB must not carry a user name or password.');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Every call throws an ExternalError with the HTTP status and InfluxDB's own `code`, or the signal's reason. */
export function createInflux(options: InfluxOptions): Influx {
  const url = checkUrl(options.url);
  const timeoutMs = options.requestTimeoutMs ?? 15_000;
  const call = createCall({
    url,
    timeoutMs,
    tellFailure: (thrown, requestName) => toExternalError(thrown, url, requestName),
  });
  const rawCall = createCall({ url, timeoutMs, tellFailure: thrown => thrown });

  const { ask, find, tell } = createCallKinds(call);
  const probe = async (asked: Promise<boolean>): Promise<ProbeAnswer> => {
    try {
      return (await asked) ? 'allowed' : 'denied';
    } catch (thrown) {
      if (thrown instanceof ExternalError) return readRefusal(thrown);
      throw thrown;
    }
  };
  /** Without a line it only asks whether it might write. */
  const writeLine: Influx['writeLine'] = (token, org, bucket, line, signal) =>
    tell({ name: 'POST /api/v2/write', token, signal }, ({ client, apis, options }) =>
      new apis.WriteAPI(client).postWrite({ org, bucket, body: line, precision: 'ns' }, options),
    );

  return {
    ...createAdminCalls(call),
    url,
    identify: createIdentify(rawCall, Math.min(timeoutMs, 5000)),
    isSetupAllowed: signal =>
      ask(
        { name: 'GET /api/v2/setup', signal },
        ({ client, apis, options }) => new apis.SetupAPI(client).getSetup({}, options),
        readAllowed,
      ),
    setup: ({ retentionSeconds, ...body }, signal) =>
      ask(
        { name: 'POST /api/v2/setup', timeoutMs: timeoutMs * 4, signal },
        ({ client, apis, options }) =>
          new apis.SetupAPI(client).postSetup(
            { body: { ...body, retentionPeriodSeconds: retentionSeconds } },
            options,
          ),
        answer => void readOrg(answer.org),
      ),
    findOrg: (token, name, signal) =>
      find(
        { name: 'GET /api/v2/orgs', token, signal },
        ({ client, apis, options }) => new apis.OrgsAPI(client).getOrgs({ org: name }, options),
        answer => listOf(answer, 'orgs', readOrg).filter(org => org.name === name),
      ),
    createOrg: (token, name, signal) =>
      ask(
        { name: 'POST /api/v2/orgs', token, signal },
        ({ client, apis, options }) => new apis.OrgsAPI(client).postOrgs({ body: { name } }, options),
        readOrg,
      ),
    findBucket: (token, orgId, name, signal) =>
      find(
        { name: 'GET /api/v2/buckets', token, signal },
        ({ client, apis, options }) =>
          new apis.BucketsAPI(client).getBuckets({ orgID: orgId, name }, options),
        answer =>
          listOf(answer, 'buckets', readBucket).filter(
            bucket => bucket.name === name && bucket.orgId === orgId,
          ),
      ),
    listBuckets: (token, org, signal) =>
      ask(
        { name: 'GET /api/v2/buckets', token, signal },
        ({ client, apis, options }) => new apis.BucketsAPI(client).getBuckets({ org, limit: 100 }, options),
        answer => listOf(answer, 'buckets', readBucket),
      ),
    createBucket: (token, { orgId, name, description, retentionSeconds, shardGroupSeconds }, signal) =>
      ask(
        { name: 'POST /api/v2/buckets', token, signal },
        ({ client, apis, options }) =>
          new apis.BucketsAPI(client).postBuckets(
            {
              body: {
                orgID: orgId,
                name,
                description,
                retentionRules: [
                  {
                    type: 'expire',
                    everySeconds: retentionSeconds,
                    shardGroupDurationSeconds: shardGroupSeconds,
                  },
                ],
              },
            },
            options,
          ),
        readBucket,
      ),
    listAuthorizations: (token, orgId, signal) =>
      ask(
        { name: 'GET /api/v2/authorizations', token, signal },
        ({ client, apis, options }) =>
          new apis.AuthorizationsAPI(client).getAuthorizations(
            orgId === undefined ? {} : { orgID: orgId },
            options,
          ),
        answer => listOf(answer, 'authorizations', readAuthorization),
      ),
    createAuthorization: (token, { orgId, description, bucketIds }, signal) =>
      ask(
        { name: 'POST /api/v2/authorizations', token, signal },
        ({ client, apis, options }) =>
          new apis.AuthorizationsAPI(client).postAuthorizations(
            {
              body: {
                orgID: orgId,
                description,
                // Always with an id: without one the permission is for every bucket of the organization.
                permissions: bucketIds.flatMap(id =>
                  (['read', 'write'] as const).map(action => ({
                    action,
                    resource: { type: 'buckets' as const, id, orgID: orgId },
                  })),
                ),
              },
            },
            options,
          ),
        answer => ({ authorization: readAuthorization(answer), token: readTokenValue(answer) }),
      ),
    deleteAuthorization: (token, id, signal) =>
      tell({ name: 'DELETE /api/v2/authorizations', token, signal }, ({ client, apis, options }) =>
        new apis.AuthorizationsAPI(client).deleteAuthorizationsID({ authID: id }, options),
      ),
    probeAccess: async (token, org, bucket, signal) => {
      const read = await probe(
        ask(
          { name: 'GET /api/v2/buckets', token, signal },
          ({ client, apis, options }) =>
            new apis.BucketsAPI(client).getBuckets({ org, name: bucket }, options),
          answer => listOf(answer, 'buckets', readBucket).some(({ name }) => name === bucket),
        ),
      );
      if (read === 'unknown-token') return accessOf(read, read);
      const write = await probe(writeLine(token, org, bucket, '', signal).then(() => true));
      return accessOf(read, write);
    },
    writeLine,
    shardCounters: signal =>
      // Not by the package's MetricsAPI: it asks /api/v2/metrics, where nothing is.
      call({ name: 'GET /metrics', signal }, async ({ client, options }) => {
        const answer: unknown = await client.transport.request('/metrics', '', {
          ...options,
          method: 'GET',
          headers: { accept: 'text/plain' },
        });
        const counters = typeof answer === 'string' ? readShardCounters(answer) : undefined;
        return counters === undefined ? undefined : { counters, answerBytes: String(answer).length };
      }).catch(thrown => {
        // They can be switched off; nothing else is an answer.
        if (thrown instanceof ExternalError && thrown.status !== undefined) return undefined;
        throw thrown;
      }),
    query: (token, org, flux, signal) =>
      call({ name: 'POST /api/v2/query', token, signal }, async ({ library, client, options }) => {
        let contentType = '';
        const answer: unknown = await new library.apis.QueryAPI(client).postQuery(
          { org, body: { query: flux, type: 'flux', dialect: { header: true, annotations: [] } } },
          {
            ...options,
            // The package decides by this header how to read the answer.
            headers: { accept: 'text/csv' },
            responseStarted: headers => {
              contentType = String(headers['content-type']);
            },
          },
        );
        // No rows are an empty text: only its type tells that it is an answer to a query.
        if (!contentType.startsWith('text/csv')) throw new ShapeError('it is not a table');
        return readFluxRows(library.client, answer);
      }),
  };
}

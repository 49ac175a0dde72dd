/** Calls that manage the server: who a token is, sign-ins, names, retention, operator tokens. */

import { classifyRefusal } from '../../core/buckets/refusal.ts';
import { ExternalError } from '../../core/error.ts';
import type { Influx } from '../../ports/influxdb.ts';
import { ShapeError } from './answer-errors.ts';
import type { Call } from './call.ts';
import { createCallKinds } from './call-kinds.ts';
import { listOf, readAuthorization, readBucket, readOrg, readTokenValue } from './shapes.ts';

/** What the operator token of a set-up may do; `instance` is left out, which InfluxDB gives at a set-up alone. */
const operatorResources = [
  'authorizations',
  'buckets',
  'dashboards',
  'orgs',
  'sources',
  'tasks',
  'telegrafs',
  'users',
  'variables',
  'scrapers',
  'secrets',
  'labels',
  'views',
  'documents',
  'notificationRules',
  'notificationEndpoints',
  'checks',
  'dbrp',
  'notebooks',
  'annotations',
  'remotes',
  'replications',
] as const;

const longestList = 100;

/** The cookie of a sign-in, without its attributes. */
function readCookie(headers: Readonly<Record<string, unknown>>): string {
  const given = headers['set-cookie'];
  const [first]: unknown[] = Array.isArray(given) ? given : [given];
  if (typeof first === 'string' && first.includes('=')) return first.split(';')[0] ?? '';
  throw new ShapeError('the sign-in gave no session');
}

type AdminCalls = Pick<
  Influx,
  | 'tokenStanding'
  | 'signIn'
  | 'signOut'
  | 'listOrgs'
  | 'renameOrg'
  | 'renameBucket'
  | 'changeRetention'
  | 'createOperatorAuthorization'
  | 'changeAuthorization'
>;

export function createAdminCalls(call: Call): AdminCalls {
  const { ask, tell, askForHeaders } = createCallKinds(call);
  return {
    // An organization without a name is never made. The right to make one is asked for before the name is looked at.
    tokenStanding: async (token, signal) => {
      try {
        await ask(
          { name: 'POST /api/v2/orgs', token, signal },
          ({ client, apis, options }) => new apis.OrgsAPI(client).postOrgs({ body: { name: '' } }, options),
          readOrg,
        );
      } catch (thrown) {
        if (!(thrown instanceof ExternalError)) throw thrown;
        if (thrown.status === 400 && thrown.code === 'invalid') return 'operator';
        switch (thrown.code === undefined ? undefined : classifyRefusal(thrown.status, thrown.tail)) {
          case 'unknown-token':
            return 'unknown';
          case 'inactive-token':
            return 'inactive';
          case 'no-right':
            return 'limited';
          case undefined:
            throw thrown;
        }
      }
      throw new ExternalError('What answers like InfluxDB made an organization without a name.', {
        code: 'unexpected answer',
      });
    },
    signIn: (user, password, signal) =>
      askForHeaders(
        { name: 'POST /api/v2/signin', signal },
        ({ client, apis, options }) =>
          new apis.SigninAPI(client).postSignin({ auth: { user, password } }, options),
        headers => ({ cookie: readCookie(headers) }),
      ),
    signOut: (session, signal) =>
      tell({ name: 'POST /api/v2/signout', token: session, signal }, ({ client, apis, options }) =>
        new apis.SignoutAPI(client).postSignout({}, options),
      ),
    listOrgs: (credential, signal) =>
      ask(
        { name: 'GET /api/v2/orgs', token: credential, signal },
        ({ client, apis, options }) => new apis.OrgsAPI(client).getOrgs({ limit: longestList }, options),
        answer => listOf(answer, 'orgs', readOrg),
      ),
    renameOrg: (token, id, name, signal) =>
      ask(
        { name: 'PATCH /api/v2/orgs', token, signal },
        ({ client, apis, options }) =>
          new apis.OrgsAPI(client).patchOrgsID({ orgID: id, body: { name } }, options),
        answer => void readOrg(answer),
      ),
    renameBucket: (token, id, name, signal) =>
      ask(
        { name: 'PATCH /api/v2/buckets', token, signal },
        ({ client, apis, options }) =>
          new apis.BucketsAPI(client).patchBucketsID({ bucketID: id, body: { name } }, options),
        answer => void readBucket(answer),
      ),
    changeRetention: (token, id, { retentionSeconds, shardGroupSeconds }, signal) =>
      ask(
        { name: 'PATCH /api/v2/buckets', token, signal },
        ({ client, apis, options }) =>
          new apis.BucketsAPI(client).patchBucketsID(
            {
              bucketID: id,
              body: {
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
        answer => void readBucket(answer),
      ),
    createOperatorAuthorization: (credential, { orgId, description }, signal) =>
      ask(
        { name: 'POST /api/v2/authorizations', token: credential, signal },
        ({ client, apis, options }) =>
          new apis.AuthorizationsAPI(client).postAuthorizations(
            {
              body: {
                orgID: orgId,
                description,
                permissions: operatorResources.flatMap(type =>
                  (['read', 'write'] as const).map(action => ({ action, resource: { type } })),
                ),
              },
            },
            options,
          ),
        answer => ({ id: readAuthorization(answer).id, token: readTokenValue(answer) }),
      ),
    changeAuthorization: (token, id, { isActive, description }, signal) =>
      ask(
        { name: 'PATCH /api/v2/authorizations', token, signal },
        ({ client, apis, options }) =>
          new apis.AuthorizationsAPI(client).patchAuthorizationsID(
            {
              authID: id,
              body: {
                ...(isActive === undefined ? {} : { status: isActive ? 'active' : 'inactive' }),
                ...(description === undefined ? {} : { description }),
              },
            },
            options,
          ),
        answer => void readAuthorization(answer),
      ),
  };
}

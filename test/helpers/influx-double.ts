/** A small InfluxDB 2 in this process: organizations, buckets, authorizations and the probes, no data. */

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Permission = {
  readonly action: string;
  readonly resource: { readonly type: string; readonly id?: string; readonly orgID?: string };
};
type Org = { readonly id: string; readonly name: string };
type Bucket = {
  readonly id: string;
  readonly orgID: string;
  readonly name: string;
  readonly retentionRules: readonly unknown[];
};
type Authorization = {
  readonly id: string;
  readonly orgID: string;
  readonly description: string;
  readonly status: string;
  readonly permissions: readonly Permission[];
  readonly token: string;
};

export type InfluxDouble = {
  readonly url: string;
  readonly version: string;
  /** Bends what it would answer to a request; undefined leaves it. For servers that are wrong. */
  bend: (request: string, answer: Answer) => Answer | undefined;
  readonly dispose: () => Promise<void>;
};

type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

const failed = (status: number, code: string, message: string): Answer => ({
  status,
  body: { code, message },
  headers: { 'x-platform-error-code': code },
});
const newId = (): string => randomBytes(8).toString('hex');

function createState() {
  const orgs: Org[] = [];
  const buckets: Bucket[] = [];
  const authorizations: Authorization[] = [];
  let operatorToken: string | undefined;
  const addOrg = (name: string): Org => {
    const org = { id: newId(), name };
    orgs.push(org);
    for (const system of ['_tasks', '_monitoring']) addBucket(org.id, system, []);
    return org;
  };
  const addBucket = (orgID: string, name: string, retentionRules: readonly unknown[]): Bucket => {
    const bucket = { id: newId(), orgID, name, retentionRules };
    buckets.push(bucket);
    return bucket;
  };
  const named = (permission: Permission) => ({
    ...permission,
    resource: {
      ...permission.resource,
      name: buckets.find(({ id }) => id === permission.resource.id)?.name,
      org: orgs.find(({ id }) => id === permission.resource.orgID)?.name,
    },
  });
  const show = (authorization: Authorization, token = '') => ({
    ...authorization,
    token,
    permissions: authorization.permissions.map(named),
  });
  type Caller = (action: string, bucket: Bucket | undefined) => boolean;

  const ofCaller = (token: string): { isOperator: boolean; may: Caller } | 'inactive' | undefined => {
    if (token !== '' && token === operatorToken) return { isOperator: true, may: () => true };
    const found = authorizations.find(authorization => authorization.token === token);
    if (found === undefined) return undefined;
    if (found.status !== 'active') return 'inactive';
    return {
      isOperator: false,
      may: (action, bucket) =>
        bucket !== undefined &&
        found.permissions.some(
          ({ action: allowed, resource }) =>
            allowed === action && (resource.id === undefined || resource.id === bucket.id),
        ),
    };
  };

  return (method: string, url: URL, token: string, text: string): Answer => {
    const parameter = (name: string): string => url.searchParams.get(name) ?? '';
    const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
    const textOf = (key: string): string => String(body[key] ?? '');
    const route = `${method} ${url.pathname.replace(/\/[0-9a-f]{16}$/, '/ID')}`;
    switch (route) {
      case 'GET /ping':
        return { status: 204 };
      case 'GET /health':
        return { status: 200, body: { name: 'influxdb', status: 'pass', message: 'ready' } };
      case 'GET /api/v2/setup':
        return { status: 200, body: { allowed: operatorToken === undefined } };
      case 'POST /api/v2/setup': {
        if (operatorToken !== undefined) {
          return failed(422, 'conflict', 'onboarding has already been completed');
        }
        operatorToken = textOf('token');
        const org = addOrg(textOf('org'));
        const rules = [{ type: 'expire', everySeconds: body.retentionPeriodSeconds ?? 0 }];
        return { status: 201, body: { org, bucket: addBucket(org.id, textOf('bucket'), rules) } };
      }
    }
    const caller = ofCaller(token);
    if (caller === undefined) return failed(401, 'unauthorized', 'unauthorized access');
    if (caller === 'inactive') return failed(401, 'unauthorized', 'token is inactive');
    const org = orgs.find(({ id, name }) =>
      [parameter('org'), parameter('orgID'), textOf('orgID')].some(asked => asked === id || asked === name),
    );
    const unknownOrg = failed(
      404,
      'not found',
      `organization name "${parameter('org')}${parameter('orgID')}" not found`,
    );
    const bucketNamed = (name: string): Bucket | undefined =>
      buckets.find(bucket => bucket.name === name && bucket.orgID === org?.id);
    switch (route) {
      case 'GET /api/v2/orgs':
        if (org === undefined) return unknownOrg;
        return { status: 200, body: { orgs: caller.isOperator ? [org] : [] } };
      case 'POST /api/v2/orgs':
        if (!caller.isOperator) return failed(401, 'unauthorized', 'write:orgs is unauthorized');
        if (textOf('name') === '') return failed(400, 'invalid', 'org name is empty');
        if (orgs.some(({ name }) => name === textOf('name'))) {
          return failed(422, 'conflict', `organization with name ${textOf('name')} already exists`);
        }
        return { status: 201, body: addOrg(textOf('name')) };
      case 'GET /api/v2/buckets': {
        if (org === undefined) return unknownOrg;
        const bucket = bucketNamed(parameter('name'));
        if (bucket === undefined) return failed(404, 'not found', `bucket "${parameter('name')}" not found`);
        return { status: 200, body: { buckets: caller.may('read', bucket) ? [bucket] : [] } };
      }
      case 'POST /api/v2/buckets':
        if (org === undefined) return unknownOrg;
        if (bucketNamed(textOf('name')) !== undefined) {
          return failed(422, 'conflict', `bucket with name ${textOf('name')} already exists`);
        }
        return {
          status: 201,
          body: addBucket(org.id, textOf('name'), body.retentionRules as readonly unknown[]),
        };
      case 'GET /api/v2/authorizations':
        return {
          status: 200,
          body: {
            authorizations: authorizations
              .filter(({ orgID }) => url.searchParams.size === 0 || orgID === org?.id)
              .map(item => show(item)),
          },
        };
      case 'POST /api/v2/authorizations': {
        const authorization: Authorization = {
          id: newId(),
          orgID: textOf('orgID'),
          description: textOf('description'),
          status: 'active',
          permissions: body.permissions as readonly Permission[],
          token: `${randomBytes(64).toString('base64url')}==`,
        };
        authorizations.push(authorization);
        return { status: 201, body: show(authorization, authorization.token) };
      }
      case 'DELETE /api/v2/orgs/ID': {
        const at = orgs.findIndex(({ id }) => url.pathname.endsWith(id));
        if (at === -1) return failed(404, 'not found', 'organization not found');
        orgs.splice(at, 1);
        return { status: 204 };
      }
      case 'DELETE /api/v2/authorizations/ID': {
        const at = authorizations.findIndex(({ id }) => url.pathname.endsWith(id));
        if (at === -1) return failed(404, 'not found', 'authorization not found');
        authorizations.splice(at, 1);
        return { status: 204 };
      }
      case 'POST /api/v2/write': {
        if (org === undefined) return unknownOrg;
        const bucket = bucketNamed(parameter('bucket'));
        if (bucket === undefined)
          return failed(404, 'not found', `bucket "${parameter('bucket')}" not found`);
        return caller.may('write', bucket)
          ? { status: 204 }
          : failed(403, 'forbidden', 'insufficient permissions for write');
      }
      default:
        return failed(404, 'not found', 'path not found');
    }
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

export async function startInfluxDouble(version = 'v2.9.1'): Promise<InfluxDouble> {
  const answerRequest = createState();
  const server = createServer(async (request, response) => {
    const text = await readBody(request);
    const url = new URL(request.url ?? '/', 'http://double');
    const token = (request.headers.authorization ?? '').replace(/^Token /, '');
    const asked = `${request.method} ${url.pathname}`;
    const plain = answerRequest(request.method ?? 'GET', url, token, text);
    const answer = double.bend(asked, plain) ?? plain;
    response.writeHead(answer.status, {
      'x-influxdb-build': 'OSS',
      'x-influxdb-version': version,
      ...(answer.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      ...answer.headers,
    });
    response.end(
      answer.body === undefined || typeof answer.body === 'string'
        ? answer.body
        : JSON.stringify(answer.body),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const double: InfluxDouble = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    version,
    bend: () => undefined,
    dispose: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
  return double;
}

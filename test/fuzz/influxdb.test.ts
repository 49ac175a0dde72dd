/** Something that answers where InfluxDB should, with all that HTTP allows. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import type { Influx } from '../../src/ports/influxdb.ts';
import { fuzz, spoiled, spoiledText } from '../helpers/fuzz.ts';

type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The connection ends after this many bytes of the body; undefined: it is sent whole. */
  readonly cutAt: number | undefined;
};

let answer: Answer;
let server: Server;
let influx: Influx;
before(async () => {
  server = createServer((request, response) => {
    request.resume();
    const { status, headers, body, cutAt } = answer;
    response.writeHead(status, headers);
    if (cutAt === undefined) return void response.end(body);
    response.write(body.slice(0, cutAt), () => response.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  influx = createInflux({ url: `http://127.0.0.1:${port}`, requestTimeoutMs: 20_000 });
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const org = { id: '0123456789abcdef', name: 'homeiq' };
const bucket = {
  id: '0123456789abcdef',
  orgID: '0123456789abcdef',
  name: 'events',
  retentionRules: [{ type: 'expire', everySeconds: 3600, shardGroupDurationSeconds: 60 }],
};
const authorization = {
  id: '0123456789abcdef',
  orgID: '0123456789abcdef',
  description: 'homeiq test',
  status: 'active',
  token: 'abc==',
  permissions: [{ action: 'read', resource: { type: 'buckets', id: '0123456789abcdef', orgID: 'x' } }],
};
const documents = [
  { orgs: [org] },
  { buckets: [bucket] },
  { authorizations: [authorization] },
  org,
  bucket,
  authorization,
  { allowed: true },
  { org, bucket },
  { status: 'pass', message: 'ready', name: 'influxdb' },
  { code: 'unauthorized', message: 'unauthorized access' },
];
const csv =
  'result,table,_start,_value,bucket\r\n,_result,0,2026-01-01T00:00:00Z,12\r\n,_result,0,"a, ""b""",x\r\n\r\nerror,reference\r\nfailed,897\r\n';

const headers = fc.record(
  {
    'content-type': fc.constantFrom('application/json; charset=utf-8', 'text/csv', 'text/html', 'x'),
    'x-influxdb-version': fc.constantFrom('v2.9.1', '2.7', '1.8.10', '3.0.0', 'cloud', 'v2.\x9bx'),
    'x-influxdb-build': fc.constantFrom('OSS', 'Cloud', 'x'),
    'set-cookie': fc.constantFrom('session=abc; Path=/', 'x', '='),
    'x-platform-error-code': fc.constantFrom('unauthorized', 'invalid', 'not found', 'x'),
    location: fc.constantFrom('http://evil.example/', '/', '\x9b'),
    'retry-after': fc.constantFrom('1', '999999', 'x'),
    'content-encoding': fc.constantFrom('gzip', 'identity'),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc
    .constantFrom(...documents)
    .chain(spoiled)
    .map(value => JSON.stringify(value) ?? ''),
  fc.constantFrom(...documents).chain(value => spoiledText(JSON.stringify(value))),
  spoiledText(csv),
  fc.constantFrom('', 'x'.repeat(5_000_000), '<html>', '['.repeat(500_000)),
);

const token = 'abc==';
const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  identify: () => influx.identify(),
  isSetupAllowed: () => influx.isSetupAllowed(),
  setup: () =>
    influx.setup({ username: 'a', password: 'b', org: 'c', bucket: 'd', retentionSeconds: 0, token }),
  tokenStanding: () => influx.tokenStanding(token),
  signIn: () => influx.signIn('a', 'b'),
  listOrgs: () => influx.listOrgs(token),
  findOrg: () => influx.findOrg(token, 'homeiq'),
  createOrg: () => influx.createOrg(token, 'homeiq'),
  renameOrg: () => influx.renameOrg(token, org.id, 'x'),
  findBucket: () => influx.findBucket(token, org.id, 'events'),
  createBucket: () =>
    influx.createBucket(token, {
      orgId: org.id,
      name: 'events',
      retentionSeconds: 3600,
      shardGroupSeconds: 60,
      description: '',
    }),
  changeRetention: () =>
    influx.changeRetention(token, bucket.id, { retentionSeconds: 1, shardGroupSeconds: 1 }),
  listAuthorizations: () => influx.listAuthorizations(token, undefined),
  createAuthorization: () =>
    influx.createAuthorization(token, { orgId: org.id, description: '', bucketIds: [bucket.id] }),
  createOperator: () => influx.createOperatorAuthorization(token, { orgId: org.id, description: '' }),
  changeAuthorization: () => influx.changeAuthorization(token, authorization.id, { isActive: false }),
  deleteAuthorization: () => influx.deleteAuthorization(token, authorization.id),
  probeAccess: () => influx.probeAccess(token, 'homeiq', 'events'),
  writeLine: () => influx.writeLine(token, 'homeiq', 'events', 'a b=1'),
  query: () => influx.query(token, 'homeiq', 'buckets()'),
};

test('every call, with every kind of answer', async t => {
  const inputs = fc.record({
    call: fc.constantFrom(...Object.keys(calls)),
    status: fc.constantFrom(200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 422, 429, 500, 503, 599),
    headers,
    body,
    cutAt: fc.option(fc.nat({ max: 200 }), { nil: undefined, freq: 8 }),
  });
  // Found by an earlier run.
  const listed = {
    call: 'createAuthorization',
    status: 401,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: 'unauthorized', message: ['unauthorized access', 'unauthorized access'] }),
    cutAt: undefined,
  };
  const act = async ({ call, ...given }: Answer & { readonly call: string }): Promise<void> => {
    answer = given;
    await calls[call]?.();
  };
  await fuzz(t, 'answers', inputs, act, [listed]);
});

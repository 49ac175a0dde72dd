/**
 * Every answer of InfluxDB 2 that the program relies on and that a server can be brought to give, on a real 2.9. Not
 * here, because nothing provokes them: 413 (no limit is set), a write that fails with 500, and the 503 of a version that
 * is still to come.
 */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import { createInfluxCalls, type InfluxCalls, type InfluxWord, partOf } from '../helpers/influx-calls.ts';
import { type Influxd, influxdBinary, startInfluxd } from '../helpers/influxd.ts';

const binary = influxdBinary();
const skip = 'skip' in binary ? binary.skip : false;
const operator = 'operator-token-for-the-tests';
const password = 'password-for-the-tests';
const noId = '0000000000000001';
const hour = 3600;
const text = { 'content-type': 'text/plain' };

const rule = (everySeconds: number, shardGroupDurationSeconds?: number) => ({
  type: 'expire',
  everySeconds,
  ...(shardGroupDurationSeconds === undefined ? {} : { shardGroupDurationSeconds }),
});

describe('What InfluxDB answers to each call', { skip }, () => {
  let server: Influxd;
  let answers: InfluxCalls['answers'];
  let refuses: InfluxCalls['refuses'];
  let calls: InfluxCalls;
  let orgId: string;
  let otherOrgId: string;
  let bucketId: string;
  let secondId: string;
  let userId: string;
  /** Limited to the first bucket. */
  let own: { readonly id: string; readonly token: string };

  before(async () => {
    server = await startInfluxd('path' in binary ? binary.path : '');
    calls = createInfluxCalls(server.url, operator);
    ({ answers, refuses } = calls);
  });
  after(async () => {
    await server?.dispose();
  });

  const refusesStranger = (ask: string, body?: unknown, headers = {}) =>
    refuses(
      'unauthorized',
      /^unauthorized access$/,
      ask,
      { body, headers, token: 'nobody' },
      'unknown-token',
    );
  /** With the token that is limited to one bucket. */
  const refusesOwn = (said: RegExp, ask: string, body?: unknown) =>
    refuses('unauthorized', said, ask, { body, token: own.token }, 'no-right');

  test('health, ready and ping, without a token', async () => {
    const health = await answers(200, 'GET /health', { token: '' });
    assert.deepEqual([partOf(health, 'status'), partOf(health, 'name')], ['pass', 'influxdb']);
    assert.equal(partOf(await answers(200, 'GET /ready', { token: '' }), 'status'), 'ready');
    for (const ask of ['GET /ping', 'HEAD /ping']) {
      const { status, headers } = await calls.send(ask, { token: '' });
      assert.deepEqual([status, headers['x-influxdb-build']], [204, 'OSS']);
      assert.match(String(headers['x-influxdb-version']), /^v?2\./);
    }
  });

  test('setup', async () => {
    const ask = 'POST /api/v2/setup';
    const setup = { username: 'first', password, org: 'homeiq-test', bucket: 'main', token: operator };
    const isAllowed = async () => partOf(await answers(200, 'GET /api/v2/setup', { token: '' }), 'allowed');
    const refusesSetup = (word: InfluxWord, said: RegExp, change: object) =>
      refuses(word, said, ask, { token: '', body: { ...setup, ...change } });
    const missing = /missing required fields \[org,bucket\]/;
    await refusesSetup('unprocessable entity', missing, { org: '', bucket: '' });
    await refusesSetup('invalid', /between 8 and 72 characters/, { password: 'short' });
    assert.equal(await isAllowed(), true);
    const made = await answers(201, ask, { token: '', body: { ...setup, retentionPeriodSeconds: 0 } });
    assert.equal(partOf(made, 'auth', 'token'), operator);
    [orgId, bucketId, userId] = ['org', 'bucket', 'user'].map(key => String(partOf(made, key, 'id'))) as [
      string,
      string,
      string,
    ];
    assert.equal(await isAllowed(), false);
    await refusesSetup('conflict', /onboarding has already been completed/, {});
  });

  test('a setup whose bucket it refuses is left half done: user and org stay, and no token is made', async () => {
    const other = await startInfluxd('path' in binary ? binary.path : '');
    try {
      const there = createInfluxCalls(other.url, operator);
      const body = { username: 'first', password, org: 'homeiq-test', bucket: '_main', token: operator };
      await there.refuses('invalid', /may not start with underscore/, 'POST /api/v2/setup', {
        token: '',
        body,
      });
      assert.equal(await createInflux({ url: other.url }).isSetupAllowed(), false);
      assert.equal(await createInflux({ url: other.url }).tokenStanding(operator), 'unknown');
    } finally {
      await other.dispose();
    }
  });

  test('orgs', async () => {
    const ask = 'POST /api/v2/orgs';
    assert.equal(partOf(await answers(200, 'GET /api/v2/orgs?org=homeiq-test'), 'orgs', 0, 'id'), orgId);
    await refuses('not found', /^organization name "nope" not found$/, 'GET /api/v2/orgs?org=nope');
    await refusesStranger('GET /api/v2/orgs?org=homeiq-test');
    otherOrgId = String(partOf(await answers(201, ask, { body: { name: 'homeiq' } }), 'id'));
    const theirs = partOf(await answers(200, `GET /api/v2/buckets?orgID=${otherOrgId}`), 'buckets');
    const names = (theirs as readonly { name: string }[]).map(({ name }) => name);
    assert.deepEqual(names.toSorted(), ['_monitoring', '_tasks']);
    const exists = /^organization with name homeiq already exists$/;
    await refuses('conflict', exists, ask, { body: { name: 'homeiq' } });
    await refuses('invalid', /^org name is empty$/, ask, { body: { name: '' } });
    await refusesStranger(ask, { name: 'x' });
  });

  test('buckets', async () => {
    const ask = 'POST /api/v2/buckets';
    const list = `GET /api/v2/buckets?orgID=${orgId}`;
    assert.equal(partOf(await answers(200, `${list}&name=main`), 'buckets', 0, 'id'), bucketId);
    await refuses('not found', /^bucket "nope" not found$/, `${list}&name=nope`);
    await refuses('not found', /^organization name "nope"/, 'GET /api/v2/buckets?org=nope&name=main');
    const wanted = { orgID: orgId, name: 'second', retentionRules: [rule(48 * hour, 24 * hour)] };
    const refusesBucket = (word: InfluxWord, said: RegExp, change: object) =>
      refuses(word, said, ask, { body: { ...wanted, ...change } });
    const refusesRules = (word: InfluxWord, said: RegExp, ...rules: readonly object[]) =>
      refusesBucket(word, said, { retentionRules: rules });
    await refusesBucket('conflict', /^bucket with name main already exists$/, { name: 'main' });
    await refusesBucket('invalid', /^organization id must be provided$/, { orgID: undefined });
    await refusesBucket('not found', /^organization not found$/, { orgID: noId });
    await refusesBucket('invalid', /may not start with underscore/, { name: '_x' });
    await refusesBucket('invalid', /may not include quotation marks/, { name: 'a"b' });
    const twice = [rule(86_400), rule(86_400)];
    await refusesRules('unprocessable entity', /more than one retention rule/, ...twice);
    await refusesRules('unprocessable entity', /cannot be negative/, rule(-1));
    await refusesRules('internal error', /at least 1h0m0s/, rule(60));
    await refusesRules('internal error', /greater than the shard duration/, rule(hour, 24 * hour));
    await refuses('invalid', /^failed to unmarshal json/, ask, { body: 'no JSON' });
    await refusesStranger(ask, wanted);
    secondId = String(partOf(await answers(201, ask, { body: wanted }), 'id'));

    const patch = `PATCH /api/v2/buckets/${secondId}`;
    const refusesChange = (word: InfluxWord, said: RegExp, body: object) =>
      refuses(word, said, patch, { body });
    await answers(200, patch, { body: { retentionRules: [rule(72 * hour, 24 * hour)] } });
    const shards = /shard-group duration must also be updated/;
    await refusesChange('unprocessable entity', shards, { retentionRules: [rule(hour)] });
    await refusesChange('internal error', /at least 1h0m0s/, { retentionRules: [rule(60, 60)] });
    await refusesChange('conflict', /^bucket name is not unique$/, { name: 'main' });
    const gone = `PATCH /api/v2/buckets/${noId}`;
    await refuses('not found', /^bucket not found$/, gone, { body: { name: 'x' } });
    await refusesStranger(patch, { name: 'x' });
  });

  const permissionsFor = (id: string, inOrg = orgId) =>
    ['read', 'write'].map(action => ({ action, resource: { type: 'buckets', id, orgID: inOrg } }));

  test('authorizations', async () => {
    const ask = 'POST /api/v2/authorizations';
    const wanted = { orgID: orgId, description: 'of the test', permissions: permissionsFor(bucketId) };
    const refusesToken = (said: RegExp, change: object) =>
      refuses('invalid', said, ask, { body: { ...wanted, ...change } });
    const made = await answers(201, ask, { body: { ...wanted, token: 'chosen-by-us' } });
    own = { id: String(partOf(made, 'id')), token: String(partOf(made, 'token')) };
    // A value of one's own is ignored.
    assert.match(own.token, /^[\w-]{86}==$/);
    assert.equal(partOf(made, 'permissions', 0, 'resource', 'name'), 'main');
    const listed = JSON.stringify(await answers(200, `GET /api/v2/authorizations?orgID=${orgId}`));
    assert.match(listed, /"token":""/);
    assert.doesNotMatch(listed, /"token":"[^"]/, 'a hashed token is not listed');
    await refuses('not found', /^organization name "nope"/, 'GET /api/v2/authorizations?org=nope');
    await refuses('not found', /^user not found$/, 'GET /api/v2/authorizations?user=nope');
    await refusesStranger('GET /api/v2/authorizations');
    await refusesToken(/^authorization must include permissions$/, { permissions: [] });
    await refusesToken(/^org id required: invalid ID$/, { orgID: undefined });
    await refusesToken(/is not for org id/, { permissions: permissionsFor(bucketId, otherOrgId) });
    const nowhere = { orgID: noId, permissions: permissionsFor(bucketId, noId) };
    await refusesToken(/^unable to create token$/, nowhere);
    await refusesToken(/^unable to create token$/, { userID: noId });
    await refuses('invalid', /^invalid json structure/, ask, { body: 'no JSON' });
    await refusesStranger(ask, wanted);
    await refusesOwn(/^write:orgs\/\w+\/authorizations is unauthorized$/, ask, wanted);

    // It may make tokens, but not for more than it may do itself.
    const making = ['authorizations', 'users'].flatMap(type =>
      ['read', 'write'].map(action => ({ action, resource: { type } })),
    );
    const permissions = [...permissionsFor(bucketId), ...making];
    const maker = await answers(201, ask, { body: { ...wanted, permissions } });
    const more = {
      body: { ...wanted, permissions: permissionsFor(secondId) },
      token: String(partOf(maker, 'token')),
    };
    await refuses('forbidden', /^permission .* is not allowed/, ask, more, 'no-right');

    const gone = `/api/v2/authorizations/${noId}`;
    await refuses('not found', /^authorization not found$/, `PATCH ${gone}`, {
      body: { status: 'inactive' },
    });
    await refuses('not found', /^authorization not found$/, `DELETE ${gone}`);
    await refusesOwn(/is unauthorized$/, `DELETE /api/v2/authorizations/${own.id}`);
    await answers(204, `DELETE /api/v2/authorizations/${partOf(maker, 'id')}`);
  });

  test('with the token of one bucket, what is not its own', async () => {
    const { token } = own;
    const orgs = await answers(200, 'GET /api/v2/orgs?org=homeiq-test', { token });
    const buckets = await answers(200, `GET /api/v2/buckets?orgID=${orgId}&name=second`, { token });
    assert.deepEqual([partOf(orgs, 'orgs'), partOf(buckets, 'buckets')], [[], []]);
    await refusesOwn(/^write:orgs is unauthorized$/, 'POST /api/v2/orgs', { name: 'x' });
    const bucket = { orgID: orgId, name: 'x', retentionRules: [] };
    await refusesOwn(/is unauthorized$/, 'POST /api/v2/buckets', bucket);
    await refusesOwn(/is unauthorized$/, `PATCH /api/v2/buckets/${secondId}`, { name: 'x' });
  });

  test('write', async () => {
    const to = (bucket: string, org = 'homeiq-test') => `POST /api/v2/write?org=${org}&bucket=${bucket}`;
    const line = { body: 'm v=1', headers: text };
    await answers(204, to('main'), line);
    await answers(204, to('main'), { body: '', headers: text, token: own.token });
    const refusesLine = (word: InfluxWord, said: RegExp, body: string) =>
      refuses(word, said, to('main'), { body, headers: text });
    await refusesLine('invalid', /^unable to parse 'garbage': missing fields$/, 'garbage');
    await refuses('invalid', /^invalid precision/, `${to('main')}&precision=x`, line);
    await refusesStranger(to('main'), 'm v=1', text);
    for (const body of ['m v=1', '']) {
      const request = { body, headers: text, token: own.token };
      await refuses('forbidden', /^insufficient permissions for write$/, to('second'), request, 'no-right');
    }
    await refuses('not found', /^bucket "nope" not found$/, to('nope'), line);
    await refuses('not found', /^organization name "nope" not found$/, to('main', 'nope'), line);
    await refusesLine('unprocessable entity', /partial write: field type conflict.*dropped=1/, 'm v="text"');
    await answers(204, to('second'), { body: 'm v=42', headers: text });
    const old = { body: 'm v=1 1', headers: text };
    await refuses('unprocessable entity', /dropped 1 points outside retention policy/, to('second'), old);
  });

  test('query', async () => {
    const to = (org: string) => `POST /api/v2/query?org=${org}`;
    const flux = (query: string, token = operator) => ({ body: { query, type: 'flux' }, token });
    const from = (bucket: string) => `from(bucket: "${bucket}") |> range(start: -1h)`;
    const rows = await answers(200, to('homeiq-test'), flux(from('main'), own.token));
    assert.match(String(rows), /_value/);
    await refusesStranger(to('homeiq-test'), flux(from('main')).body);
    await refuses('invalid', /^failed to decode request body: org.* "nope"/, to('nope'), flux(from('main')));
    await refuses('invalid', /^compilation failed/, to('homeiq-test'), flux('nonsense('));
    // A bucket that is not there, and one that may not be read, look alike.
    await refuses('not found', /could not find bucket "nope"$/, to('homeiq-test'), flux(from('nope')));
    const second = flux(from('second'), own.token);
    await refuses('not found', /could not find bucket "second"$/, to('homeiq-test'), second);
  });

  test('the limit that is written down: by its id a bucket is read, not written, with a token for another', async () => {
    const flux = (query: string) => ({ body: { query, type: 'flux' }, token: own.token });
    const byId = flux(`from(bucketID: "${secondId}") |> range(start: -1h)`);
    const query = 'POST /api/v2/query?org=homeiq-test';
    assert.match(String(await answers(200, query, byId)), /,42,/);
    const copy = `from(bucket: "main") |> range(start: -1h) |> to(bucketID: "${secondId}", orgID: "${orgId}")`;
    await refuses('forbidden', /not authorized to write/, query, flux(copy), 'no-right');
    const write = `POST /api/v2/write?org=homeiq-test&bucket=${secondId}`;
    const line = { body: 'm v=1', headers: text, token: own.token };
    await refuses('forbidden', /^insufficient permissions for write$/, write, line, 'no-right');
  });

  test('delete', async () => {
    const from = (bucket: string) => `POST /api/v2/delete?org=homeiq-test&bucket=${bucket}`;
    const body = { start: '2020-01-01T00:00:00Z', stop: '2021-01-01T00:00:00Z' };
    await answers(204, from('main'), { body });
    const request = { body, token: own.token };
    await refuses('forbidden', /^insufficient permissions to delete$/, from('second'), request, 'no-right');
  });

  test('what is switched off, and sign-in', async t => {
    await answers(200, `PATCH /api/v2/authorizations/${own.id}`, { body: { status: 'inactive' } });
    const influx = createInflux({ url: server.url });
    assert.equal(await influx.tokenStanding(own.token), 'inactive');
    const basic = (secret: string) => ({
      token: '',
      headers: { authorization: `Basic ${Buffer.from(`first:${secret}`).toString('base64')}` },
    });
    const { status, headers } = await calls.send('POST /api/v2/signin', basic(password));
    assert.equal(status, 204);
    assert.match(String(headers['set-cookie']), /^influxdb-oss-session=/);
    const wrong = basic('a wrong password');
    await refuses('unauthorized', /^unauthorized access$/, 'POST /api/v2/signin', wrong, 'unknown-token');
    await answers(200, `PATCH /api/v2/users/${userId}`, { body: { status: 'inactive' } });
    await refuses('forbidden', /^User is inactive$/, 'GET /api/v2/orgs', {}, 'inactive-token');
    assert.equal(await influx.tokenStanding(operator), 'inactive');
    t.diagnostic(`${calls.refusals()} refusals provoked`);
  });
});

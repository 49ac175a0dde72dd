/** An InfluxDB of which no call is expected: a test replaces those that are. */

import assert from 'node:assert/strict';
import type { Influx } from '../../src/ports/influxdb.ts';

const unexpected = (): never => assert.fail('a call that nothing should make');

export const silentInflux: Influx = {
  url: 'http://127.0.0.1:8086',
  identify: unexpected,
  isSetupAllowed: unexpected,
  setup: unexpected,
  tokenStanding: unexpected,
  signIn: unexpected,
  signOut: unexpected,
  listOrgs: unexpected,
  findOrg: unexpected,
  createOrg: unexpected,
  renameOrg: unexpected,
  findBucket: unexpected,
  listBuckets: unexpected,
  createBucket: unexpected,
  renameBucket: unexpected,
  changeRetention: unexpected,
  listAuthorizations: unexpected,
  createAuthorization: unexpected,
  createOperatorAuthorization: unexpected,
  changeAuthorization: unexpected,
  deleteAuthorization: unexpected,
  probeAccess: unexpected,
  writeLine: unexpected,
  query: unexpected,
  shardCounters: unexpected,
};

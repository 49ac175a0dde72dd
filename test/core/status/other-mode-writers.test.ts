import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findOtherModeWriters } from '../../../src/core/status/other-mode-writers.ts';

const container = (
  service: string,
  environment: Readonly<Record<string, string>>,
  over: { readonly project?: string; readonly state?: string } = {},
) => ({ name: `p-${service}-1`, project: 'homeiq', service, state: 'running', environment, ...over });

const find = (
  containers: readonly ReturnType<typeof container>[],
  points: Parameters<typeof findOtherModeWriters>[0]['points'] = [],
) =>
  findOtherModeWriters({ points, containers, mode: 'test', project: 'homeiq', otherToken: 'secret-token==' });

const good = container('admin-api', {
  INFLUXDB_BUCKET: 'home_assistant_events_test',
  INFLUXDB_ORG: 'homeiq-test',
  INFLUXDB_TOKEN: 'own',
});

test('the container that was given the other bucket, its side buckets, its org, or its token is named', () => {
  assert.deepEqual(
    find([
      good,
      container('data-api', { INFLUXDB_BUCKET: 'home_assistant_events', INFLUXDB_ORG: 'homeiq' }),
      container('weather-api', { INFLUXDB_BUCKET: 'weather_data' }),
      container('by-token', { INFLUXDB_BUCKET: 'x', INFLUXDB_TOKEN: 'secret-token==' }),
      container('by-org', { INFLUXDB_ORG: 'homeiq' }),
      container('stopped', { INFLUXDB_ORG: 'homeiq' }, { state: 'exited' }),
    ]),
    [
      { name: 'data-api', why: 'its INFLUXDB_BUCKET is home_assistant_events' },
      { name: 'weather-api', why: 'its INFLUXDB_BUCKET is weather_data' },
      { name: 'by-token', why: 'it has the token of production mode' },
      { name: 'by-org', why: 'its INFLUXDB_ORG is homeiq' },
    ],
  );
});

test('one of another project is told with it', () => {
  const environment = { INFLUXDB_BUCKET: 'home_assistant_events' };
  assert.deepEqual(
    find([container('data-api', environment, { project: 'old' })]).map(({ name }) => name),
    ['data-api of project old'],
  );
});

test('else the points tell by their tag, once and harmless; without one nobody is named', () => {
  const points = [
    { measurement: 'weather', service: 'weather-\u001b[2Japi', points: 3 },
    { measurement: 'other', service: 'weather-\u001b[2Japi', points: 3 },
    { measurement: 'x', service: undefined, points: 9 },
  ];
  assert.deepEqual(find([good], points), [{ name: 'weather-api', why: 'its name is on the points' }]);
  assert.deepEqual(find([good], points.slice(2)), []);
});

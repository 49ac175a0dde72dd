/** What a service is told in its environment, and whether it may start: one table for the library and the guard. */

import type { ServiceType } from '../../src/deployment/index.ts';

export type DeploymentCase = {
  readonly environment: Readonly<Record<string, string>>;
  readonly service: string;
  readonly type: ServiceType;
  /** A part of the message; undefined: the service starts. */
  readonly refusal: string | undefined;
};

const types = ['data_generation', 'test', 'external_api', 'ai', 'core'] as const;

const byType: readonly DeploymentCase[] = ['test', 'production', undefined].flatMap(mode =>
  types.map(type => {
    const wanted =
      type === 'external_api'
        ? 'production'
        : type === 'test' || type === 'data_generation'
          ? 'test'
          : undefined;
    const isAllowed = wanted === undefined || wanted === (mode ?? 'production');
    return {
      environment: mode === undefined ? {} : { DEPLOYMENT_MODE: mode },
      service: `a-${type}`,
      type,
      refusal: isAllowed
        ? undefined
        : `a-${type} is of type ${type} and runs in ${wanted} mode only: ${wanted === 'test' ? 'it would write' : 'test mode calls'}`,
    };
  }),
);

const core = (environment: Readonly<Record<string, string>>, refusal?: string): DeploymentCase => ({
  environment,
  service: 'data-api',
  type: 'core',
  refusal,
});

/** Words that are no mode, with the mode that is suggested; undefined: none is near. */
const misspelt: readonly (readonly [string, string | undefined])[] = [
  ['prodution', 'production'],
  ['PRODUCTOIN', 'production'],
  ['roduction', 'production'],
  ['prod', 'production'],
  ['p', 'production'],
  ['t', 'test'],
  ['tset', 'test'],
  ['testt', 'test'],
  ['tests', 'test'],
  ['best', 'test'],
  ['toast', undefined],
  ['staging', undefined],
  ['none', undefined],
  ['0', undefined],
  ['testing', 'test'],
  ['test; rm -rf /', 'test'],
  ['a test', undefined],
  ['$(id)', undefined],
  ['*', undefined],
  ['a-name-that-is-far-too-long-to-be-a-mode', undefined],
];

const spelling: readonly DeploymentCase[] = [
  ...['', ' ', 'Production', ' test ', 'TEST', '\ttest\n'].map(mode => core({ DEPLOYMENT_MODE: mode })),
  ...misspelt.map(([mode, nearest]) =>
    core(
      { DEPLOYMENT_MODE: mode },
      nearest === undefined ? 'It is test or production.' : `Did you mean "${nearest}"?`,
    ),
  ),
];

const settings: readonly DeploymentCase[] = [
  core({
    DEPLOYMENT_MODE: 'test',
    INFLUXDB_BUCKET: 'home_assistant_events_test',
    INFLUXDB_ORG: 'homeiq-test',
  }),
  core({ DEPLOYMENT_MODE: 'test', INFLUXDB_BUCKET: 'pattern_aggregates_weekly_test' }),
  core({ DEPLOYMENT_MODE: 'test', INFLUXDB_BUCKET: '', INFLUXDB_ORG: '' }),
  core({ INFLUXDB_BUCKET: 'home_assistant_events', INFLUXDB_ORG: 'homeiq' }),
  core({ INFLUXDB_BUCKET: 'a_bucket_of_mine', INFLUXDB_ORG: 'my-home' }),
  ...[
    'home_assistant_events',
    'weather_data',
    'pattern_aggregates_daily',
    'pattern_aggregates_weekly',
  ].flatMap(bucket => [
    core(
      { DEPLOYMENT_MODE: 'test', INFLUXDB_BUCKET: bucket },
      `data-api would run in test mode with INFLUXDB_BUCKET="${bucket}", which is a bucket of production mode.`,
    ),
    core(
      { DEPLOYMENT_MODE: 'production', INFLUXDB_BUCKET: `${bucket}_test` },
      'which is a bucket of test mode.',
    ),
  ]),
  core({ DEPLOYMENT_MODE: 'test', INFLUXDB_BUCKET: 'a_bucket_of_mine' }, 'which is no bucket of test mode.'),
  core({ DEPLOYMENT_MODE: 'test', INFLUXDB_ORG: 'homeiq' }, 'which is the org of production mode.'),
  core({ DEPLOYMENT_MODE: 'test', INFLUXDB_ORG: 'my-home' }, 'which is not the org of test mode.'),
  core({ INFLUXDB_ORG: 'homeiq-test' }, 'which is the org of test mode.'),
  ...['DATABASE_URL', 'SQLITE_DATABASE_URL', 'DATABASE_PATH', 'SQLITE_PATH'].flatMap(key => [
    core({ DEPLOYMENT_MODE: 'test', [key]: 'sqlite+aiosqlite:///./data/test/metadata.db' }),
    core({ DEPLOYMENT_MODE: 'test', [key]: '/app/data/metadata.db' }),
    core(
      { DEPLOYMENT_MODE: 'test', [key]: 'sqlite:///./data/production/metadata.db' },
      `data-api would run in test mode with a ${key} that names a file of production mode.`,
    ),
    core({ [key]: 'sqlite://user:a-password@/app/data/test/metadata.db' }, 'a file of test mode.'),
    core({ [key]: '/app/latest/contest/my-test.db' }),
  ]),
];

export const deploymentCases: readonly DeploymentCase[] = [...byType, ...spelling, ...settings];

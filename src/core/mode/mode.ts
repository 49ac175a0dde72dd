/** The two modes of a deployment and what follows from each: profile, org, buckets, Home Assistant. */

export const modes = ['test', 'production'] as const;
export type Mode = (typeof modes)[number];

export const isMode = (text: string): text is Mode => (modes as readonly string[]).includes(text);

export const otherMode = (mode: Mode): Mode => (mode === 'test' ? 'production' : 'test');

export type BucketFacts = {
  readonly name: string;
  readonly retentionSeconds: number;
};

export type ModeFacts = {
  readonly mode: Mode;
  /** The Compose profile of the services that belong to this mode only. */
  readonly profile: Mode;
  readonly org: string;
  readonly mainBucket: string;
  /** The main bucket first, then the side buckets; all with the same retention. */
  readonly buckets: readonly BucketFacts[];
  /** `container`: Home Assistant is a service of this mode. `operator`: it is the operator's own. */
  readonly homeAssistant: 'container' | 'operator';
};

const daySeconds = 86_400;

function describeMode(mode: Mode): ModeFacts {
  const suffix = mode === 'test' ? '_test' : '';
  const retentionSeconds = (mode === 'test' ? 7 : 30) * daySeconds;
  const names = [
    'home_assistant_events',
    'weather_data',
    'pattern_aggregates_daily',
    'pattern_aggregates_weekly',
  ].map(name => `${name}${suffix}`);
  return {
    mode,
    profile: mode,
    org: mode === 'test' ? 'homeiq-test' : 'homeiq',
    mainBucket: `home_assistant_events${suffix}`,
    buckets: names.map(name => ({ name, retentionSeconds })),
    homeAssistant: mode === 'test' ? 'container' : 'operator',
  };
}

/** What each mode fixes: HomeIQ's names of orgs and buckets, and their retention in seconds. */
export const modeFacts: Readonly<Record<Mode, ModeFacts>> = {
  test: describeMode('test'),
  production: describeMode('production'),
};

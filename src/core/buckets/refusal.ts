/** The three 401s of InfluxDB, which look alike and mean different things. */

export type Refusal =
  /** The server has no such token. */
  | 'unknown-token'
  | 'inactive-token'
  /** The token is known and lacks the right. */
  | 'no-right';

/** Undefined when the failure is no refusal. The texts are InfluxDB's own and the same from 2.7 to 2.9. */
export function classifyRefusal(
  status: number | string | undefined,
  said: string | undefined,
): Refusal | undefined {
  if (status === 403) return said?.includes('inactive') === true ? 'inactive-token' : 'no-right';
  if (status !== 401) return undefined;
  if (said === 'unauthorized access') return 'unknown-token';
  if (said?.includes('inactive') === true) return 'inactive-token';
  return said?.includes('unauthorized') === true ? 'no-right' : 'unknown-token';
}

export type RefusalAdvice = {
  readonly message: string;
  readonly hint: string;
  readonly nextSteps: readonly string[];
};

/** Ways to a new operator token, cheapest first. */
const recoverySteps = (org: string): readonly string[] => [
  'Put the value that belongs to this data volume into .homeiq/secrets/influxdb-operator-token, if you still have it.',
  `If InfluxDB was set up by its own image: docker compose exec influxdb influx auth create --operator --org ${org}`,
  'If you know the password of its first user: after a sign-in with it, POST /api/v2/authorizations makes a new operator token.',
  `Else, with influxdb stopped: docker compose run --rm --no-deps influxdb influxd recovery auth create-operator --username NAME --org ${org} --bolt-path /var/lib/influxdb2/influxd.bolt`,
  'Nothing was changed, and no data is touched by any of these.',
];

/** What a refused operator token means and what to do about it. */
export function adviseOperatorToken(refusal: Refusal, url: string, org: string): RefusalAdvice {
  switch (refusal) {
    case 'unknown-token':
      return {
        message: `InfluxDB at ${url} does not know the operator token of this deployment.`,
        hint: 'Its data volume was set up with other credentials: by somebody else, or by an earlier deployment. Changing a secret in a file does not change it in an existing volume.',
        nextSteps: recoverySteps(org),
      };
    case 'inactive-token':
      return {
        message: `The operator token of this deployment was switched off in InfluxDB at ${url}.`,
        hint: 'Somebody set the token, or the user it belongs to, to inactive.',
        nextSteps: [
          'Switch it on again in InfluxDB (in a browser: Load Data, API Tokens), or make a new one:',
          ...recoverySteps(org),
        ],
      };
    case 'no-right':
      return {
        message: `The stored token is known to InfluxDB at ${url} but is no operator token.`,
        hint: 'It may be the token of a service, or of one organization only. Organizations and tokens can be made by an operator token alone.',
        nextSteps: recoverySteps(org),
      };
  }
}

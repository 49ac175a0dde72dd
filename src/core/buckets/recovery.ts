/** Ways to a new operator token when the stored one is lost, or the server was set up by somebody else. */

/** In the order in which they are offered: what disturbs least comes first. */
export const recoveryMethods = ['cli', 'password', 'offline'] as const;
export type RecoveryMethod = (typeof recoveryMethods)[number];

export const isRecoveryMethod = (text: string): text is RecoveryMethod =>
  (recoveryMethods as readonly string[]).includes(text);

/** What each does, as the end of a sentence. */
export const recoveryFacts: Readonly<Record<RecoveryMethod, string>> = {
  cli: 'takes the token from the configuration that the image of InfluxDB keeps for its own command line. Nothing is stopped, and nothing is changed in InfluxDB.',
  password:
    'signs in as a user of InfluxDB and makes a new operator token. It asks for name and password, or takes HOMEIQ_INFLUXDB_USERNAME and HOMEIQ_INFLUXDB_PASSWORD. Nothing is stopped.',
  offline:
    'stops InfluxDB for some seconds, has its own program make a new operator token, and starts it again. No password is needed; what is sent to InfluxDB meanwhile is lost.',
};

export const recoveryTitles: Readonly<Record<RecoveryMethod, string>> = {
  cli: "the configuration of InfluxDB's command line",
  password: 'a sign-in',
  offline: "InfluxDB's own recovery, while it is stopped",
};

/** The description of an operator token that this program made: a later recovery removes it. */
export const operatorDescription = 'homeiq-setup/operator';

/** What to do, cheapest first. */
export const recoverySteps: readonly string[] = [
  'If you still have the value that belongs to this data volume: put it into .homeiq/secrets/influxdb-operator-token.',
  ...recoveryMethods.map(method => `homeiq buckets --recover ${method}: ${recoveryFacts[method]}`),
  'None of these touches any data.',
];

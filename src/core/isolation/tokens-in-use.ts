/** The tokens of InfluxDB that containers hold, read from their environment. Their values stay in here and in the probes. */

type SeenContainer = {
  readonly name: string;
  readonly service: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
};

export type TokenInUse = {
  /** A secret. */
  readonly token: string;
  /** For example `INFLUXDB_TOKEN of data-api`; where it was found, in the order of the containers. */
  readonly places: readonly string[];
};

/** Whether a variable of this name holds a token of InfluxDB. */
export const isInfluxTokenKey = (key: string): boolean => key.includes('INFLUX') && key.endsWith('TOKEN');

/**
 * Every different token once. A variable holds one when its name says so, or when its value contains one of `known`,
 * whatever it is called.
 */
export function findTokensInUse(
  containers: readonly SeenContainer[],
  known: readonly string[],
): readonly TokenInUse[] {
  const places = new Map<string, string[]>();
  for (const { service, name, environment } of containers) {
    for (const [key, value] of Object.entries(environment)) {
      const inside = known.filter(token => token !== '' && value.includes(token));
      const tokens = inside.length > 0 ? inside : isInfluxTokenKey(key) && value !== '' ? [value] : [];
      for (const token of tokens) {
        places.set(token, [...(places.get(token) ?? []), `${key} of ${service ?? name}`]);
      }
    }
  }
  return [...places].map(([token, where]) => ({ token, places: where }));
}

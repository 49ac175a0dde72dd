/** What of a HomeIQ `.env` is the operator's own, under the names used here. Pure. */

import type { Mode } from '../mode/mode.ts';
import { isPlaceholder } from './published-secrets.ts';
import type { TemplateField } from './template-field.ts';
import type { EnvValues } from './values.ts';

export type ImportedValues = {
  /** To be taken over, by the key used here; keys that are unknown here included. */
  readonly values: EnvValues;
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  readonly dropped: readonly { readonly key: string; readonly reason: string }[];
};

type Pair = readonly [url: string, token: string];

/** Names of Home Assistant's address and token in HomeIQ's files, the one that counts first. */
const homeAssistantPairs: readonly Pair[] = [
  ['HA_HTTP_URL', 'HA_TOKEN'],
  ['HOME_ASSISTANT_URL', 'HOME_ASSISTANT_TOKEN'],
  ['HA_URL', 'HA_TOKEN'],
  ['LOCAL_HA_URL', 'LOCAL_HA_TOKEN'],
];

/** Names that have another one here, and mean the same. */
const otherNames: Readonly<Record<string, string>> = {
  WEATHER_DEFAULT_LOCATION: 'WEATHER_LOCATION',
  ADMIN_API_JWT_SECRET: 'JWT_SECRET_KEY',
  DOCKER_GID: 'HOMEIQ_DOCKER_GID',
};

const copiesOfApiKey = [
  'ADMIN_API_API_KEY',
  'DATA_API_API_KEY',
  'DATA_API_KEY',
  'DEVICE_INTELLIGENCE_API_KEY',
  'VITE_API_KEY',
];

const madeHere: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /^INFLUXDB_TOKEN$/,
    'homeiq makes one that is limited to the buckets of the mode; this one stays in your file and is not used',
  ],
  [
    /^(?:INFLUXDB_(?:USERNAME|PASSWORD)|DOCKER_INFLUXDB_INIT_\w+)$/,
    'homeiq keeps the account of InfluxDB apart from the services',
  ],
  [/^HA_TEST_\w+$/, 'homeiq sets the test Home Assistant up itself'],
  [/^(?:HA_WS_URL|NABU_CASA_WS_URL)$/, 'follows from the address'],
  [/^(?:(?:SQLITE_)?DATABASE_(?:URL|PATH)|SQLITE_PATH)$/, 'follows from the mode, in compose.yaml'],
  [
    /^(?:\w+_)?API_PORT$|^(?:WEBSOCKET_INGESTION|ENRICHMENT_PIPELINE|DATA_RETENTION|HEALTH_DASHBOARD|INFLUXDB|HA_SIMULATOR)_PORT$/,
    'ports inside the containers are in compose.yaml',
  ],
];

const isSet = (value: string | undefined): value is string =>
  value !== undefined && value.trim() !== '' && !isPlaceholder(value);

/** `ws://host:8123/api/websocket` is the Home Assistant at `http://host:8123`; spaces and a last `/` are not meant. */
const toHttpAddress = (url: string): string =>
  url
    .trim()
    .replace(/^ws(s?):\/\//i, 'http$1://')
    .replace(/\/api\/websocket\/?$/, '')
    .replace(/\/+$/, '');

function chooseHomeAssistant(values: EnvValues): {
  readonly url: string | undefined;
  readonly token: string | undefined;
} {
  const both = homeAssistantPairs.find(([url, token]) => isSet(values[url]) && isSet(values[token]));
  const url = both?.[0] ?? homeAssistantPairs.find(([name]) => isSet(values[name]))?.[0];
  const token = both?.[1] ?? homeAssistantPairs.find(([, name]) => isSet(values[name]))?.[1];
  return { url, token };
}

/** `mqtt://user@host:1883` is the host and the port here. */
function readBroker(value: string): { readonly host: string; readonly port: string | undefined } | undefined {
  const match = /^mqtts?:\/\/(?:[^@/]*@)?(?<host>[^:/]+)(?::(?<port>\d+))?\/?$/i.exec(value.trim());
  return match?.groups?.host === undefined ? undefined : { host: match.groups.host, port: match.groups.port };
}

/**
 * Sorts the values of a `.env` that HomeIQ was run with: old names become the ones used here, what this program makes
 * or what the mode decides is dropped with the reason, examples that were never filled in are dropped, the rest is kept.
 * `fields` are those of the template of `mode`.
 */
export function importValues(
  values: EnvValues,
  fields: readonly TemplateField[],
  mode: Mode,
): ImportedValues {
  const known = new Map(fields.map(field => [field.key, field]));
  const kept = new Map<string, string>();
  const renamed: { from: string; to: string }[] = [];
  const dropped: { key: string; reason: string }[] = [];
  const rename = (from: string, to: string, value: string): void => {
    kept.set(to, value);
    if (from !== to) renamed.push({ from, to });
  };
  const homeAssistant = chooseHomeAssistant(values);
  const isOperators = known.get('HA_HTTP_URL')?.isFixed !== true;

  for (const [key, value] of Object.entries(values)) {
    const field = known.get(key);
    const made = madeHere.find(([pattern]) => pattern.test(key));
    const pair = homeAssistantPairs.find(names => names.includes(key));
    if (key === 'DEPLOYMENT_MODE') continue;
    if (pair !== undefined) {
      if (!isOperators) {
        dropped.push({
          key,
          reason: `${mode} mode brings its own Home Assistant; for yours: --mode production`,
        });
      } else if (key === homeAssistant.url) rename(key, 'HA_HTTP_URL', toHttpAddress(value));
      else if (key === homeAssistant.token) rename(key, 'HA_TOKEN', value.trim());
      else if (value !== '') dropped.push({ key, reason: 'another name of the same, or an example' });
    } else if (made !== undefined) dropped.push({ key, reason: made[1] });
    else if (field?.isFixed === true && key !== 'COMPOSE_PROJECT_NAME') {
      dropped.push({ key, reason: 'follows from the mode' });
    } else if (isPlaceholder(value)) dropped.push({ key, reason: 'an example that was never filled in' });
    else if (copiesOfApiKey.includes(key) && value === values.API_KEY) {
      dropped.push({ key, reason: 'a copy of API_KEY' });
    } else {
      const to = otherNames[key];
      if (to === undefined) kept.set(key, value);
      else if (isSet(values[to])) dropped.push({ key, reason: `${to} says it` });
      else if (value !== '') rename(key, to, value);
    }
  }
  const broker = readBroker(kept.get('MQTT_BROKER') ?? '');
  if (broker !== undefined) {
    kept.set('MQTT_BROKER', broker.host);
    if (broker.port !== undefined && !kept.has('MQTT_PORT')) kept.set('MQTT_PORT', broker.port);
  }
  // What was left empty there says nothing here.
  return {
    values: Object.fromEntries([...kept].filter(([, value]) => value !== '')),
    renamed,
    dropped,
  };
}

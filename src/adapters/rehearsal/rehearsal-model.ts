/** The committed snapshot of the resolved stack with the values of a deployment put in: what Compose would resolve. */

import { modeFacts, modes } from '../../core/mode/mode.ts';
import { parseStack } from '../../core/stack/parse-stack.ts';

type Values = Readonly<Record<string, string>>;
type JsonObject = { readonly [key: string]: unknown };

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Aliases that the bundled stack derives from one setting, by the name the service reads. */
const aliases: Values = {
  HA_URL: 'HA_HTTP_URL',
  HOME_ASSISTANT_URL: 'HA_HTTP_URL',
  HOME_ASSISTANT_TOKEN: 'HA_TOKEN',
};

const modeOf = ({ DEPLOYMENT_MODE: mode }: Values): 'test' | 'production' =>
  mode === 'test' ? 'test' : 'production';

/** The snapshot was made in production mode: its folders and volumes of that mode become those of the mode in `values`. */
const ofMode = (text: string, values: Values): string =>
  text.replace(/(?<=[/-])production(?=\/|$)/, modeOf(values));

/** A side bucket of either mode, as the same bucket of the mode in `values`; undefined for any other text. */
function sideBucket(text: string, values: Values): string | undefined {
  const place = modes
    .map(mode => modeFacts[mode].buckets.findIndex(({ name }) => name === text))
    .find(index => index > 0);
  if (place === undefined) return undefined;
  return modeFacts[modeOf(values)].buckets[place]?.name;
}

function fillEnvironment(environment: unknown, values: Values): JsonObject {
  if (!isObject(environment)) return {};
  return Object.fromEntries(
    Object.entries(environment).map(([key, value]) => {
      const side = key === 'INFLUXDB_BUCKET' ? sideBucket(String(value), values) : undefined;
      const own = typeof value === 'string' ? ofMode(value, values) : value;
      return [key, side ?? values[key] ?? values[aliases[key] ?? ''] ?? own];
    }),
  );
}

function fillPorts(ports: unknown, service: string, values: Values): unknown {
  const chosen = values[`HOMEIQ_${service.toUpperCase().replaceAll('-', '_')}_HOST_PORT`];
  if (!Array.isArray(ports) || chosen === undefined || chosen === '') return ports;
  return ports.map((port, index) => (index === 0 && isObject(port) ? { ...port, published: chosen } : port));
}

const fillVolumes = (volumes: unknown, values: Values): unknown =>
  Array.isArray(volumes)
    ? volumes.map(volume =>
        isObject(volume) && typeof volume.source === 'string'
          ? { ...volume, source: ofMode(volume.source, values) }
          : volume,
      )
    : volumes;

const withTag = (image: unknown, tag: string | undefined): unknown =>
  typeof image === 'string' && tag !== undefined && tag !== '' ? image.replace(/:[^:/]*$/, `:${tag}`) : image;

/** `snapshot` is never changed. */
export function fillSnapshot(snapshot: unknown, project: string, values: Values): unknown {
  if (!isObject(snapshot) || !isObject(snapshot.services)) return snapshot;
  const known = new Map(parseStack(snapshot).services.map(service => [service.name, service]));
  const services = Object.entries(snapshot.services).map(([name, service]) => {
    if (!isObject(service)) return [name, service];
    const switches = [known.get(name)?.heldKey, known.get(name)?.onKey];
    const isOff = switches.some(key => key !== undefined && values[key] === '0');
    const deploy = isObject(service.deploy) ? service.deploy : {};
    return [
      name,
      {
        ...service,
        environment: fillEnvironment(service.environment, values),
        ...(service.ports === undefined ? {} : { ports: fillPorts(service.ports, name, values) }),
        ...(service.volumes === undefined ? {} : { volumes: fillVolumes(service.volumes, values) }),
        image: service.build === undefined ? service.image : withTag(service.image, values.HOMEIQ_VERSION),
        deploy: { ...deploy, replicas: isOff ? 0 : 1 },
      },
    ];
  });
  return { ...snapshot, name: project, services: Object.fromEntries(services) };
}

/** True when a bare `up` leaves the service out. */
export function isLeftOut(model: unknown, service: string): boolean {
  if (!isObject(model) || !isObject(model.services)) return false;
  const entry = model.services[service];
  return isObject(entry) && isObject(entry.deploy) && entry.deploy.replicas === 0;
}

/** The part of the model that decides whether a service's container is up to date. */
export function serviceText(model: unknown, service: string): string {
  if (!isObject(model) || !isObject(model.services)) return '';
  const entry = model.services[service];
  if (!isObject(entry)) return '';
  const { deploy: _deploy, depends_on: _dependsOn, profiles: _profiles, ...own } = entry;
  return JSON.stringify(own);
}

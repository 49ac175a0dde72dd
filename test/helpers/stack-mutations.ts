/** Ways to break a good stack, one at a time: what is done to the resolved model, and which check has to find it. */

import type { AuditCheck } from '../../src/core/isolation/audit-finding.ts';
import { type Mode, modeFacts, otherMode } from '../../src/core/mode/mode.ts';
import type { CatalogEntry } from '../../src/core/stack/stack.ts';

export type RawService = {
  environment?: Record<string, string | null>;
  volumes?: Record<string, unknown>[];
  ports?: Record<string, unknown>[];
  profiles?: string[];
  mem_limit?: string;
  privileged?: boolean;
  network_mode?: string;
};
export type RawModel = { services: Record<string, RawService> };

/** Secrets that are in no good stack; the other mode's are in its document. */
export const strangers = {
  operatorToken: 'operator-token-of-this-server==',
  adminPassword: 'admin-password-of-this-server',
  wideToken: 'token-for-the-whole-org==',
  unknownToken: 'token-that-nobody-knows==',
};

export type Mutation = {
  readonly check: AuditCheck;
  readonly service: string;
  /** What it changes; two that change the same thing do not go together. */
  readonly touches: string;
  readonly apply: (model: RawModel) => void;
};

type Target = { readonly name: string; readonly entry: CatalogEntry; readonly raw: RawService };

function setting(check: AuditCheck, { name }: Target, key: string, value: string | null): Mutation {
  return {
    check,
    service: name,
    touches: `${name}.${key}`,
    apply: ({ services }) => {
      const service = services[name];
      if (service !== undefined) service.environment = { ...service.environment, [key]: value };
    },
  };
}

function change(
  check: AuditCheck,
  { name }: Target,
  key: keyof RawService,
  edit: (service: RawService) => void,
) {
  return {
    check,
    service: name,
    touches: `${name}.${key}`,
    apply: ({ services }: RawModel) => {
      const service = services[name];
      if (service !== undefined) edit(service);
    },
  } satisfies Mutation;
}

const mount = (check: AuditCheck, target: Target, type: 'bind' | 'volume', source: string): Mutation =>
  change(check, target, 'volumes', service => {
    service.volumes = [...(service.volumes ?? []), { type, source, target: '/mnt' }];
  });

/** Of one service that starts in the mode. `others` are the services of the other mode alone. */
function mutationsOf(
  target: Target,
  mode: Mode,
  otherValues: Readonly<Record<string, string>>,
  portOf: { readonly service: string; readonly published: string },
): readonly Mutation[] {
  const other = otherMode(mode);
  const { entry, raw, name } = target;
  const has = (key: string): boolean => raw.environment?.[key] !== undefined;
  const all: Mutation[] = [
    setting('operator-credential', target, 'ADMIN_TOKEN', strangers.operatorToken),
    setting('operator-credential', target, 'URL', `http://admin:${strangers.adminPassword}@influxdb:8086`),
    setting('operator-credential', target, 'DOCKER_INFLUXDB_INIT_ADMIN_TOKEN', 'whatever'),
    setting('operator-credential', target, 'SOME_TOKEN', strangers.wideToken),
    setting('other-mode-secret', target, 'A_TOKEN', otherValues.INFLUXDB_TOKEN ?? ''),
    setting('other-mode-secret', target, 'HEADERS', `Authorization: Bearer ${otherValues.HA_TOKEN}`),
    setting('foreign-token', target, 'INFLUX_ADMIN_TOKEN', strangers.unknownToken),
    setting('published-secret', target, 'SOME_PASSWORD', 'changeme'),
    setting('other-mode-setting', target, 'SQLITE_PATH', `/app/data/${other}/metadata.db`),
    mount('other-mode-data', target, 'bind', `/srv/homeiq/data/${other}`),
    mount('other-mode-data', target, 'volume', `sqlite-${other}`),
    change('no-memory-limit', target, 'mem_limit', service => {
      delete service.mem_limit;
    }),
    change('privileged', target, 'privileged', service => {
      service.privileged = true;
    }),
    change('host-network', target, 'network_mode', service => {
      service.network_mode = 'host';
    }),
  ];
  if (portOf.service !== name) {
    all.push({
      ...change('shared-port', target, 'ports', service => {
        service.ports = [
          ...(service.ports ?? []),
          { published: portOf.published, target: 1, protocol: 'tcp' },
        ];
      }),
      service: '',
    });
  }
  if (entry.dockerSocket !== true) all.push(mount('docker-socket', target, 'bind', '/run/docker.sock'));
  if (entry.bound) {
    all.push(
      setting('no-mode', target, 'DEPLOYMENT_MODE', null),
      setting('no-mode', target, 'DEPLOYMENT_MODE', other),
      setting('no-mode', target, 'DEPLOYMENT_MODE', 'prodution'),
    );
  } else if (entry.standIn !== true) {
    all.push(
      setting('neutral-with-mode', target, 'DEPLOYMENT_MODE', mode),
      setting('neutral-with-mode', target, 'INFLUXDB_BUCKET', modeFacts[mode].mainBucket),
      setting('neutral-with-mode', target, 'HA_TOKEN', 'a-token-of-this-mode'),
      setting('neutral-with-mode', target, 'DATABASE_URL', `sqlite:///./data/${mode}/metadata.db`),
      mount('neutral-with-mode', target, 'volume', `sqlite-${mode}`),
    );
  }
  if (entry.database) {
    all.push(
      ...modeFacts[other].buckets.map(bucket =>
        setting('other-mode-setting', target, 'INFLUXDB_BUCKET', bucket.name),
      ),
      setting('other-mode-setting', target, 'INFLUXDB_ORG', modeFacts[other].org),
      setting('foreign-token', target, 'INFLUXDB_TOKEN', strangers.unknownToken),
      setting('other-mode-secret', target, 'INFLUXDB_TOKEN', otherValues.INFLUXDB_TOKEN ?? ''),
    );
  }
  for (const key of ['HA_HTTP_URL', 'HA_WS_URL', 'HA_URL', 'HOME_ASSISTANT_URL'].filter(has)) {
    const address = mode === 'test' ? 'http://192.168.1.86:8123' : 'http://home-assistant-test:8123';
    all.push(setting('other-mode-setting', target, key, address));
  }
  return all;
}

/** Services of the other mode alone that get into this one. */
function intruders(catalog: readonly Target[], mode: Mode): readonly Mutation[] {
  const types = mode === 'test' ? ['external_api'] : ['test', 'data_generation'];
  return catalog
    .filter(({ entry }) => types.includes(entry.type))
    .flatMap(target => [
      change('service-not-allowed', target, 'profiles', service => {
        service.profiles = [];
      }),
      change('service-not-allowed', target, 'profiles', service => {
        service.profiles = [...(service.profiles ?? []), mode];
      }),
    ]);
}

/** Every way to break every service, for a stack of `mode` whose other mode has `otherValues`. */
export function listMutations(
  catalog: readonly Target[],
  mode: Mode,
  otherValues: Readonly<Record<string, string>>,
): readonly Mutation[] {
  const starts = catalog.filter(({ raw }) => (raw.profiles ?? [mode]).includes(mode));
  const published = starts.find(({ name }) => name === 'data-api')?.raw.ports?.[0]?.published;
  const portOf = { service: 'data-api', published: String(published) };
  return [
    ...starts.flatMap(target => mutationsOf(target, mode, otherValues, portOf)),
    ...intruders(catalog, mode),
  ];
}

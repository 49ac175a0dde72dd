/** `compose.yaml` resolved by each version of Compose that there is to test with. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createCompose } from '../../src/adapters/docker/compose.ts';
import type { Mode } from '../../src/core/mode/mode.ts';
import type { Compose } from '../../src/ports/compose.ts';
import { bundledTemplate, programFolder, templateValues } from './bundled-stack.ts';
import { composeFolders } from './engine.ts';

export type ResolvedService = {
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly deploy?: { readonly replicas?: number };
  readonly volumes?: readonly {
    readonly type: string;
    readonly source: string;
    readonly target: string;
    readonly read_only?: boolean;
  }[];
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval: string };
  readonly image: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly profiles?: readonly string[];
  readonly build?: {
    readonly context: string;
    readonly dockerfile: string;
    readonly args?: Readonly<Record<string, string>>;
  };
  readonly stop_signal?: string;
  readonly group_add?: readonly string[];
};
export type Resolved = {
  readonly name: string;
  readonly services: Readonly<Record<string, ResolvedService>>;
};
export type Values = Readonly<Record<string, string>>;

export const hostPortKey = (service: string): string =>
  `HOMEIQ_${service.toUpperCase().replaceAll('-', '_')}_HOST_PORT`;

/** A whole document: what the template says, and what is made or typed. No two values are alike. */
export const documentOf = (mode: Mode, changes: Values = {}): Values => {
  const made = bundledTemplate(mode).fields.filter(({ isGenerated }) => isGenerated);
  return {
    ...templateValues(mode),
    ...Object.fromEntries(
      made.map(({ key, scope }) => [key, scope === 'shared' ? `made-${key}` : `made-${mode}-${key}`]),
    ),
    ...(mode === 'production' ? { HA_HTTP_URL: 'https://home.example', MQTT_BROKER: 'broker.example' } : {}),
    ...changes,
  };
};

export const serviceOf = (resolved: Resolved, service: string): ResolvedService => {
  const found = resolved.services[service];
  assert.ok(found, service);
  return found;
};

export const environmentOf = (resolved: Resolved, service: string): Readonly<Record<string, string | null>> =>
  serviceOf(resolved, service).environment ?? {};

export type TestedCompose = {
  readonly name: string;
  readonly skip: string | false;
  readonly compose: Compose;
  /** The process environment that finds this version. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The whole model with these values; asked of Compose once for each set of them. */
  readonly resolve: (values: Values) => Promise<Resolved>;
};

export const testedComposes = (): readonly TestedCompose[] =>
  composeFolders().map(({ name, folder, skip }) => {
    const environment = { ...process.env, DOCKER_CONFIG: folder };
    const compose = createCompose({ environment });
    const known = new Map<string, Promise<unknown>>();
    const resolve = async (values: Values): Promise<Resolved> => {
      const key = JSON.stringify(values);
      const asked =
        known.get(key) ??
        compose.resolve({
          folder: '/deployment',
          project: values.COMPOSE_PROJECT_NAME ?? 'homeiq',
          files: [join(programFolder, 'compose.yaml')],
          environment: values,
        });
      known.set(key, asked);
      return (await asked) as Resolved;
    };
    return { name, skip, compose, environment, resolve };
  });

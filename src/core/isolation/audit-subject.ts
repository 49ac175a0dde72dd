/** What is audited, and how a finding says where the fault stands. */

import { type Mode, otherMode } from '../mode/mode.ts';
import type { AuditCheck, AuditFinding } from './audit-finding.ts';
import { type AuditedService, readAuditedServices } from './audited-service.ts';

type Values = Readonly<Record<string, string>>;

/** Secrets to look for. They are compared, and never become part of a finding. Empty ones are not looked for. */
export type KnownSecrets = {
  readonly operatorToken?: string;
  readonly adminPassword?: string;
  /** Tokens that reach more than the buckets of one mode, as far as they are known. */
  readonly wideTokens?: readonly string[];
};

export type AuditSubject = {
  readonly mode: Mode;
  /** The deployment folder: what it is called itself says nothing of what is in it. */
  readonly folder: string;
  /** Those that start in this mode. */
  readonly services: readonly AuditedService[];
  /** The mode's env document. */
  readonly values: Values;
  /** The other mode's, as far as there is one. */
  readonly otherValues: Values;
  readonly secrets: KnownSecrets;
  readonly isSecretKey: (key: string) => boolean;
};

export type AuditRequest = Omit<AuditSubject, 'services'> & {
  /** `docker compose config --format json` with every profile, `$$` undone. */
  readonly resolved: unknown;
};

/** What a bare `docker compose up -d` starts in the mode. */
export function describeSubject({ resolved, ...rest }: AuditRequest): AuditSubject {
  const services = readAuditedServices(resolved).filter(
    ({ profiles, hasReplicas }) => hasReplicas && (profiles.length === 0 || profiles.includes(rest.mode)),
  );
  return { ...rest, services };
}

const composeFiles = 'compose.yaml or compose.override.yaml';

/** A service the operator added is his own affair where nothing of the modes is touched. */
export const severityFor = (service: AuditedService): AuditFinding['severity'] =>
  service.isCatalogued ? 'error' : 'warning';

/** The key of `.env` that a value of a service comes from, else its place in the Compose files. */
export function placeOfVariable(
  { values }: AuditSubject,
  service: AuditedService,
  key: string,
): AuditFinding['place'] {
  const value = service.environment[key];
  const source =
    values[key] === value ? key : Object.keys(values).find(name => value !== '' && values[name] === value);
  return source !== undefined && value !== undefined
    ? { file: '.env', key: source }
    : { file: composeFiles, key: `services.${service.name}.environment.${key}` };
}

export const placeInService = (service: AuditedService, key: string): AuditFinding['place'] => ({
  file: composeFiles,
  key: `services.${service.name}.${key}`,
});

type FoundFault = Pick<AuditFinding, 'place' | 'reason' | 'mend'>;

export const findingIn = (
  severity: AuditFinding['severity'],
  check: AuditCheck,
  service: AuditedService,
  fault: FoundFault,
): AuditFinding => ({ check, severity, service: service.name, ...fault });

export const errorIn = (check: AuditCheck, service: AuditedService, fault: FoundFault): AuditFinding =>
  findingIn('error', check, service, fault);

/** The variables of a service that have a value. */
export const variablesOf = (service: AuditedService): readonly (readonly [string, string])[] =>
  Object.entries(service.environment).filter(([, value]) => value !== '');

/** The other mode's secrets that this mode does not have as well. */
export function secretsOfOtherMode({ values, otherValues }: AuditSubject): readonly string[] {
  const own = new Set(Object.values(values));
  return ['INFLUXDB_TOKEN', 'HA_TOKEN']
    .map(key => otherValues[key] ?? '')
    .filter(value => value !== '' && !own.has(value));
}

export const nameOther = ({ mode }: AuditSubject): Mode => otherMode(mode);

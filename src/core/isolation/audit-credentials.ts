/** No service has more rights in InfluxDB than its mode needs, and none has a secret that everybody knows. */

import { isPublishedSecret } from '../env/published-secrets.ts';
import type { AuditFinding } from './audit-finding.ts';
import {
  type AuditSubject,
  errorIn,
  findingIn,
  placeOfVariable,
  secretsOfOtherMode,
  severityFor,
  variablesOf,
} from './audit-subject.ts';
import type { AuditedService } from './audited-service.ts';
import { isInfluxTokenKey } from './tokens-in-use.ts';

/** What the image of InfluxDB makes of itself at the first start, operator token and all. */
const initPrefix = 'DOCKER_INFLUXDB_INIT_';

function auditOperator(subject: AuditSubject, service: AuditedService): readonly AuditFinding[] {
  const { operatorToken = '', adminPassword = '', wideTokens = [] } = subject.secrets;
  const known: readonly (readonly [string, string])[] = [
    ['the operator token of InfluxDB', operatorToken],
    ['the admin password of InfluxDB', adminPassword],
    ...wideTokens.map(token => ['a token that reaches more than one mode', token] as const),
  ];
  return variablesOf(service).flatMap(([key, value]) => {
    const what = key.startsWith(initPrefix)
      ? 'what InfluxDB is set up with'
      : known.find(([, secret]) => secret !== '' && value.includes(secret))?.[0];
    if (what === undefined) return [];
    return [
      errorIn('operator-credential', service, {
        place: placeOfVariable(subject, service, key),
        reason: `${key} of ${service.name} is ${what}: whoever gets into the service could delete every bucket.`,
        mend: 'Take it out. Services use INFLUXDB_TOKEN, which homeiq buckets limits to the buckets of the mode.',
      }),
    ];
  });
}

/** A token that is neither the mode's own nor known as another's, whatever it is called: nobody can say what it may do. */
function auditTokens(subject: AuditSubject, service: AuditedService): readonly AuditFinding[] {
  const own = subject.values.INFLUXDB_TOKEN ?? '';
  const { operatorToken, wideTokens = [] } = subject.secrets;
  const namedElsewhere = [operatorToken, ...wideTokens, ...secretsOfOtherMode(subject)];
  return variablesOf(service)
    .filter(([key]) => isInfluxTokenKey(key) && !key.startsWith(initPrefix))
    .filter(([, value]) => value !== own && !namedElsewhere.includes(value))
    .map(([key]) =>
      findingIn(severityFor(service), 'foreign-token', service, {
        place: placeOfVariable(subject, service, key),
        reason: `${key} of ${service.name} is not the token of ${subject.mode} mode: it may reach any bucket.`,
        mend: `Give it ${key}: \${INFLUXDB_TOKEN}, as compose.yaml does.`,
      }),
    );
}

async function auditPublished(
  subject: AuditSubject,
  service: AuditedService,
): Promise<readonly AuditFinding[]> {
  const secrets = variablesOf(service).filter(([key]) => subject.isSecretKey(key));
  const published = await Promise.all(secrets.map(async ([, value]) => isPublishedSecret(value)));
  return secrets
    .filter((_, index) => published[index] === true)
    .map(([key]) =>
      findingIn('warning', 'published-secret', service, {
        place: placeOfVariable(subject, service, key),
        reason: `${key} of ${service.name} stands in HomeIQ's public files: everybody knows it.`,
        mend: `Replace it: empty ${key} in .env, and homeiq setup makes a new one.`,
      }),
    );
}

export async function auditCredentials(subject: AuditSubject): Promise<readonly AuditFinding[]> {
  const published = await Promise.all(subject.services.map(service => auditPublished(subject, service)));
  return [
    ...subject.services.flatMap(service => [
      ...auditOperator(subject, service),
      ...auditTokens(subject, service),
    ]),
    ...published.flat(),
  ];
}

/** Nothing of the other mode in a service, and a mode where there has to be one. */

import { type Mode, modeFacts, modes } from '../mode/mode.ts';
import { onlyModeOf } from '../mode/only-mode.ts';
import { isPathOfMode, modeSettingKeys, settingFault } from '../mode/setting-fault.ts';
import type { AuditFinding } from './audit-finding.ts';
import {
  type AuditSubject,
  errorIn,
  nameOther,
  placeInService,
  placeOfVariable,
  secretsOfOtherMode,
  variablesOf,
} from './audit-subject.ts';
import type { AuditedService } from './audited-service.ts';

const homeAssistantAddresses = ['HA_HTTP_URL', 'HA_WS_URL', 'HA_URL', 'HOME_ASSISTANT_URL', 'NABU_CASA_URL'];
const homeAssistantTokens = ['HA_TOKEN', 'HOME_ASSISTANT_TOKEN', 'NABU_CASA_TOKEN'];
/** The service of test mode that is its Home Assistant. */
const testHomeAssistant = 'home-assistant-test';

const hostOf = (address: string): string => /^[a-z]+:\/\/([^/:?#]+)/i.exec(address)?.[1]?.toLowerCase() ?? '';

/** Why an address of Home Assistant does not belong to the mode; undefined when it does. */
function addressFault(address: string, { mode }: AuditSubject): string | undefined {
  const isOfTest = hostOf(address) === testHomeAssistant;
  const wantsTest = modeFacts[mode].homeAssistant === 'container';
  if (isOfTest === wantsTest) return undefined;
  return wantsTest
    ? `is not ${testHomeAssistant}: test mode talks to its own Home Assistant only`
    : `is ${testHomeAssistant}, which belongs to test mode`;
}

function auditSettings(subject: AuditSubject, service: AuditedService): readonly AuditFinding[] {
  const settings = modeSettingKeys.flatMap(key => {
    const fault = settingFault(key, service.environment[key] ?? '', subject.mode);
    return fault === undefined
      ? []
      : [
          {
            key,
            reason: `${service.name} has ${fault}.`,
          },
        ];
  });
  const addresses = homeAssistantAddresses.flatMap(key => {
    const address = service.environment[key] ?? '';
    const fault = address === '' ? undefined : addressFault(address, subject);
    return fault === undefined ? [] : [{ key, reason: `${key} of ${service.name} ${fault}.` }];
  });
  return [...settings, ...addresses].map(({ key, reason }) =>
    errorIn('other-mode-setting', service, {
      place: placeOfVariable(subject, service, key),
      reason,
      mend: `Give ${key} the value of ${subject.mode} mode: homeiq env check shows what is expected.`,
    }),
  );
}

function auditSecrets(subject: AuditSubject, service: AuditedService): readonly AuditFinding[] {
  const others = secretsOfOtherMode(subject);
  return variablesOf(service)
    .filter(([, value]) => others.some(secret => value.includes(secret)))
    .map(([key]) =>
      errorIn('other-mode-secret', service, {
        place: placeOfVariable(subject, service, key),
        reason: `${key} of ${service.name} is a token of ${nameOther(subject)} mode.`,
        mend: 'Take it out; homeiq buckets puts the right token in its place.',
      }),
    );
}

/** A path of the host as seen from the deployment folder, when it is below it. */
const pathInFolder = (path: string, { folder }: AuditSubject): string =>
  path.startsWith(`${folder}/`) ? path.slice(folder.length) : path;

/** Whether a folder of the host or a volume holds data of the mode. */
const isDataOf = (
  { kind, source }: AuditedService['mounts'][number],
  mode: Mode,
  subject: AuditSubject,
): boolean =>
  kind === 'bind' ? isPathOfMode(pathInFolder(source, subject), mode) : source.split(/[-_]/).includes(mode);

/** A folder of the host or a volume that holds the other mode's data. */
function auditMounts(subject: AuditSubject, service: AuditedService): readonly AuditFinding[] {
  const other = nameOther(subject);
  return service.mounts.flatMap((mount, index) => {
    const { source } = mount;
    if (!isDataOf(mount, other, subject)) return [];
    return [
      errorIn('other-mode-data', service, {
        place: placeInService(service, `volumes[${index}]`),
        reason: `${service.name} mounts ${source}, which is data of ${other} mode.`,
        mend: `Mount what belongs to ${subject.mode} mode, or nothing.`,
      }),
    ];
  });
}

function auditType(subject: AuditSubject, service: AuditedService): readonly AuditFinding[] {
  const { type, name } = service;
  const only = onlyModeOf(type);
  if (only === undefined || only === subject.mode) return [];
  return [
    errorIn('service-not-allowed', service, {
      place: placeInService(service, 'profiles'),
      reason: `${name} is of type ${type} and would start in ${subject.mode} mode.`,
      mend: `Give it the profile ${only} and no other.`,
    }),
  ];
}

const modeKeys = [
  'DEPLOYMENT_MODE',
  'INFLUXDB_BUCKET',
  'INFLUXDB_ORG',
  'INFLUXDB_TOKEN',
  ...homeAssistantAddresses,
  ...homeAssistantTokens,
];

/** A database file in a folder that is named like a mode. */
const isDatabaseOfMode = (key: string, value: string): boolean =>
  modeSettingKeys.some(known => known === key) && modes.some(mode => isPathOfMode(value, mode));

/** The services of the catalog only: whether the operator's own depend on a mode, nobody said. */
function auditBinding(subject: AuditSubject, service: AuditedService): readonly AuditFinding[] {
  if (!service.isCatalogued || service.standIn === true) return [];
  const { DEPLOYMENT_MODE: mode = '' } = service.environment;
  if (service.bound) {
    if (mode === subject.mode) return [];
    return [
      errorIn('no-mode', service, {
        place: placeOfVariable(subject, service, 'DEPLOYMENT_MODE'),
        reason:
          mode === ''
            ? `${service.name} depends on the mode and has no DEPLOYMENT_MODE: it would take itself for production.`
            : `DEPLOYMENT_MODE of ${service.name} is not ${subject.mode}.`,
        mend: `Give it DEPLOYMENT_MODE: \${DEPLOYMENT_MODE}, as compose.yaml does.`,
      }),
    ];
  }
  return [
    ...variablesOf(service)
      .filter(([key, value]) => modeKeys.includes(key) || isDatabaseOfMode(key, value))
      .map(([key]) => ({ what: key, place: placeOfVariable(subject, service, key) })),
    ...service.mounts.flatMap((mount, index) =>
      modes.some(of => isDataOf(mount, of, subject))
        ? [{ what: mount.source, place: placeInService(service, `volumes[${index}]`) }]
        : [],
    ),
  ].map(({ what, place }) =>
    errorIn('neutral-with-mode', service, {
      place,
      reason: `${service.name} stays up through a switch, and ${what} would stay that of the mode before.`,
      mend: `Take ${what} out of it.`,
    }),
  );
}

export const auditMode = (subject: AuditSubject): readonly AuditFinding[] =>
  subject.services.flatMap(service => [
    ...auditType(subject, service),
    ...auditBinding(subject, service),
    ...auditSettings(subject, service),
    ...auditSecrets(subject, service),
    ...auditMounts(subject, service),
  ]);

/** Which services of a mode start, and why the others do not. */

import type { MemoryItem } from '../memory/memory-fit.ts';
import type { Mode } from '../mode/mode.ts';
import { type Service, type Stack, servicesOfMode } from '../stack/stack.ts';
import type { Plan, PlannedService } from './plan.ts';

type Values = Readonly<Record<string, string>>;

const saysNo = (value: string | undefined): boolean =>
  ['false', '0', 'no', 'off'].includes((value ?? '').trim().toLowerCase());

const joinWords = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const missingKeys = (service: Service, mode: Mode, values: Values): readonly string[] =>
  [...service.needs, ...(service.needsIn?.[mode] ?? [])].filter(key => (values[key] ?? '').trim() === '');

const leftOutReason = 'left out by you';

type IsLeftOut = (service: string) => boolean;

/**
 * What keeps a service from starting although nobody left it out: its `ENABLE_` switch, the service that it cannot work
 * without, or keys that are missing.
 */
function describeHold(
  service: Service,
  mode: Mode,
  values: Values,
  isLeftOut: IsLeftOut,
): string | undefined {
  const { enabledBy, needsService } = service;
  if (enabledBy !== undefined && saysNo(values[enabledBy])) return `switched off by ${enabledBy}`;
  if (needsService !== undefined && isLeftOut(needsService)) return `it cannot work without ${needsService}`;
  const missing = missingKeys(service, mode, values);
  if (missing.length === 0) return undefined;
  return `${joinWords(missing)} ${missing.length === 1 ? 'is' : 'are'} not set`;
}

const isSwitchedOff = ({ onKey }: Service, values: Values): boolean =>
  onKey !== undefined && values[onKey]?.trim() === '0';

function describeAbsence(
  service: Service,
  mode: Mode,
  values: Values,
  isLeftOut: IsLeftOut,
): string | undefined {
  if (isSwitchedOff(service, values)) return `${leftOutReason} (${service.onKey}=0)`;
  return describeHold(service, mode, values, isLeftOut);
}

/** A service of no `HOMEIQ_…_ON` key cannot be left out: InfluxDB, and what the operator added. */
const plannedServices = (stack: Stack, mode: Mode): readonly Service[] =>
  servicesOfMode(stack, mode).filter(({ standIn }) => standIn !== true);

/**
 * Every service of the mode. A service that others wait for may be missing: they start without it.
 * `values` are those of the mode's env document; keys that a run makes (tokens) need not be there.
 */
export function planServices(stack: Stack, mode: Mode, values: Values): readonly PlannedService[] {
  const leftOut = new Set(leftOutServices(stack, mode, values));
  return plannedServices(stack, mode).map(service => {
    const reason = describeAbsence(service, mode, values, name => leftOut.has(name));
    return {
      name: service.name,
      group: service.group,
      start: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
      expectedMiB: service.expectedMiB,
      ...(service.isMeasured === true ? { isMeasured: true } : {}),
      limitMiB: service.limitMiB,
      ...(service.reservedMiB === undefined ? {} : { reservedMiB: service.reservedMiB }),
      ...(service.onKey === undefined ? { canLeaveOut: false } : {}),
    };
  });
}

/** The planned services as the memory fit takes them. */
export const toMemoryItems = (services: readonly PlannedService[]): readonly MemoryItem[] =>
  services.map(({ name, group, expectedMiB, isMeasured, limitMiB, reservedMiB, start, canLeaveOut }) => ({
    name,
    group,
    expectedMiB,
    ...(isMeasured === true ? { isMeasured } : {}),
    limitMiB,
    reservedMiB,
    start,
    canLeaveOut: canLeaveOut !== false,
  }));

/**
 * What the env document must say so that a bare `docker compose up -d` starts what the plan starts. The `_ON` keys say
 * what the operator left out, and nothing else; the `_HELD` keys say what this program holds back, so that a service
 * comes by itself once its key is there.
 */
export function onKeyValues(
  stack: Stack,
  mode: Mode,
  values: Values,
  leftOut: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const hold = (service: Service) => describeHold(service, mode, values, name => leftOut.has(name));
  return Object.fromEntries(
    plannedServices(stack, mode).flatMap(service => [
      ...(service.onKey === undefined ? [] : [[service.onKey, leftOut.has(service.name) ? '0' : '1']]),
      ...(service.heldKey === undefined ? [] : [[service.heldKey, hold(service) === undefined ? '' : '0']]),
    ]),
  );
}

/** The services that the operator left out, as the env document says. */
export const leftOutServices = (stack: Stack, mode: Mode, values: Values): readonly string[] =>
  plannedServices(stack, mode)
    .filter(service => isSwitchedOff(service, values))
    .map(({ name }) => name);

/** The services that the operator left out, as the plan says. */
export const leftOutByPlan = ({ services }: Pick<Plan, 'services'>): readonly string[] =>
  services.filter(({ reason }) => reason?.startsWith(leftOutReason) === true).map(({ name }) => name);

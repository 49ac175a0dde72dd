/** From the resolved Compose model (`config --format json`, every profile, `$$` undone) to the stack. */

import { isMode } from '../mode/mode.ts';
import { onlyModeOf } from '../mode/only-mode.ts';
import {
  asCount,
  asOptionalText,
  asRecord,
  asText,
  isAbsent,
  itemsOf,
  member,
  membersOf,
  misshapen,
  type Reader,
} from './model-reader.ts';
import { readCatalog } from './parse-catalog.ts';
import type { CatalogEntry, Dependency, PublishedPort, Service, Stack } from './stack.ts';

const bytesPerMiB = 1024 * 1024;
/** As Compose has it. */
const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/;

/** Compose writes bytes; none, 0 and -1 mean no limit. */
function readMiB(...places: readonly Reader[]): number | undefined {
  const reader = places.find(place => !isAbsent(place));
  if (reader === undefined || String(reader.value) === '-1') return undefined;
  const bytes = asCount(reader);
  return bytes === 0 ? undefined : bytes / bytesPerMiB;
}

function readPort(reader: Reader): readonly PublishedPort[] {
  const published = member(reader, 'published');
  // Without a number the engine chooses one at every start.
  if (isAbsent(published) || published.value === '') return [];
  const hostPort = asCount(published);
  const containerPort = asCount(member(reader, 'target'));
  if (hostPort > 65_535 || containerPort > 65_535) throw misshapen(reader.place, 'a pair of ports');
  return [{ hostAddress: asOptionalText(member(reader, 'host_ip')) || '0.0.0.0', hostPort, containerPort }];
}

function readEnvironment(reader: Reader): Readonly<Record<string, string>> {
  return Object.fromEntries(
    membersOf(reader)
      // Null: named, but set nowhere; the container does not get it.
      .filter(([, value]) => !isAbsent(value))
      .map(([key, value]) => {
        if (typeof value.value === 'object') throw misshapen(value.place, 'a text');
        return [key, String(value.value)];
      }),
  );
}

const conditions: Readonly<Record<string, Dependency['condition']>> = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
};

function readDependency(service: string, reader: Reader): Dependency {
  const condition = member(reader, 'condition');
  const known = conditions[asOptionalText(condition) ?? 'service_started'];
  if (known === undefined) throw misshapen(condition.place, `one of ${Object.keys(conditions).join(', ')}`);
  return { service, condition: known, isRequired: member(reader, 'required').value !== false };
}

function hasHealthcheck(reader: Reader): boolean {
  if (isAbsent(reader) || member(reader, 'disable').value === true) return false;
  const test = member(reader, 'test');
  return typeof test.value === 'string' || (itemsOf(test).length > 0 && itemsOf(test)[0]?.value !== 'NONE');
}

/** From whatever command asks it: `… http://127.0.0.1:8019/health/`. */
function readHealthPath(reader: Reader): string | undefined {
  if (!hasHealthcheck(reader)) return undefined;
  const { value } = member(reader, 'test');
  const words = Array.isArray(value) ? value.join(' ') : String(value);
  return /https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?(\/[\w./-]*)/.exec(words)?.[1];
}

/** What is assumed of a service without a catalog entry: it counts with what it reserves, or may use. */
const describeUncatalogued = (memory: Pick<Service, 'limitMiB' | 'reservedMiB'>): CatalogEntry => ({
  group: 'core',
  type: 'core',
  bound: false,
  database: false,
  expectedMiB: Math.round(memory.reservedMiB ?? memory.limitMiB ?? 0),
  needs: [],
});

function readService(
  reader: Reader,
  name: string,
  project: string,
  entry: CatalogEntry | undefined,
): Service {
  const resources = member(member(reader, 'deploy'), 'resources');
  const memory = {
    limitMiB: readMiB(member(reader, 'mem_limit'), member(member(resources, 'limits'), 'memory')),
    reservedMiB: readMiB(
      member(reader, 'mem_reservation'),
      member(member(resources, 'reservations'), 'memory'),
    ),
  };
  const dependencies = membersOf(member(reader, 'depends_on')).map(([dependency, facts]) =>
    readDependency(dependency, facts),
  );
  const healthPath = readHealthPath(member(reader, 'healthcheck'));
  return {
    ...(entry ?? describeUncatalogued(memory)),
    name,
    // Without one, Compose gives this name to the image that it builds.
    image: asOptionalText(member(reader, 'image')) ?? `${project}-${name}`,
    hasBuild: !isAbsent(member(reader, 'build')),
    profiles: itemsOf(member(reader, 'profiles')).map(asText),
    ...memory,
    ports: itemsOf(member(reader, 'ports')).flatMap(readPort),
    dependsOn: dependencies.map(({ service }) => service),
    dependencies,
    hasHealthcheck: hasHealthcheck(member(reader, 'healthcheck')),
    ...(healthPath === undefined ? {} : { healthPath }),
    isOneShot: asOptionalText(member(reader, 'restart')) === 'no',
    environment: readEnvironment(member(reader, 'environment')),
  };
}

/**
 * The services in the order of the catalog, then those that it does not know, in the order of the model.
 * Throws a UserError that names the place when the model has another shape than Compose gives it.
 */
export function parseStack(resolved: unknown): Stack {
  const model: Reader = { place: '', value: resolved };
  asRecord(model);
  const project = asText(member(model, 'name'));
  const catalog = new Map(readCatalog(model).map(({ name, entry }) => [name, entry]));
  const services = new Map(membersOf(member(model, 'services')));
  const strange = [...services].find(([name]) => !namePattern.test(name));
  if (strange !== undefined) throw misshapen(strange[1].place, 'the name of a service');
  const names = [
    ...[...catalog.keys()].filter(name => services.has(name)),
    ...[...services.keys()].filter(name => !catalog.has(name)),
  ];
  return {
    project,
    services: names.map(name => readService(services.get(name) ?? model, name, project, catalog.get(name))),
    volumes: membersOf(member(model, 'volumes')).map(
      ([key, volume]) => asOptionalText(member(volume, 'name')) ?? `${project}_${key}`,
    ),
  };
}

/** What the catalog and the services do not agree on, one sentence each; empty when all is well. */
export function checkCatalog(resolved: unknown): readonly string[] {
  const model: Reader = { place: '', value: resolved };
  const names = readCatalog(model).map(({ name }) => name);
  const stack = parseStack(resolved);
  return [
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map(name => `${name} is in the catalog more than once.`),
    ...names
      .filter(name => !stack.services.some(service => service.name === name))
      .map(name => `${name} is in the catalog, but is no service.`),
    ...stack.services
      .filter(({ name }) => !names.includes(name))
      .map(({ name }) => `${name} is a service, but not in the catalog.`),
    ...stack.services.flatMap(describeConflicts),
  ];
}

/** A service whose profile, catalog entry or memory limit contradict one another. */
function describeConflicts(service: Service): readonly string[] {
  const { name, type, profiles, limitMiB, expectedMiB } = service;
  const only = onlyModeOf(type);
  const isForHand = type === 'data_generation' && profiles.length > 0 && !profiles.some(isMode);
  return [
    ...(only !== undefined && profiles.join() !== only && !isForHand
      ? [`${name} is of type ${type}, but not in the profile ${only} alone.`]
      : []),
    ...(limitMiB !== undefined && limitMiB < expectedMiB
      ? [`${name} may use ${limitMiB} MiB, but is expected to use ${expectedMiB}.`]
      : []),
  ];
}

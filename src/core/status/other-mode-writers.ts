/** Who writes into the other mode's buckets: by what the points say, and by what the containers were given. Pure. */

import { type Mode, modeFacts, otherMode } from '../mode/mode.ts';
import { sanitiseLine } from '../text/sanitise.ts';

/** Points that arrived where none should be. */
export type StrayPoints = {
  readonly measurement: string;
  /** Their tag `service`; undefined where they have none. */
  readonly service: string | undefined;
  readonly points: number;
};

export type OtherModeWriter = {
  /** A service of the deployment, else a container with its project. */
  readonly name: string;
  /** How that is known, as the end of a sentence: `its INFLUXDB_BUCKET is home_assistant_events`. */
  readonly why: string;
};

type SeenContainer = {
  readonly name: string;
  readonly project: string | undefined;
  readonly service: string | undefined;
  readonly state: string;
  readonly environment: Readonly<Record<string, string>>;
};

/** What lets a container write into the buckets of `other`; undefined when nothing does. No value of a token is told. */
function accessOf(
  { environment }: SeenContainer,
  other: Mode,
  otherToken: string | undefined,
): string | undefined {
  const { INFLUXDB_BUCKET: bucket, INFLUXDB_ORG: org, INFLUXDB_TOKEN: token } = environment;
  const facts = modeFacts[other];
  if (bucket !== undefined && facts.buckets.some(({ name }) => name === bucket)) {
    return `its INFLUXDB_BUCKET is ${bucket}`;
  }
  if (token !== undefined && token !== '' && token === otherToken) return `it has the token of ${other} mode`;
  return org === facts.org ? `its INFLUXDB_ORG is ${org}` : undefined;
}

const nameOf = ({ name, service, project }: SeenContainer, ownProject: string): string =>
  project === ownProject
    ? (service ?? name)
    : `${service ?? name} of ${project === undefined ? 'no project' : `project ${project}`}`;

/**
 * Containers that were given what it takes come first, then services that their points name. Empty: nobody is to be
 * found among what runs on this machine.
 */
export function findOtherModeWriters(seen: {
  readonly points: readonly StrayPoints[];
  /** Of every project of the machine. */
  readonly containers: readonly SeenContainer[];
  readonly mode: Mode;
  readonly project: string;
  readonly otherToken: string | undefined;
}): readonly OtherModeWriter[] {
  const other = otherMode(seen.mode);
  const living = seen.containers.filter(({ state }) => state === 'running' || state === 'restarting');
  const given = living.flatMap(container => {
    const why = accessOf(container, other, seen.otherToken);
    return why === undefined ? [] : [{ name: sanitiseLine(nameOf(container, seen.project)), why }];
  });
  const told = [...new Set(seen.points.flatMap(({ service }) => service ?? []))]
    .map(name => sanitiseLine(name))
    .filter(name => name !== '' && !given.some(writer => writer.name === name));
  return [...given, ...told.map(name => ({ name, why: 'its name is on the points' }))];
}

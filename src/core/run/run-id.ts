/** The name of a run. Names sort as the runs came, also when the clock of the machine was set back in between. */

/** It is part of the names of files: nothing that leaves their folder, and nothing that looks like an option. */
export const runIdForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/;

/** No clock is that wrong; a name with a later year was made by hand, and the next one could not be written. */
const lastYear = '9000';

const stampOf = (at: Date): string =>
  at
    .toISOString()
    .replaceAll(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');

/** The second after the one that the id of an earlier run names; undefined for a name of another form. */
function secondAfterMs(runId: string): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-/.exec(runId) ?? [];
  if (year !== undefined && year > lastYear) return undefined;
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(atMs) ? undefined : atMs + 1000;
}

/**
 * `20260131T140503Z-k3x9q2ab`: the time, or, when a run has that name or a later one already, the second after it.
 * `random` tells two apart that began in the same second.
 */
export function makeRunId(now: Date, earlier: readonly string[], random: string): string {
  const latestMs = Math.max(now.getTime(), ...earlier.flatMap(runId => secondAfterMs(runId) ?? []));
  return `${stampOf(new Date(latestMs))}-${random.replaceAll(/[^A-Za-z0-9]/g, 'x').toLowerCase()}`;
}

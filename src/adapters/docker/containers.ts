/** The engine's containers, with all that it knows of each. */

import type { Container, ContainerGlance } from '../../ports/engine.ts';
import type { EngineHttp } from './engine-http.ts';
import {
  type InspectAnswer,
  listAnswer,
  projectFilter,
  readInspectAnswer,
  toContainer,
  toGlance,
} from './engine-records.ts';

/** Undefined when there is no such container. */
export async function inspectContainer(
  http: EngineHttp,
  id: string,
  signal: AbortSignal | undefined,
): Promise<InspectAnswer | undefined> {
  const found = await http.findJson(`/containers/${id}/json`, { signal });
  return found === undefined ? undefined : readInspectAnswer(found);
}

const askList = async (http: EngineHttp, project: string | undefined, signal: AbortSignal | undefined) => {
  const filters = project === undefined ? '' : `&${projectFilter(project)}`;
  return listAnswer(await http.getJson(`/containers/json?all=1${filters}`, { signal }), 'the containers');
};

export async function glanceAtContainers(
  http: EngineHttp,
  project: string,
  signal: AbortSignal | undefined,
): Promise<readonly ContainerGlance[]> {
  return (await askList(http, project, signal)).map(toGlance);
}

/** By name. One that goes away while they are looked at is not among them. */
export async function listContainers(
  http: EngineHttp,
  project: string | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly Container[]> {
  const listed = await askList(http, project, signal);
  const inspected = await Promise.all(listed.map(({ Id }) => inspectContainer(http, Id, signal)));
  return inspected
    .filter(one => one !== undefined)
    .map(toContainer)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

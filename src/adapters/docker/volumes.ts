/** The volumes that the engine has. */

import type { Engine } from '../../ports/engine.ts';
import { fields, list, number, optional, text } from './answer-shape.ts';
import type { EngineHttp } from './engine-http.ts';
import { projectFilter } from './engine-records.ts';

const bytesPerMiB = 1024 * 1024;

const volumesAnswer = fields({
  Volumes: optional(list(fields({ Name: text, UsageData: optional(fields({ Size: optional(number) })) }))),
});

export function createVolumes(http: EngineHttp): Pick<Engine, 'volumes' | 'volumeSizes' | 'removeVolume'> {
  const ask = async (path: string, signal: AbortSignal | undefined) =>
    volumesAnswer(await http.getJson(path, { signal }), 'the volumes').Volumes ?? [];
  return {
    volumes: async (project, signal) =>
      (await ask(`/volumes?${projectFilter(project)}`, signal)).map(({ Name }) => Name).sort(),

    volumeSizes: async signal =>
      new Map(
        (await ask('/system/df?type=volume', signal)).flatMap(({ Name, UsageData }) =>
          // -1: not measured.
          UsageData?.Size === undefined || UsageData.Size < 0
            ? []
            : [[Name, UsageData.Size / bytesPerMiB] as const],
        ),
      ),

    removeVolume: (name, signal) => http.remove(`/volumes/${encodeURIComponent(name)}`, { signal }),
  };
}

/** What the engine says of itself and of its machine. */

import type { EngineFacts } from '../../ports/engine.ts';
import { fields, number, optional, text } from './answer-shape.ts';
import type { EngineHttp } from './engine-http.ts';

const bytesPerMiB = 1024 * 1024;
const usualDataFolder = '/var/lib/docker';

const infoAnswer = fields({
  ServerVersion: optional(text),
  OperatingSystem: optional(text),
  MemTotal: number,
  CgroupVersion: optional(text),
  CgroupDriver: optional(text),
  DockerRootDir: optional(text),
});

export type FactsReader = {
  readonly facts: (signal: AbortSignal | undefined) => Promise<EngineFacts>;
  /** Of the engine's machine. The engine is asked when it has not said so yet. */
  readonly memoryBytes: (signal: AbortSignal | undefined) => Promise<number>;
};

export function createFactsReader(http: EngineHttp): FactsReader {
  let memoryBytes: number | undefined;
  const readInfo = async (signal: AbortSignal | undefined): Promise<ReturnType<typeof infoAnswer>> => {
    const info = infoAnswer(await http.getJson('/info', { signal }), 'the answer');
    memoryBytes = info.MemTotal;
    return info;
  };
  return {
    facts: async signal => {
      const [info, apiVersion] = await Promise.all([readInfo(signal), http.apiVersion(signal)]);
      return {
        version: info.ServerVersion ?? 'unknown',
        apiVersion,
        operatingSystem: info.OperatingSystem ?? 'unknown',
        memoryMiB: info.MemTotal / bytesPerMiB,
        cgroupVersion: info.CgroupVersion === '2' ? '2' : '1',
        cgroupDriver: info.CgroupDriver ?? 'unknown',
        dataFolder: info.DockerRootDir ?? usualDataFolder,
      };
    },
    memoryBytes: async signal => memoryBytes ?? (await readInfo(signal)).MemTotal,
  };
}

/** Puts the ports of a level together. Everything is imported here and only here, when a command needs it. */

import path from 'node:path';
import process from 'node:process';
import type { Level } from '../core/plan/plan.ts';
import type { Ports } from '../ports/ports.ts';

export type PortsRequest = {
  readonly level: Level;
  /** Absolute path of the deployment folder. */
  readonly folder: string;
  /** The folder with `compose.yaml`, `env-templates/` and `dist/`. */
  readonly programFolder: string;
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

export async function createPorts(request: PortsRequest): Promise<Ports> {
  if (request.level === 'rehearsal') {
    const { createRehearsalPorts } = await import('./rehearsal-ports.ts');
    return createRehearsalPorts(request);
  }
  const { folder, programFolder, version, environment } = request;
  const [docker, files, host, influxdb, homeAssistant, workerHost] = await Promise.all([
    import('../adapters/docker/docker.ts'),
    import('../adapters/files/files.ts'),
    import('../adapters/host/host.ts'),
    import('../adapters/influxdb/create-influx.ts'),
    import('../adapters/home-assistant/create-home-assistant.ts'),
    import('../adapters/process/worker-host.ts'),
  ]);
  const engine = docker.createEngine({ environment });
  return {
    engine,
    compose: docker.createCompose({ environment }),
    influx: url => influxdb.createInflux({ url }),
    homeAssistant: url => homeAssistant.createHomeAssistant({ url }),
    files: files.createDeploymentFiles(folder),
    runs: files.createRuns(folder),
    lock: files.createLock(folder),
    workerHost: workerHost.createWorkerHost({ entry: path.join(programFolder, 'dist', 'main.js'), execArgv: process.execArgv, folder }),
    host: host.createHost(),
    clock: host.createClock(),
    random: host.createRandom(),
    program: files.createProgram(programFolder, version),
    sources: docker.createSourceTrees({ engine, programFolder }),
    health: docker.createServiceHealth(),
  };
}

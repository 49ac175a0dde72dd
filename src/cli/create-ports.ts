/** Puts the ports of a level together. Everything is imported here and only here, when a command needs it. */

import path from 'node:path';
import process from 'node:process';
import type { Ports } from '../ports/ports.ts';
import type { PortsRequest } from './ports-request.ts';

export async function createPorts(request: PortsRequest): Promise<Ports> {
  if (request.level === 'rehearsal') {
    const { createRehearsalPorts } = await import('./rehearsal-ports.ts');
    return createRehearsalPorts(request);
  }
  const { folder, programFolder, version, environment, composeAnswers = [] } = request;
  const [engines, composes, images, trees, health, files, host, time, influxdb, homeAssistant, workers] =
    await Promise.all([
      import('../adapters/docker/engine.ts'),
      import('../adapters/docker/compose.ts'),
      import('../adapters/docker/images.ts'),
      import('../adapters/docker/source-trees.ts'),
      import('../adapters/docker/service-health.ts'),
      import('../adapters/files/files.ts'),
      import('../adapters/host/host.ts'),
      import('../adapters/host/clock.ts'),
      import('../adapters/influxdb/create-influx.ts'),
      import('../adapters/home-assistant/create-home-assistant.ts'),
      import('../adapters/process/worker-host.ts'),
    ]);
  const engine = engines.createEngine({ environment });
  return {
    engine,
    compose: composes.createCompose({ environment, answers: composeAnswers }),
    images: images.createImages({ environment }),
    influx: url => influxdb.createInflux({ url }),
    homeAssistant: url => homeAssistant.createHomeAssistant({ url }),
    files: files.createDeploymentFiles(folder),
    memory: files.createMemoryRecords(folder),
    knownStack: files.createKnownStack(folder, version),
    runs: files.createRuns(folder),
    lock: files.createLock(folder),
    workerHost: workers.createWorkerHost({
      entry: path.join(programFolder, 'dist', 'main.js'),
      execArgv: process.execArgv,
      folder,
    }),
    host: host.createHost({ environment }),
    clock: time.createClock(),
    random: time.createRandom(),
    program: files.createProgram(programFolder, version),
    sources: trees.createSourceTrees({ engine, programFolder }),
    health: health.createServiceHealth(engine),
  };
}

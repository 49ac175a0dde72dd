/** The ports of a machine: its Docker, its InfluxDB, its Home Assistant, and the files of a folder. */

import path from 'node:path';
import process from 'node:process';
import { createCompose } from '../adapters/docker/compose.ts';
import { createEngine } from '../adapters/docker/engine.ts';
import { createImages } from '../adapters/docker/images.ts';
import { createServiceHealth } from '../adapters/docker/service-health.ts';
import { createSourceTrees } from '../adapters/docker/source-trees.ts';
import { createDeploymentFiles } from '../adapters/files/deployment-files.ts';
import { createKnownStack } from '../adapters/files/known-stack.ts';
import { createLock } from '../adapters/files/lock.ts';
import { createMemoryRecords } from '../adapters/files/memory-records.ts';
import { createProgram } from '../adapters/files/program.ts';
import { createRuns } from '../adapters/files/runs.ts';
import { createHomeAssistant } from '../adapters/home-assistant/create-home-assistant.ts';
import { createClock, createRandom } from '../adapters/host/clock.ts';
import { createHost } from '../adapters/host/host.ts';
import { createInflux } from '../adapters/influxdb/create-influx.ts';
import { createWorkerHost } from '../adapters/process/worker-host.ts';
import type { Ports } from '../ports/ports.ts';
import type { PortsRequest } from './ports-request.ts';

export function createLivePorts({
  folder,
  programFolder,
  version,
  environment,
  composeAnswers = [],
}: PortsRequest): Ports {
  const engine = createEngine({ environment });
  return {
    engine,
    compose: createCompose({ environment, answers: composeAnswers }),
    images: createImages({ environment }),
    influx: url => createInflux({ url }),
    homeAssistant: url => createHomeAssistant({ url }),
    files: createDeploymentFiles(folder),
    memory: createMemoryRecords(folder),
    knownStack: createKnownStack(folder, version),
    runs: createRuns(folder),
    lock: createLock(folder),
    workerHost: createWorkerHost({
      entry: path.join(programFolder, 'dist', 'main.js'),
      // A run makes much that is soon garbage, and is over soon: it may take the memory that a screen saves.
      execArgv: [
        ...process.execArgv.filter(flag => !flag.startsWith('--max-semi-space-size')),
        '--min-semi-space-size=16',
      ],
      folder,
    }),
    host: createHost({ environment }),
    clock: createClock(),
    random: createRandom(),
    program: createProgram(programFolder, version),
    sources: createSourceTrees({ engine, programFolder }),
    health: createServiceHealth(engine),
  };
}

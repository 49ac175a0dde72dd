/** The ports of the rehearsal: engine, database and Home Assistant in this process; files in a temporary folder only. */

import process from 'node:process';
import { createDeploymentFiles } from '../adapters/files/deployment-files.ts';
import { createLock } from '../adapters/files/lock.ts';
import { createMemoryRecords } from '../adapters/files/memory-records.ts';
import { createProgram } from '../adapters/files/program.ts';
import { createRuns } from '../adapters/files/runs.ts';
import { createClock, createRandom } from '../adapters/host/clock.ts';
import { createRehearsalCompose } from '../adapters/rehearsal/rehearsal-compose.ts';
import { createRehearsalEngine } from '../adapters/rehearsal/rehearsal-engine.ts';
import { createRehearsalHealth } from '../adapters/rehearsal/rehearsal-health.ts';
import { createRehearsalHomeAssistant } from '../adapters/rehearsal/rehearsal-home-assistant.ts';
import { createRehearsalHost } from '../adapters/rehearsal/rehearsal-host.ts';
import { createRehearsalImages } from '../adapters/rehearsal/rehearsal-images.ts';
import { createRehearsalInflux } from '../adapters/rehearsal/rehearsal-influx.ts';
import { openRun } from '../app/worker/host-run.ts';
import type { RunRequest } from '../core/run/run-request.ts';
import type { Clock } from '../ports/host.ts';
import type { Ports } from '../ports/ports.ts';
import type { WorkerHost } from '../ports/runs.ts';
import type { PortsRequest } from './ports-request.ts';

/** The worker as a function of this process; it ends with it. */
export function createInProcessWorkerHost(ports: () => Ports): WorkerHost {
  let stopping = new AbortController();
  return {
    start: async (request: RunRequest) => {
      stopping = new AbortController();
      const execute = await openRun(ports(), request);
      // How the run ended is in its journal.
      void execute({ pid: process.pid, signal: stopping.signal }).catch(() => {});
    },
    stop: async () => stopping.abort(),
  };
}

/** `clock`: the machine's unless a test has another. */
export function createRehearsalPorts(
  { folder, programFolder, version }: PortsRequest,
  clock: Clock = createClock(),
): Ports {
  const program = createProgram(programFolder, version);
  const files = createDeploymentFiles(folder);
  const rehearsal = createRehearsalEngine({ clock });
  const ports: Ports = {
    engine: rehearsal.engine,
    compose: createRehearsalCompose({
      rehearsal,
      clock,
      snapshot: program.stackSnapshot,
      readEnv: files.readEnv,
    }),
    images: createRehearsalImages({ rehearsal, clock }),
    influx: createRehearsalInflux({ rehearsal, clock, service: 'influxdb' }),
    homeAssistant: createRehearsalHomeAssistant({ rehearsal, service: 'home-assistant-test' }),
    files,
    memory: createMemoryRecords(folder),
    runs: createRuns(folder),
    lock: createLock(folder),
    workerHost: createInProcessWorkerHost(() => ports),
    host: createRehearsalHost(Intl.DateTimeFormat().resolvedOptions().timeZone),
    clock,
    random: createRandom(),
    program,
    sources: { revision: async () => 'rehearsal', clone: async () => {}, prepareBase: async () => {} },
    health: createRehearsalHealth(rehearsal.engine),
  };
  return ports;
}

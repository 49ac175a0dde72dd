/** Everything the use cases may reach; put together in one place for each level. */

import type { Compose } from './compose.ts';
import type { DeploymentFiles } from './deployment-files.ts';
import type { Engine } from './engine.ts';
import type { HomeAssistant } from './home-assistant.ts';
import type { Clock, Host, Random } from './host.ts';
import type { Images } from './images.ts';
import type { Influx } from './influxdb.ts';
import type { KnownStack } from './known-stack.ts';
import type { MemoryRecords } from './memory-records.ts';
import type { Program, ServiceHealth, SourceTrees } from './program.ts';
import type { Lock, Runs, WorkerHost } from './runs.ts';

export type Ports = {
  readonly engine: Engine;
  readonly compose: Compose;
  readonly images: Images;
  readonly influx: (url: string) => Influx;
  readonly homeAssistant: (url: string) => HomeAssistant;
  readonly files: DeploymentFiles;
  readonly memory: MemoryRecords;
  /** Undefined: Compose is asked each time. */
  readonly knownStack?: KnownStack;
  readonly runs: Runs;
  readonly lock: Lock;
  readonly workerHost: WorkerHost;
  readonly host: Host;
  readonly clock: Clock;
  readonly random: Random;
  readonly program: Program;
  readonly sources: SourceTrees;
  readonly health: ServiceHealth;
};

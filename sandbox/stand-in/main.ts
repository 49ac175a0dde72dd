/**
 * The stand-in of every HomeIQ service: one program, which one is told by SANDBOX_SERVICE (set in its image).
 *
 * | variable | meaning |
 * |---|---|
 * | SANDBOX_SERVICE | the service to stand in for |
 * | SANDBOX_MEMORY_MIB | memory to hold, besides the program's own; default 4 |
 * | SANDBOX_LOG_INTERVAL_MS | time between two log lines; default 10000 |
 * | SANDBOX_WRITE_INTERVAL_MS | time between two writes into InfluxDB; default 3000 |
 * | SANDBOX_FAULT | never-healthy: health answers 503, and Home Assistant never listens. exit-at-once: exits 1 at start. |
 * |               | memory-hog: takes memory until it is killed. wrong-mode: reports the other mode. |
 * |               | slow-start: listens only after a delay |
 * | SANDBOX_SLOW_START_MS | the delay of slow-start; default 5000 |
 * | SANDBOX_HOME_ASSISTANT_TOKEN | the token that operator-home-assistant accepts |
 *
 * Everything else it reads is what the real service reads. It exits 1, with a log line that says why, where the real
 * service does not start; on SIGTERM and SIGINT it exits 0 at once.
 */

import { closeSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  checkDataGenerationAllowed,
  checkModeSettings,
  getDeploymentMode,
  getHealthCheckInfo,
  type Mode,
} from '../../src/deployment/index.ts';
import { createDataWriter } from './data-writer.ts';
import { type Fault, hogMemory, holdMemory, parseFault } from './faults.ts';
import { type Health, serveHealth } from './health-server.ts';
import { createServiceLog, type ServiceLog } from './service-log.ts';
import { findService, findSettingFaults, type ServiceFacts, serviceNames } from './services.ts';

const version = 'sandbox';
const environment = process.env;

const readNumber = (key: string, fallback: number): number => {
  const value = Number(environment[key] || fallback);
  return Number.isFinite(value) && value >= 0 ? value : fallback;
};

function fail(log: ServiceLog, lines: readonly string[]): never {
  for (const line of lines) {
    log.write('error', line);
  }
  process.exit(1);
}

/** SQLite makes the file, but not its folder. Relative paths start at the program's folder, as in the real image. */
function openSqliteFile(log: ServiceLog, key: string): void {
  const path = (environment[key] ?? '').replace(/^sqlite(\+\w+)?:\/\/\//, '');
  const file = resolve(dirname(fileURLToPath(import.meta.url)), path);
  try {
    closeSync(openSync(file, 'a'));
    log.write('info', `Metadata database opened: ${file}`);
  } catch (error) {
    fail(log, [`${key}: unable to open database file ${file} (${(error as NodeJS.ErrnoException).code})`]);
  }
}

async function runHomeAssistant(service: ServiceFacts, log: ServiceLog): Promise<void> {
  const { startHomeAssistantStandIn } = await import('./home-assistant.ts');
  const knownToken =
    service.homeAssistant === 'onboarded' ? environment.SANDBOX_HOME_ASSISTANT_TOKEN : undefined;
  await startHomeAssistantStandIn({
    port: service.port,
    host: '0.0.0.0',
    dataFolder: '/config',
    ...(knownToken === undefined ? {} : { knownToken }),
  });
  log.write('info', `Home Assistant stand-in listens on port ${service.port}`);
}

async function runService(
  service: ServiceFacts,
  mode: Mode,
  fault: Fault | undefined,
  log: ServiceLog,
): Promise<void> {
  const startedAtMs = performance.now();
  const data =
    service.measurement === undefined ? undefined : await createDataWriter(service, environment, log);
  const reportedMode = fault !== 'wrong-mode' ? mode : mode === 'test' ? 'production' : 'test';
  const readStatus = (): Health['status'] => {
    if (fault === 'never-healthy') return 'unhealthy';
    if (performance.now() - startedAtMs < (service.initializingMs ?? 0)) return 'initializing';
    return data?.isWell() === false ? 'degraded' : 'healthy';
  };
  await serveHealth(
    service,
    () => ({
      status: readStatus(),
      service: service.name,
      version,
      uptime: Math.round((performance.now() - startedAtMs) / 1000),
      ...(service.isBound ? { deployment: getHealthCheckInfo({ DEPLOYMENT_MODE: reportedMode }) } : {}),
      ...data?.health(),
    }),
    log.access,
  );
  log.write('info', `${service.name} is ready on port ${service.port}`);
  data?.start(readNumber('SANDBOX_WRITE_INTERVAL_MS', 3000));
}

async function main(): Promise<void> {
  process.on('SIGTERM', () => process.exit(0));
  process.on('SIGINT', () => process.exit(0));
  const name = environment.SANDBOX_SERVICE ?? '';
  const service = findService(name);
  const log = createServiceLog(name || 'stand-in', service?.logStyle ?? 'plain', console.log, console.error);
  if (service === undefined) {
    fail(log, [`SANDBOX_SERVICE "${name}" has no stand-in; there are: ${serviceNames.join(', ')}`]);
  }
  try {
    const fault = parseFault(environment.SANDBOX_FAULT);
    const mode = service.isBound ? getDeploymentMode(environment) : 'production';
    log.write('info', `Starting ${name} ${version}${service.isBound ? ` in ${mode} mode` : ''}`);
    if (service.generatesData) {
      checkDataGenerationAllowed(name, environment);
      checkModeSettings(name, environment);
    }
    const settingFaults = findSettingFaults(service, environment);
    if (settingFaults.length > 0) fail(log, settingFaults);
    if (fault === 'exit-at-once') fail(log, ['exit-at-once: ending, as SANDBOX_FAULT asks']);
    if (service.sqliteKey !== undefined) openSqliteFile(log, service.sqliteKey);
    const ballast = holdMemory(readNumber('SANDBOX_MEMORY_MIB', 4));
    if (fault === 'memory-hog') hogMemory();
    if (fault === 'slow-start') {
      await new Promise(done => setTimeout(done, readNumber('SANDBOX_SLOW_START_MS', 5000)));
    }
    if (service.homeAssistant === undefined) {
      await runService(service, mode, fault, log);
    } else if (fault !== 'never-healthy') {
      await runHomeAssistant(service, log);
    }
    setInterval(
      () =>
        log.write(
          'info',
          `Alive for ${Math.round(performance.now() / 1000)} s, ${ballast.length / 2 ** 20} MiB held`,
        ),
      readNumber('SANDBOX_LOG_INTERVAL_MS', 10_000),
    );
  } catch (error) {
    fail(log, [(error as Error).message]);
  }
}

await main();

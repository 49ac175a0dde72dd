/** What a stand-in does with InfluxDB: its own points every few seconds, or one for each event of Home Assistant. */

import type { Health } from './health-server.ts';
import { createInfluxClient, escapeTag } from './influx-client.ts';
import type { ServiceLog } from './service-log.ts';
import type { ServiceFacts } from './services.ts';

/** Every so many writes, the points are counted again by a query. */
const writesBetweenReads = 10;

export type DataWriter = {
  readonly start: (intervalMs: number) => void;
  /** False while writing fails or Home Assistant is away. */
  readonly isWell: () => boolean;
  readonly health: () => Pick<Health, 'database' | 'home_assistant'>;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** The settings must have been checked before. */
export async function createDataWriter(
  service: ServiceFacts,
  environment: Environment,
  log: ServiceLog,
): Promise<DataWriter> {
  const measurement = service.measurement ?? service.name;
  const bucket = environment.INFLUXDB_BUCKET ?? '';
  const influx = createInfluxClient({
    url: environment.INFLUXDB_URL ?? '',
    org: environment.INFLUXDB_ORG ?? '',
    token: environment.INFLUXDB_TOKEN ?? '',
    bucket,
  });
  let pointsWritten = 0;
  let writes = 0;
  let lastFailure: string | undefined;
  let isConnected = false;
  let events = 0;
  const waiting: string[] = [];

  function report(failure: string | undefined): void {
    if (failure !== lastFailure) {
      if (failure === undefined) {
        log.write('info', `Writing points into bucket ${bucket}`);
      } else {
        log.write('error', `Cannot use bucket ${bucket}: ${failure}`);
      }
    }
    lastFailure = failure;
  }

  async function flush(): Promise<void> {
    const lines = waiting.splice(0);
    if (lines.length === 0) return;
    try {
      await influx.write(lines.join('\n'));
      const isFirst = pointsWritten === 0;
      pointsWritten += lines.length;
      writes += 1;
      if (isFirst) log.write('info', `First point written into bucket ${bucket}`);
      report(undefined);
      if (writes % writesBetweenReads === 1) {
        const count = await influx.count(measurement, service.name);
        log.write('info', `Read back ${count} points of the last 5 minutes`);
      }
    } catch (error) {
      report((error as Error).message);
    }
  }

  const tags = `${measurement},service=${escapeTag(service.name)}`;

  async function followHomeAssistant(): Promise<void> {
    const { followStateChanges } = await import('./ingestion.ts');
    followStateChanges(environment.HA_WS_URL ?? '', environment.HA_TOKEN ?? '', {
      onConnected: version => {
        isConnected = true;
        log.write('info', `Connected to Home Assistant ${version}`);
      },
      onDisconnected: reason => {
        isConnected = false;
        log.write('warning', `Home Assistant is away: ${reason}`);
      },
      onRefused: reason => {
        log.write('error', `Home Assistant refused HA_TOKEN: ${reason}`);
        process.exit(1);
      },
      onStateChanged: change => {
        events += 1;
        const [domain = ''] = change.entityId.split('.');
        const state = change.state.replaceAll(/["\\]/g, '\\$&');
        waiting.push(
          `${tags},domain=${escapeTag(domain)},entity_id=${escapeTag(change.entityId)} state="${state}" ${Date.now()}`,
        );
      },
    });
  }

  if (service.isIngestion) await followHomeAssistant();

  return {
    start: intervalMs => {
      const writeOnce = (): void => {
        if (!service.isIngestion) waiting.push(`${tags} value=${writes}i ${Date.now()}`);
        void flush();
      };
      writeOnce();
      setInterval(writeOnce, intervalMs);
    },
    isWell: () => lastFailure === undefined && (service.isIngestion !== true || isConnected),
    health: () => ({
      database: { connected: lastFailure === undefined && pointsWritten > 0, points_written: pointsWritten },
      ...(service.isIngestion ? { home_assistant: { connected: isConnected, events } } : {}),
    }),
  };
}

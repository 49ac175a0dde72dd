/** `homeiq logs`: what services wrote, of one or all, as lines or as JSON. */

import { followLogs, type LogRequest, readPastLogs, type ServiceLine } from '../app/logs/read-logs.ts';
import { readStack } from '../app/monitor/describe-deployment.ts';
import { noDeployment } from '../app/no-deployment.ts';
import { type ExitCode, exitCodes } from '../core/error.ts';
import { passesLevel } from '../core/logs/log-level.ts';
import { createMatcher } from '../core/logs/search.ts';
import { servicesOfMode } from '../core/stack/stack.ts';
import type { DeploymentRecord } from '../ports/deployment-files.ts';
import type { Ports } from '../ports/ports.ts';
import { toJsonLine } from '../ui/json/escape.ts';
import { logDocument } from '../ui/json/log-line.ts';
import { plainLogLine } from '../ui/plain/log-line.ts';
import type { Arguments } from './arguments.ts';
import type { Session } from './session.ts';
import { suggest, usageError } from './usage-error.ts';

/** Of each service, when neither a time nor a number is given. */
const defaultCount = 100;

async function readRecord({ files }: Ports): Promise<DeploymentRecord> {
  const record = await files.readRecord();
  if (record !== undefined) return record;
  throw noDeployment(files.folder);
}

/** The services to read: those that are named, else all that have a container. */
async function chooseServices(
  ports: Ports,
  record: DeploymentRecord,
  named: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly services: readonly string[]; readonly without: readonly string[] }> {
  const containers = await ports.engine.containers(record.project, signal);
  const present = [...new Set(containers.flatMap(({ service }) => service ?? []))].toSorted();
  if (named.length === 0) return { services: present, without: [] };
  const services = [...new Set(named)];
  const without = services.filter(name => !present.includes(name));
  if (without.length > 0) {
    const stack = await readStack(ports, record);
    const known = [...new Set([...servicesOfMode(stack, record.mode).map(({ name }) => name), ...present])];
    for (const name of without) {
      if (known.includes(name)) continue;
      throw usageError(
        `There is no service ${name}.`,
        suggest(name, known) ?? `The services are ${known.toSorted().join(', ')}.`,
      );
    }
  }
  return { services, without };
}

/** Exit code 0; 1 when none of the services has a container; 130 when following was ended. */
export async function runLogs(
  { ports }: Session,
  parsed: Arguments,
  io: { readonly print: (text: string) => void; readonly warn: (text: string) => void },
  signal: AbortSignal,
): Promise<ExitCode> {
  const { services: named, level, grep, backMs, lines, follow, utc } = parsed.logs;
  const startedMs = ports.clock.now().getTime();
  const record = await readRecord(ports);
  const { services, without } = await chooseServices(ports, record, named, signal);
  for (const name of without) io.warn(`${name} has no container.`);
  if (services.length === 0) io.warn('No service has a container.');
  if (services.length === 0 || (without.length === services.length && !follow)) return exitCodes.failed;
  const hasFilter = level !== undefined || grep !== undefined;
  const matches = createMatcher(grep ?? '');
  const request: LogRequest = {
    services,
    count: lines ?? (backMs === undefined ? defaultCount : undefined),
    sinceMs: backMs === undefined ? undefined : startedMs - backMs,
    isWanted: hasFilter ? entry => passesLevel(entry.level, level) && matches(entry) : undefined,
  };
  const nameWidth = Math.max(0, ...services.map(name => name.length));
  const tell = ({ entry, line }: ServiceLine): void =>
    io.print(parsed.json ? toJsonLine(logDocument(entry, line.text)) : plainLogLine(entry, utc, nameWidth));
  const reading = { engine: ports.engine, clock: ports.clock, project: record.project, signal };
  const last = new Map<string, string>();
  for await (const read of readPastLogs(reading, request)) {
    tell(read);
    if (read.line.at !== undefined) last.set(read.entry.service, read.line.at);
  }
  if (!follow) return signal.aborted ? exitCodes.interrupted : exitCodes.done;
  for await (const read of followLogs(reading, request, { startedMs, last })) tell(read);
  return exitCodes.interrupted;
}

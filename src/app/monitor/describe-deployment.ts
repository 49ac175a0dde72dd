/** What the status needs to know of a deployment before it looks: its record, its stack, and how to ask its database. */

import { parseEnv } from '../../core/env/parse.ts';
import { documentValues } from '../../core/env/values.ts';
import { chooseBudgetMiB } from '../../core/memory/memory-fit.ts';
import { modeFacts, otherMode } from '../../core/mode/mode.ts';
import { planServices } from '../../core/plan/plan-services.ts';
import { parseStack } from '../../core/stack/parse-stack.ts';
import { serviceAddress } from '../../core/stack/service-address.ts';
import type { Stack } from '../../core/stack/stack.ts';
import type { StatusOptions } from '../../core/status/create-status.ts';
import type { DeploymentRecord } from '../../ports/deployment-files.ts';
import type { Ports } from '../../ports/ports.ts';
import { deploymentTarget } from '../deployment-target.ts';
import { checkTokens } from '../isolation/check-tokens.ts';
import { readInfluxSecrets } from '../isolation/influx-secrets.ts';
import { estimateStack } from '../memory/estimate-stack.ts';
import { noDeployment } from '../no-deployment.ts';
import { createDataLook, type DataLook } from './data-look.ts';
import { createHomeAssistantLook, type HomeAssistantLook } from './home-assistant-look.ts';
import type { BoxSource } from './watch-box.ts';
import type { HealthSource } from './watch-health.ts';

export type DescribedDeployment = {
  /** As Compose resolves it; that of the status may count with measured memory. */
  readonly stack: Stack;
  readonly status: Omit<StatusOptions, 'nowMs'>;
  /** Undefined: the mode has no token yet, or InfluxDB publishes no port. */
  readonly queryDataFlow: DataLook | undefined;
  readonly health: HealthSource;
  readonly box: BoxSource;
  /** What is wrong with the tokens that containers hold. Undefined: InfluxDB publishes no port. */
  readonly findTokenProblems: FindTokenProblems | undefined;
};

export type FindTokenProblems = (signal: AbortSignal) => Promise<readonly string[]>;

const valuesOf = (text: string | undefined): Readonly<Record<string, string>> =>
  text === undefined ? {} : documentValues(parseEnv(text));

/** A name of the stack's own network is reached by the port that its service publishes. */
function addressFromHere(stack: Stack, address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { hostname } = new URL(address);
  return stack.services.some(({ name }) => name === hostname) ? serviceAddress(stack, hostname) : address;
}

function describeHomeAssistant(
  ports: Ports,
  stack: Stack,
  { HA_HTTP_URL: address = '', HA_TOKEN: token = '' }: Readonly<Record<string, string>>,
): HomeAssistantLook | undefined {
  const url = addressFromHere(stack, address);
  if (url === undefined || token === '') return undefined;
  try {
    return createHomeAssistantLook({ homeAssistant: ports.homeAssistant(url), token, clock: ports.clock });
  } catch {
    // An address that cannot be one is told where it is set.
    return undefined;
  }
}

/** Asks for this mode's points, and for the other mode's with that mode's own token, when it has one. */
async function describeData(
  ports: Ports,
  stack: Stack,
  { mode, project }: DeploymentRecord,
): Promise<DataLook | undefined> {
  const url = serviceAddress(stack, 'influxdb');
  const [own, other] = await Promise.all([
    ports.files.readEnv().then(valuesOf),
    ports.files.readModeEnv(otherMode(mode)).then(valuesOf),
  ]);
  const { INFLUXDB_TOKEN: token } = own;
  if (url === undefined || token === undefined || token === '') return undefined;
  return createDataLook({
    influx: ports.influx(url),
    engine: ports.engine,
    clock: ports.clock,
    mode,
    project,
    token,
    otherToken: other.INFLUXDB_TOKEN || undefined,
    homeAssistant: describeHomeAssistant(ports, stack, own),
  });
}

async function createTokenCheck(
  ports: Ports,
  stack: Stack,
  { mode, project }: DeploymentRecord,
): Promise<FindTokenProblems | undefined> {
  const url = serviceAddress(stack, 'influxdb');
  if (url === undefined) return undefined;
  const influx = ports.influx(url);
  const secrets = await readInfluxSecrets(ports.files, mode);
  return async signal => {
    const containers = await ports.engine.containers(project, signal);
    const { problems } = await checkTokens({ influx, mode, containers, secrets, signal });
    return problems.map(({ text }) => text.replace(/\.$/, ''));
  };
}

/** The stack by Compose, else from the snapshot: a status must be possible while Compose is missing. */
export const readStack = async (ports: Ports, record: DeploymentRecord): Promise<Stack> =>
  parseStack(
    await ports.compose
      .resolve(deploymentTarget(ports.files.folder, record.project))
      .catch(() => ports.program.stackSnapshot()),
  );

/** Throws a UserError (exit code 4) when nothing is set up in the folder. Compose is not asked when the stack is `known`. */
export async function describeDeployment(
  ports: Ports,
  options: { readonly memoryBudgetMiB: number | undefined },
  known?: Stack,
): Promise<DescribedDeployment> {
  const record = await ports.files.readRecord();
  const envText = await ports.files.readEnv();
  if (record === undefined || envText === undefined) throw noDeployment(ports.files.folder);
  const [stack, host] = await Promise.all([
    known ?? readStack(ports, record),
    ports.host.facts(ports.files.folder),
  ]);
  const estimated = await estimateStack(ports, stack, record.mode);
  const planned = planServices(stack, record.mode, documentValues(parseEnv(envText)));
  return {
    stack,
    status: {
      mode: record.mode,
      level: record.level,
      project: record.project,
      folder: ports.files.folder,
      stack: estimated.stack,
      leftOut: Object.fromEntries(
        planned.flatMap(({ name, reason }) => (reason === undefined ? [] : [[name, reason]])),
      ),
      cores: host.cores,
      budgetMiB: chooseBudgetMiB(
        record.level === 'bundled' ? host.memoryMiB : undefined,
        options.memoryBudgetMiB,
      ),
      bucket: modeFacts[record.mode].mainBucket,
    },
    health: {
      port: ports.health,
      pathOf: name => {
        const service = stack.services.find(each => each.name === name);
        return service === undefined ? undefined : (service.healthPath ?? '/health');
      },
    },
    box: { host: ports.host, engine: ports.engine, folder: ports.files.folder },
    queryDataFlow: await describeData(ports, stack, record),
    findTokenProblems: await createTokenCheck(ports, stack, record),
  };
}

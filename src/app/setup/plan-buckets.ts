/** `homeiq buckets`: a look, or a run like any other. */

import type { BucketsReport } from '../../core/buckets/buckets-report.ts';
import type { BucketsTask } from '../../core/buckets/buckets-task.ts';
import { ExternalError, UserError } from '../../core/error.ts';
import { chooseBudgetMiB, fitMemory } from '../../core/memory/memory-fit.ts';
import type { Mode } from '../../core/mode/mode.ts';
import type { Plan, StepId } from '../../core/plan/plan.ts';
import type { RunRequest } from '../../core/run/run-request.ts';
import { serviceAddress } from '../../core/stack/service-address.ts';
import type { DeploymentRecord } from '../../ports/deployment-files.ts';
import type { Influx } from '../../ports/influxdb.ts';
import type { Ports } from '../../ports/ports.ts';
import { readBucketsWork } from '../buckets/buckets-work.ts';
import { checkBuckets, refuseDeletion } from '../buckets/ensure-buckets.ts';
import { inspectBuckets } from '../buckets/inspect-buckets.ts';
import { readModeDocument, storedToken } from '../buckets/mode-documents.ts';
import { findOutdatedServices } from '../buckets/outdated-services.ts';
import { readStack } from '../monitor/describe-deployment.ts';
import { noDeployment } from '../no-deployment.ts';
import { findStep } from '../worker/steps.ts';

type Deployment = { readonly record: DeploymentRecord; readonly envText: string };

/** Throws a UserError (exit code 4) when nothing is set up in the folder. */
async function readDeployment(ports: Ports): Promise<Deployment> {
  const [record, envText] = await Promise.all([ports.files.readRecord(), ports.files.readEnv()]);
  if (record !== undefined && envText !== undefined) return { record, envText };
  throw noDeployment(ports.files.folder);
}

async function findInflux(ports: Ports, record: DeploymentRecord): Promise<Influx> {
  const url = serviceAddress(await readStack(ports, record), 'influxdb');
  if (url !== undefined) return ports.influx(url);
  throw new UserError('The service influxdb publishes no port, so it cannot be reached from this machine.', {
    hint: 'Remove what compose.override.yaml says of its ports.',
  });
}

/** Services that run with a token that was replaced. Without an engine nothing is found. */
async function findOutdated(ports: Ports, record: DeploymentRecord): Promise<BucketsReport['faults']> {
  const containers = await ports.engine.containers(record.project).catch(() => []);
  const token = storedToken(await readModeDocument(ports.files, record.mode));
  const services = findOutdatedServices(containers, record.mode, token);
  if (services.length === 0) return [];
  return [
    {
      code: 'token-outdated-in-service',
      mode: record.mode,
      message: `These run with another token than the stored one: ${services.join(', ')}.`,
      nextSteps: [`homeiq buckets --mode ${record.mode} recreates them.`],
    },
  ];
}

/** Only looks, at the server as it is. */
export async function lookAtBuckets(
  ports: Ports,
  modes: readonly Mode[],
  signal: AbortSignal,
): Promise<BucketsReport> {
  const { record } = await readDeployment(ports);
  const influx = await findInflux(ports, record);
  const [report, outdated] = await Promise.all([
    inspectBuckets({ influx, files: ports.files, modes, signal }),
    modes.includes(record.mode) ? findOutdated(ports, record) : [],
  ]);
  return { ...report, faults: [...report.faults, ...outdated] };
}

/** A shorter retention is refused before the run begins; a server that cannot be asked is the run's to report. */
async function refuseUnasked(
  ports: Ports,
  record: DeploymentRecord,
  task: BucketsTask,
  deleteData: readonly string[],
): Promise<void> {
  const operatorToken = await ports.files.readSecret('influxdb-operator-token');
  if (task.retentionDays === undefined || operatorToken === undefined) return;
  const influx = await findInflux(ports, record);
  const work = await readBucketsWork({ influx, operatorToken, files: ports.files, task });
  const check = await checkBuckets(work).catch((thrown: unknown) => {
    if (thrown instanceof ExternalError) return undefined;
    throw thrown;
  });
  if (check !== undefined) refuseDeletion(check.decisions, deleteData);
}

const stepsOf = (task: BucketsTask): readonly StepId[] => [
  ...(task.recover === undefined ? [] : (['operator-token'] as const)),
  'influxdb',
  'buckets',
  'token-users',
];

/** Throws a UserError: exit code 4 without a deployment, 3 when data would go without consent. */
export async function planBuckets(
  ports: Ports,
  task: BucketsTask,
  deleteData: readonly string[],
): Promise<Omit<RunRequest, 'runId'>> {
  const { record, envText } = await readDeployment(ports);
  await refuseUnasked(ports, record, task, deleteData);
  const bare: Plan = {
    version: 1,
    mode: record.mode,
    level: record.level,
    project: record.project,
    folder: ports.files.folder,
    services: [],
    memory: fitMemory([], chooseBudgetMiB(undefined, undefined)),
    source: { kind: 'none' },
    changedKeys: [],
    deleteData,
    buckets: task,
    steps: [],
  };
  const steps = stepsOf(task).flatMap(id => {
    const step = findStep(id);
    return step === undefined ? [] : [{ id, title: step.title(bare), done: false }];
  });
  return { plan: { ...bare, steps }, mode: record.mode, envText };
}

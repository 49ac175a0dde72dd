/** `homeiq start`: the recorded mode as its files say. Nothing is asked, nothing is generated, nothing is brought. */

import { modeOfDocument } from '../../core/env/env-identity.ts';
import { parseEnv } from '../../core/env/parse.ts';
import { documentValues } from '../../core/env/values.ts';
import { exitCodes, UserError } from '../../core/error.ts';
import { describeOtherMode } from '../../core/isolation/other-mode.ts';
import { chooseBudgetMiB, fitMemory } from '../../core/memory/memory-fit.ts';
import { otherMode } from '../../core/mode/mode.ts';
import type { Plan, StepId } from '../../core/plan/plan.ts';
import { planServices, toMemoryItems } from '../../core/plan/plan-services.ts';
import { parseStack } from '../../core/stack/parse-stack.ts';
import type { Stack } from '../../core/stack/stack.ts';
import type { DeploymentRecord } from '../../ports/deployment-files.ts';
import type { Ports } from '../../ports/ports.ts';
import { deploymentTarget } from '../deployment-target.ts';
import { estimateStack } from '../memory/estimate-stack.ts';
import { noDeployment } from '../no-deployment.ts';
import { findStep } from '../worker/steps.ts';
import { startRun } from './start-run.ts';

/** Images and buckets are a set-up's to make: a start only sees whether they are there. */
const startSteps: readonly { readonly id: StepId; readonly checkOnly?: true }[] = [
  { id: 'images', checkOnly: true },
  { id: 'audit' },
  { id: 'influxdb' },
  { id: 'buckets', checkOnly: true },
  { id: 'services' },
  { id: 'verify' },
];

async function readDeployment({ files }: Ports): Promise<{ record: DeploymentRecord; envText: string }> {
  const [record, envText] = await Promise.all([files.readRecord(), files.readEnv()]);
  if (record === undefined || envText === undefined) throw noDeployment(files.folder);
  const { mode, nextMode } = record;
  const own = modeOfDocument(parseEnv(envText));
  if (own === mode && nextMode === undefined) return { record, envText };
  const next = nextMode ?? otherMode(mode);
  throw new UserError(
    nextMode === undefined
      ? `.env is ${own === undefined ? 'of no mode' : `of ${own} mode`}, and this deployment is in ${mode} mode.`
      : `A switch from ${mode} to ${next} was interrupted while the settings were written.`,
    {
      nextSteps: [`On to ${next}: homeiq switch ${next}`, `Back to ${mode}: homeiq switch ${mode}`],
      exitCode: exitCodes.refused,
    },
  );
}

/** The two modes never run together: what carries the other one is not joined. */
async function refuseRunningOther(
  { engine }: Ports,
  { mode, project }: DeploymentRecord,
  stack: Stack,
): Promise<void> {
  const containers = await engine.containers(project);
  const others = containers.filter(
    container =>
      ['running', 'restarting', 'paused'].includes(container.state) &&
      describeOtherMode(container, stack, mode) !== undefined,
  );
  if (others.length === 0) return;
  throw new UserError(
    `${others.map(({ service, name }) => service ?? name).join(', ')} runs in another mode than ${mode}, and the two never run together.`,
    { nextSteps: [`Stop what is not ${mode}'s: homeiq switch ${mode}`], exitCode: exitCodes.refused },
  );
}

/** Starts the run; resolves to its id. Throws a UserError: exit code 4 without a deployment, 3 when it is not safe. */
export async function startRecorded(
  ports: Ports,
  options: { readonly memoryBudgetMiB: number | undefined },
): Promise<string> {
  const { record, envText } = await readDeployment(ports);
  const { mode, level, project } = record;
  const { folder } = ports.files;
  const stack = parseStack(await ports.compose.resolve(deploymentTarget(folder, project)));
  await refuseRunningOther(ports, record, stack);
  const { memoryMiB } = await ports.host.facts(folder);
  const estimated = await estimateStack(ports, stack, mode);
  const services = planServices(estimated.stack, mode, documentValues(parseEnv(envText)));
  const bare: Plan = {
    version: 1,
    mode,
    level,
    project,
    folder,
    services,
    memory: fitMemory(
      toMemoryItems(services),
      chooseBudgetMiB(level === 'bundled' ? memoryMiB : undefined, options.memoryBudgetMiB),
    ),
    source: { kind: 'none' },
    changedKeys: [],
    steps: [],
  };
  const steps = startSteps.flatMap(({ id, checkOnly }) => {
    const step = findStep(id);
    const only = checkOnly === undefined ? {} : { checkOnly };
    return step === undefined ? [] : [{ id, title: step.title(bare), done: false, ...only }];
  });
  return startRun(ports, { plan: { ...bare, steps }, mode, envText });
}

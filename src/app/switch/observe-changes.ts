/** What a plan would do to what runs: which mode it leaves, each service's change, and the memory on the way. */

import { describeOtherMode } from '../../core/isolation/other-mode.ts';
import { memoryOnTheWay } from '../../core/memory/memory-on-the-way.ts';
import { type Mode, otherMode } from '../../core/mode/mode.ts';
import { diffServices } from '../../core/plan/diff-services.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Stack } from '../../core/stack/stack.ts';
import type { DeploymentRecord } from '../../ports/deployment-files.ts';
import type { Container } from '../../ports/engine.ts';
import type { Ports } from '../../ports/ports.ts';

type ObservedChanges = Pick<Plan, 'from' | 'changes' | 'onTheWay'>;

type Wanted = {
  readonly plan: Plan;
  /** Resolved with `values`, those of the wanted document. */
  readonly stack: Stack;
  readonly values: Readonly<Record<string, string>>;
};

const hasProcess = ({ state }: Container): boolean =>
  state === 'running' || state === 'paused' || state === 'restarting';

/** The recorded mode, or the one whose containers are there although the record says otherwise. */
function modeLeft(
  record: DeploymentRecord,
  { plan: { mode }, stack }: Wanted,
  containers: readonly Container[],
): Mode | undefined {
  if (record.mode !== mode) return record.mode;
  const hasOther = containers.some(container => describeOtherMode(container, stack, mode) !== undefined);
  return hasOther ? otherMode(mode) : undefined;
}

async function compareServices(
  ports: Ports,
  { plan, stack, values }: Wanted,
  containers: readonly Container[],
): Promise<Pick<Plan, 'changes' | 'onTheWay'>> {
  const files = await ports.program.stackFilePaths(plan.level, plan.folder);
  const [hashes, imageIds] = await Promise.all([
    ports.compose.hashes({ folder: plan.folder, project: plan.project, files, environment: values }),
    ports.engine.images(stack.services.map(({ image }) => image)),
  ]);
  const { mode, services } = plan;
  const changes = diffServices({ mode, stack, services, containers, hashes, imageIds });
  const running = new Set(containers.filter(hasProcess).flatMap(({ service }) => service ?? []));
  const expectedMiB = new Map(stack.services.map(service => [service.name, service.expectedMiB]));
  return { changes, onTheWay: memoryOnTheWay(changes, running, expectedMiB) };
}

/** Only looks. Nothing where no deployment exists yet, or where the engine or Compose does not answer. */
export async function observeChanges(ports: Ports, wanted: Wanted): Promise<ObservedChanges> {
  const record = await ports.files.readRecord();
  if (record === undefined) return {};
  const containers = await ports.engine.containers(wanted.plan.project).catch(() => undefined);
  const from = modeLeft(record, wanted, containers ?? []);
  const compared =
    containers === undefined ? {} : await compareServices(ports, wanted, containers).catch(() => ({}));
  return { ...(from === undefined ? {} : { from }), ...compared };
}

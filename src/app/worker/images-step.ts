/** Brings every image of the services that start: here already, else pulled, else built from the source tree. */

import { ExternalError, reportError, UserError } from '../../core/error.ts';
import { type Service, servicesOfMode } from '../../core/stack/stack.ts';
import { type Step, type StepContext, verifyByCheck } from './step.ts';

async function startingServices(context: StepContext): Promise<readonly Service[]> {
  const starts = new Set(context.plan.services.filter(service => service.start).map(service => service.name));
  return servicesOfMode(await context.stack(), context.request.mode).filter(
    service => starts.has(service.name) || service.standIn === true,
  );
}

async function missingImages(context: StepContext): Promise<{ missing: readonly Service[]; all: number }> {
  const services = await startingServices(context);
  const here = await context.ports.engine.images(
    services.map(service => service.image),
    context.signal,
  );
  return { missing: services.filter(service => !here.has(service.image)), all: services.length };
}

/** An image of the operator's own source tree carries the tree's revision as its tag: no registry can have it. */
const isBuiltHere = (context: StepContext, service: Service): boolean =>
  service.hasBuild && context.plan.source.kind !== 'none';

/** Pulls one image; returns the error when that did not work. */
async function tryPull(context: StepContext, service: Service): Promise<unknown> {
  const event = { kind: 'image', service: service.name, image: service.image } as const;
  try {
    await context.emit({ ...event, phase: 'pulling' });
    await context.ports.compose.pull(context.target, service.name, {
      signal: context.signal,
      onProgress: progress => void context.emit({ ...event, phase: 'pulling', detail: progress.text }),
    });
    await context.emit({ ...event, phase: 'ready' });
    return undefined;
  } catch (thrown) {
    context.signal.throwIfAborted();
    await context.emit({ ...event, phase: 'failed', detail: reportError(thrown).message });
    return thrown;
  }
}

async function prepareSource({ ports, plan, detail, signal }: StepContext): Promise<void> {
  if (plan.source.kind === 'clone') {
    detail(`Cloning ${plan.source.url} at ${plan.source.revision}`);
    const { url, revision, path } = plan.source;
    await ports.sources.clone({ url, revision, folder: path }, { onLine: detail, signal });
  }
  await ports.sources.prepareBase(plan.level, signal);
}

async function build(context: StepContext, services: readonly Service[]): Promise<void> {
  await prepareSource(context);
  for (const service of services) {
    await context.emit({ kind: 'image', service: service.name, image: service.image, phase: 'building' });
    await context.ports.compose.build(context.target, [service.name], {
      signal: context.signal,
      onProgress: progress => context.detail(`${service.name}: ${progress.text}`),
    });
    await context.emit({ kind: 'image', service: service.name, image: service.image, phase: 'ready' });
  }
}

function explainMissing(failures: readonly { service: Service; thrown: unknown }[]): UserError {
  const first = failures[0];
  const report = reportError(first?.thrown);
  const names = failures.map(({ service }) => service.name).join(', ');
  const isBuildable = failures.some(({ service }) => service.hasBuild);
  return new ExternalError(
    `${failures.length} of the images cannot be had: ${names}. ${first?.service.image}: ${report.message}`,
    {
      hint: isBuildable
        ? 'They can be built from a HomeIQ source tree: give its folder with --source, or --fetch-source to clone it.'
        : (report.hint ?? 'Check the network of this machine and the name of the image.'),
      nextSteps: report.nextSteps,
      ...(report.tail === undefined ? {} : { tail: report.tail }),
    },
  );
}

const check: Step['check'] = async context => {
  const { missing, all } = await missingImages(context);
  return missing.length === 0
    ? { isDone: true, summary: `${all} here` }
    : { isDone: false, summary: `${missing.length} of ${all} are missing` };
};

export const imagesStep: Step = {
  id: 'images',
  title: () => 'Images',
  check,
  act: async context => {
    const { missing, all } = await missingImages(context);
    const failures: { service: Service; thrown: unknown }[] = [];
    for (const service of missing.filter(service => !isBuiltHere(context, service))) {
      const thrown = await tryPull(context, service);
      if (thrown !== undefined) failures.push({ service, thrown });
    }
    if (failures.length > 0) throw explainMissing(failures);
    const built = missing.filter(service => isBuiltHere(context, service));
    if (built.length > 0) await build(context, built);
    const pulled = missing.length - built.length;
    return [`${all - missing.length} here`, `${built.length} built`, `${pulled} pulled`].join(', ');
  },
  verify: verifyByCheck({ check }, summary => new UserError(`After the images step ${summary}.`)),
};

/** Brings every image of the services that start: here already, else pulled, else built from the source tree. */

import { ExternalError, reportError, UserError } from '../../core/error.ts';
import { type Service, servicesOfMode } from '../../core/stack/stack.ts';
import { buildImages } from './build-images.ts';
import { type PullFailure, pullImages } from './pull-images.ts';
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

function explainMissing(failures: readonly PullFailure[], services: readonly Service[]): UserError {
  const first = failures[0];
  const report = reportError(first?.thrown);
  const names = failures.map(({ service }) => service).join(', ');
  const failed = services.filter(({ name }) => failures.some(({ service }) => service === name));
  const isNowhere = first?.thrown instanceof ExternalError && first.thrown.code === 'image-not-found';
  const isBuildable = isNowhere && failed.some(({ hasBuild }) => hasBuild);
  const message =
    failures.length === 1
      ? report.message
      : `${failures.length} of the images cannot be had: ${names}. ${report.message}`;
  const hint = isBuildable
    ? 'HomeIQ’s own can be built from its source tree: give its folder with --source, or --fetch-source to clone it.'
    : report.hint;
  return new ExternalError(message, {
    ...(hint === undefined ? {} : { hint }),
    nextSteps: [...new Set(failures.flatMap(({ thrown }) => reportError(thrown).nextSteps))],
    ...(report.command === undefined ? {} : { command: report.command }),
    ...(report.tail === undefined ? {} : { tail: report.tail }),
  });
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
    // Services that share an image name it once.
    const wanted = missing.filter(
      (service, index) =>
        !isBuiltHere(context, service) && missing.findIndex(({ image }) => image === service.image) === index,
    );
    if (wanted.length > 0) {
      const pulling = wanted.map(({ name, image }) => ({ service: name, image }));
      const failures = await pullImages(context, pulling);
      if (failures.length > 0) throw explainMissing(failures, wanted);
    }
    const built = missing.filter(service => isBuiltHere(context, service));
    if (built.length > 0) await buildImages(context, built);
    const pulled = missing.length - built.length;
    return [`${all - missing.length} here`, `${built.length} built`, `${pulled} pulled`].join(', ');
  },
  verify: verifyByCheck({ check }, summary => new UserError(`After the images step ${summary}.`)),
};

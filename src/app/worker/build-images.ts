/** Builds images from a source tree, one after the other, and tells the steps of each build. */

import { describeBuildStep } from '../../core/images/build-step.ts';
import type { Service } from '../../core/stack/stack.ts';
import type { StepContext } from './step.ts';

async function prepareSource({ ports, plan, detail, signal }: StepContext): Promise<void> {
  if (plan.source.kind === 'clone') {
    detail(`Cloning ${plan.source.url} at ${plan.source.revision}`);
    const { url, revision, path } = plan.source;
    await ports.sources.clone({ url, revision, folder: path }, { onLine: detail, signal });
  }
  await ports.sources.prepareBase(plan.level, signal);
}

/** Throws what the first failing build threw; images that are built by then stay. */
export async function buildImages(context: StepContext, services: readonly Service[]): Promise<void> {
  await prepareSource(context);
  const target = await context.wantedTarget();
  for (const { name: service, image } of services) {
    const event = { kind: 'image', service, image } as const;
    await context.emit({ ...event, phase: 'building' });
    let told: string | undefined;
    await context.ports.compose.build(target, [service], {
      signal: context.signal,
      onProgress: ({ text }) => {
        // What the commands of a build print is for its end, when it failed: thousands of lines say little here.
        const step = describeBuildStep(text);
        if (step === undefined || step === told) return;
        told = step;
        void context.emit({ ...event, phase: 'building', detail: step });
      },
    });
    await context.emit({ ...event, phase: 'ready' });
  }
}

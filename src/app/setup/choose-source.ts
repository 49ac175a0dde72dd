/** Where images are built from, and what a clone of HomeIQ would cost. */

import type { Plan, SourceChoice } from '../../core/plan/plan.ts';
import type { Stack } from '../../core/stack/stack.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Choices, Draft } from '../wizard/wizard-types.ts';
import type { DraftingOptions } from './drafting-options.ts';

/** The revision that `compose.yaml` and the templates belong to. */
export const homeiqSource = {
  url: 'https://github.com/wtthornton/HomeIQ.git',
  revision: '8e84c4eb',
  /** Estimates of a whole build on a mini-PC: base images, Python packages and models. */
  downloadMB: 4500,
  diskGB: 15,
  minutes: 40,
} as const;

/** The program's own tree at the sandbox level, else the operator's, else a clone when it was consented to. */
export async function chooseSource(
  ports: Ports,
  options: DraftingOptions,
  choices: Choices,
): Promise<SourceChoice> {
  const path = ports.program.bundledSource(options.level) ?? options.source;
  if (path !== undefined) return { kind: 'folder', path, revision: await ports.sources.revision(path) };
  if (!choices.fetchSource) return { kind: 'none' };
  const { url, revision } = homeiqSource;
  return { kind: 'clone', path: `${options.folder}/.homeiq/source`, url, revision };
}

/** Offered when images that could be built are neither here nor in a registry, and no source was given. */
export async function cloneOffer(
  ports: Ports,
  plan: Plan,
  stack: Stack,
  isInRegistry: (reference: string) => Promise<boolean>,
): Promise<Draft['cloneOffer']> {
  if (plan.source.kind !== 'none' || plan.level !== 'bundled') return undefined;
  const starts = new Set(plan.services.filter(({ start }) => start).map(({ name }) => name));
  const buildable = stack.services.filter(({ name, hasBuild }) => hasBuild && starts.has(name));
  const here = await ports.engine
    .images(buildable.map(({ image }) => image))
    .catch(() => new Map<string, string>());
  const missing = buildable.map(({ image }) => image).filter(image => !here.has(image));
  const found = await Promise.all(missing.map(isInRegistry));
  return found.every(isFound => isFound) ? undefined : homeiqSource;
}

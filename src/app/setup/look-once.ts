/** The engine for the parts of one draft: what several of them look at is looked at once. */

import type { Container, Engine } from '../../ports/engine.ts';

/** The containers of a project are also known from a look at those of all projects. A look that failed is tried again. */
export function lookOnce(engine: Engine): Engine {
  const containers = new Map<string | undefined, readonly Container[]>();
  /** Image id by reference; undefined: it is not here. */
  const images = new Map<string, string | undefined>();
  return {
    ...engine,
    containers: async (project, signal) => {
      const seen =
        containers.get(project) ??
        containers.get(undefined)?.filter(container => container.project === project) ??
        (await engine.containers(project, signal));
      containers.set(project, seen);
      return seen;
    },
    images: async (references, signal) => {
      const open = references.filter(reference => !images.has(reference));
      const found = open.length === 0 ? new Map<string, string>() : await engine.images(open, signal);
      for (const reference of open) images.set(reference, found.get(reference));
      return new Map(
        references.flatMap(reference => {
          const id = images.get(reference);
          return id === undefined ? [] : [[reference, id] as const];
        }),
      );
    },
  };
}

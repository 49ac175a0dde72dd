/** Source trees whose Dockerfiles build the images, and what the sandbox's ones stand on. */

import path from 'node:path';
import type { Engine } from '../../ports/engine.ts';
import type { SourceTrees } from '../../ports/program.ts';
import { cloneSource } from './clone-source.ts';
import { ensureSandboxBase } from './sandbox-base.ts';
import { sourceRevision } from './source-revision.ts';

export function createSourceTrees(options: {
  readonly engine: Engine;
  readonly programFolder: string;
}): SourceTrees {
  const { engine, programFolder } = options;
  return {
    revision: sourceRevision,
    clone: async (request, { onLine, signal }) => {
      await cloneSource({ ...request, onLine, signal });
    },
    prepareBase: async (level, signal) => {
      if (level !== 'sandbox') return;
      await ensureSandboxBase(engine, {
        sandboxFolder: path.join(programFolder, 'sandbox'),
        programPath: path.join(programFolder, 'dist', 'sandbox', 'stand-in.mjs'),
        signal,
      });
    },
  };
}

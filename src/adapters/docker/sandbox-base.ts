/** The image that every stand-in of the sandbox is built from, made of this machine's own programs: no registry. */

import { ExternalError } from '../../core/error.ts';
import type { Engine } from '../../ports/engine.ts';
import { packFolder, type StagedBase, stageSandboxBase } from './sandbox-base-files.ts';

/** What the sandbox's Dockerfiles say after FROM. */
const sandboxBaseReference = 'homeiq-sandbox/base:latest';

export type SandboxBaseOptions = {
  /** The folder `sandbox/` of this program. */
  readonly sandboxFolder: string;
  /** The bundled stand-in: one file that runs with nothing but Node. */
  readonly programPath: string;
  /** The Node binary to pack; this process's own unless given. */
  readonly nodePath?: string;
  readonly signal?: AbortSignal;
};

export type SandboxBase = {
  /** By content: the same programs give the same reference. */
  readonly reference: string;
  readonly imageId: string;
  /** False: it was there already. */
  readonly wasMade: boolean;
};

/**
 * Makes the base image unless one with the same content is there, and lets `homeiq-sandbox/base:latest` name it.
 * Holds Node, bash as its shell, the libraries both need, the stand-in, and stand-ins of curl, wget and python for
 * health checks: about 130 MB, shared by all. Throws a UserError when this machine lacks a part, an ExternalError when
 * the engine refuses.
 */
export async function ensureSandboxBase(
  engine: Pick<Engine, 'images' | 'importImage' | 'tagImage'>,
  options: SandboxBaseOptions,
): Promise<SandboxBase> {
  const { signal } = options;
  const staged = await stageSandboxBase({ nodePath: process.execPath, ...options });
  try {
    const reference = `homeiq-sandbox/base:${staged.contentHash.slice(0, 12)}`;
    const present = await findImage(engine, reference, signal);
    const imageId = present ?? (await importBase(engine, reference, staged, signal));
    if ((await findImage(engine, sandboxBaseReference, signal)) !== imageId) {
      await engine.tagImage(imageId, sandboxBaseReference, signal);
    }
    return { reference, imageId, wasMade: present === undefined };
  } finally {
    await staged.remove();
  }
}

async function importBase(
  engine: Pick<Engine, 'images' | 'importImage'>,
  reference: string,
  staged: StagedBase,
  signal: AbortSignal | undefined,
): Promise<string> {
  await engine.importImage(reference, packFolder(staged.folder, signal), signal);
  const imageId = await findImage(engine, reference, signal);
  if (imageId === undefined) {
    throw new ExternalError(`The engine took the image ${reference}, but does not have it`, {
      hint: 'The base of the sandbox could not be made.',
      nextSteps: ['See what Docker holds: docker images', 'Then try again.'],
    });
  }
  return imageId;
}

const findImage = async (
  engine: Pick<Engine, 'images'>,
  reference: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> => (await engine.images([reference], signal)).get(reference);

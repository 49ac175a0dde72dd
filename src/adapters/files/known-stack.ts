/**
 * `.homeiq/stack.json`: the stack as Compose resolved it last, with a stamp of the files that it was resolved from and of
 * the program that wrote it. What a service's environment holds is left out: there are secrets in it.
 */

import type { Stack } from '../../core/stack/stack.ts';
import type { KnownStack } from '../../ports/known-stack.ts';
import { targetStamp } from '../docker/compose-model.ts';
import { deploymentPaths } from './deployment-paths.ts';
import { readText } from './read-text.ts';
import { writeFileAtomically } from './write-file.ts';

type Kept = { readonly stamp: string; readonly stack: Stack };

const withoutEnvironment = (stack: Stack): Stack => ({
  ...stack,
  services: stack.services.map(service => ({ ...service, environment: {} })),
});

export function createKnownStack(folder: string, programVersion: string): KnownStack {
  const { knownStack } = deploymentPaths(folder);
  /** The values of a deployment are in its files. */
  const stampOf = async (target: Parameters<KnownStack['recall']>[0]): Promise<string> =>
    `${programVersion} ${await targetStamp({ ...target, environment: undefined })}`;
  return {
    recall: async target => {
      try {
        const [text, stamp] = await Promise.all([readText(knownStack), stampOf(target)]);
        const kept: Kept | undefined = text === undefined ? undefined : JSON.parse(text);
        return kept?.stamp === stamp ? kept.stack : undefined;
      } catch {
        return undefined;
      }
    },
    keep: async (target, stack) => {
      const write = async (): Promise<void> => {
        const kept: Kept = { stamp: await stampOf(target), stack: withoutEnvironment(stack) };
        await writeFileAtomically(knownStack, `${JSON.stringify(kept)}\n`);
      };
      await write().catch(() => undefined);
    },
  };
}

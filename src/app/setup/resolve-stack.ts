/** The stack of values that may not be written yet: by Compose where there is one, else from the committed snapshot. */

import { parseStack } from '../../core/stack/parse-stack.ts';
import type { Stack } from '../../core/stack/stack.ts';
import type { ComposeTarget } from '../../ports/compose.ts';
import type { Ports } from '../../ports/ports.ts';
import type { DraftingOptions } from './drafting-options.ts';

export type ResolveStack = (values: Readonly<Record<string, string>>) => Promise<Stack>;

/** How many sets of values are remembered: each mode's own, and one in between. */
const rememberedSets = 3;

const targetOf = async (
  ports: Ports,
  { level, folder }: DraftingOptions,
  values: Readonly<Record<string, string>>,
): Promise<ComposeTarget> => ({
  folder,
  project: values.COMPOSE_PROJECT_NAME ?? 'homeiq',
  files: await ports.program.stackFilePaths(level, folder),
  environment: values,
});

/** Has Compose say the hashes of the stack, which a plan compares with what is there; tells no failure. */
export async function foreseeHashes(
  ports: Ports,
  options: DraftingOptions,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    // Where nothing is there, nothing is compared.
    if ((await ports.files.readRecord()) === undefined) return;
    await ports.compose.hashes(await targetOf(ports, options, values));
  } catch {
    // Asked again when they are needed.
  }
}

/** Asks Compose once for each set of values; a question that failed is asked again. */
export function resolveStack(ports: Ports, options: DraftingOptions): ResolveStack {
  const known = new Map<string, Promise<Stack>>();
  const resolve = async (values: Readonly<Record<string, string>>): Promise<Stack> => {
    const hasCompose = await ports.compose.version().then(
      () => true,
      () => false,
    );
    if (!hasCompose) return parseStack(await ports.program.stackSnapshot());
    return parseStack(await ports.compose.resolve(await targetOf(ports, options, values)));
  };
  return values => {
    // The order of a document is not the order of another one.
    const key = JSON.stringify(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const stack = known.get(key) ?? resolve(values);
    // The one used last is the last to be forgotten.
    known.delete(key);
    known.set(key, stack);
    stack.catch(() => {
      if (known.get(key) === stack) known.delete(key);
    });
    for (const old of [...known.keys()].slice(0, -rememberedSets)) known.delete(old);
    return stack;
  };
}

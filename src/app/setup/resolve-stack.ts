/** The stack of values that may not be written yet: by Compose where there is one, else from the committed snapshot. */

import { parseStack } from '../../core/stack/parse-stack.ts';
import type { Stack } from '../../core/stack/stack.ts';
import type { Ports } from '../../ports/ports.ts';
import type { DraftingOptions } from './drafting-options.ts';

export type ResolveStack = (values: Readonly<Record<string, string>>) => Promise<Stack>;

/** Asks Compose once for each set of values. */
export function resolveStack(ports: Ports, options: DraftingOptions): ResolveStack {
  let last: { readonly key: string; readonly stack: Promise<Stack> } | undefined;
  const resolve = async (values: Readonly<Record<string, string>>): Promise<Stack> => {
    const hasCompose = await ports.compose.version().then(
      () => true,
      () => false,
    );
    if (!hasCompose) return parseStack(await ports.program.stackSnapshot());
    return parseStack(
      await ports.compose.resolve({
        folder: options.folder,
        project: values.COMPOSE_PROJECT_NAME ?? 'homeiq',
        files: await ports.program.stackFilePaths(options.level, options.folder),
        environment: values,
      }),
    );
  };
  return values => {
    const key = JSON.stringify(values);
    if (last?.key !== key) last = { key, stack: resolve(values) };
    return last.stack;
  };
}

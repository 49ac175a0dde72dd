/** What changes between two env documents, by key. */

import type { EnvDocument } from './env-document.ts';
import { holdsPassword } from './secret-keys.ts';
import { documentValues } from './values.ts';

/** Shown in place of a secret. */
export const hiddenValue = '(hidden)';

export type EnvDifference = {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly key: string;
  readonly isSecret: boolean;
  /** `hiddenValue` for a secret that is not empty; undefined when the key is not there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
};

/**
 * The keys whose value differs as Compose reads it, in the order of `after`, the removed ones last.
 * How a value is written, comments and order make no difference.
 */
export function diffDocuments(
  before: EnvDocument | undefined,
  after: EnvDocument,
  isSecret: (key: string) => boolean,
): readonly EnvDifference[] {
  const old = before === undefined ? {} : documentValues(before);
  const current = documentValues(after);
  const valueIn = (values: Readonly<Record<string, string>>, key: string): string | undefined =>
    Object.hasOwn(values, key) ? values[key] : undefined;
  const show = (key: string, value: string | undefined): string | undefined =>
    value === undefined || value === '' || !(isSecret(key) || holdsPassword(value)) ? value : hiddenValue;
  const keys = [...new Set([...Object.keys(current), ...Object.keys(old)])];
  return keys.flatMap(key => {
    const from = valueIn(old, key);
    const to = valueIn(current, key);
    if (from === to) return [];
    const kind = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed';
    return [{ kind, key, isSecret: isSecret(key), before: show(key, from), after: show(key, to) } as const];
  });
}

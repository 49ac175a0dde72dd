/** What else a setting could be: values that this program knows, offered for choice instead of typing. */

import type { TemplateField, ValueOrigin } from './template-field.ts';

export type Alternative = { readonly origin: ValueOrigin; readonly value: string };

export type KnownValues = {
  /** In the mode's document now. */
  readonly current: string | undefined;
  /** What this machine knows. */
  readonly machine: string | undefined;
  readonly standIn: string | undefined;
  /** A new one; undefined where this program does not make the value. */
  readonly generated: string | undefined;
};

/**
 * The known values of a field that differ from `value`, each once, with where it comes from. A new secret is among them
 * only where there is one already: nothing replaces a secret but the operator's choice.
 */
export function listAlternatives(
  field: TemplateField,
  value: string,
  known: KnownValues,
): readonly Alternative[] {
  const offered: readonly (readonly [ValueOrigin, string | undefined])[] = [
    ['current', known.current],
    ['machine', known.machine],
    ['default', field.defaultValue],
    ['stand-in', known.standIn],
    ['generated', known.current === undefined || known.current === '' ? undefined : known.generated],
  ];
  const seen = new Set([value]);
  return offered.flatMap(([origin, text]) => {
    if (text === undefined || text === '' || seen.has(text)) return [];
    seen.add(text);
    return [{ origin, value: text }];
  });
}

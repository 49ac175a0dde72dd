/** The env documents of a deployment as they are to be worked on: edits made by hand are folded in. Only looks. */

import type { EnvDocument } from '../../core/env/env-document.ts';
import { type EnvIdentity, identifyEnv } from '../../core/env/env-identity.ts';
import { applyEdits, foldDocuments, type HandEdits, selectEdits } from '../../core/env/fold.ts';
import { parseEnv } from '../../core/env/parse.ts';
import type { TemplateField } from '../../core/env/template-field.ts';
import { documentValues, setValues } from '../../core/env/values.ts';
import { type Mode, modes, otherMode } from '../../core/mode/mode.ts';
import type { Ports } from '../../ports/ports.ts';

export type EnvDocuments = {
  /** `.env` as it is; undefined when there is none. */
  readonly envText: string | undefined;
  readonly identity: EnvIdentity;
  /** The mode whose document is in `.env`. */
  readonly activeMode: Mode | undefined;
  readonly documents: Readonly<Record<Mode, EnvDocument | undefined>>;
  /** What was edited by hand in `.env` since it was last written. */
  readonly edits: HandEdits;
};

const parseIfThere = (text: string | undefined): EnvDocument | undefined =>
  text === undefined ? undefined : parseEnv(text);

/** One value for both modes, and not decided by the plan. */
export const isSharedField = (field: TemplateField): boolean =>
  field.scope === 'shared' && !/^HOMEIQ_\w+_HELD$/.test(field.key);

/** A secret of this program that was deleted by hand comes back as it was: something may have been made with it. */
function restoreGenerated(
  document: EnvDocument,
  edits: HandEdits,
  before: EnvDocument | undefined,
  fields: readonly TemplateField[],
): EnvDocument {
  const had = before === undefined ? {} : documentValues(before);
  const restored = fields
    .filter(({ key, isGenerated, isSecret }) => isGenerated && isSecret && edits.removed.includes(key))
    .flatMap(({ key }) => (had[key] === undefined ? [] : [[key, had[key]] as const]));
  return setValues(document, Object.fromEntries(restored));
}

/**
 * Reads `.env` and the documents of both modes. Edits by hand are folded into the document of the mode that `.env` is
 * of, those of shared keys into the other's too. Of a `.env` that is not this deployment's nothing is taken.
 */
export async function readDocuments(
  files: Ports['files'],
  fields: readonly TemplateField[],
): Promise<EnvDocuments> {
  const [envText, record, test, production] = await Promise.all([
    files.readEnv(),
    files.readRecord(),
    ...modes.map(mode => files.readModeEnv(mode)),
  ]);
  const own: Record<Mode, EnvDocument | undefined> = {
    test: parseIfThere(test),
    production: parseIfThere(production),
  };
  const env = parseIfThere(envText);
  const identity = identifyEnv(env, record);
  const unfolded = { envText, identity, documents: own, edits: { changed: {}, removed: [] } };
  if (env === undefined || identity.kind !== 'known') return { ...unfolded, activeMode: record?.mode };
  const { mode } = identity;
  const base = parseIfThere(await files.readWrittenEnv(mode)) ?? own[mode];
  const { document, edits } = foldDocuments({ base, edited: env, document: own[mode] });
  const shared = new Set(fields.filter(isSharedField).map(({ key }) => key));
  const other = own[otherMode(mode)];
  return {
    envText,
    identity,
    activeMode: mode,
    documents: {
      ...own,
      [mode]: restoreGenerated(document, edits, base, fields),
      [otherMode(mode)]:
        other === undefined
          ? undefined
          : applyEdits(
              other,
              selectEdits(edits, key => shared.has(key)),
            ),
    },
    edits,
  };
}

/** What the operator is told about edits by hand. Names only. */
export function describeEdits(edits: HandEdits, fields: readonly TemplateField[]): readonly string[] {
  const known = new Map(fields.map(field => [field.key, field]));
  const changed = Object.keys(edits.changed);
  return [
    ...(changed.length === 0 ? [] : [`Edited by hand in .env, and kept: ${changed.join(', ')}.`]),
    ...edits.removed.map(key => {
      const field = known.get(key);
      if (field === undefined) return `${key} was deleted by hand in .env, and stays deleted.`;
      return field.isGenerated && field.isSecret
        ? `${key} was deleted by hand in .env; it comes back as it was.`
        : `${key} was deleted by hand in .env; it comes back with its default.`;
    }),
  ];
}

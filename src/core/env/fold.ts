/** Edits made by hand in `.env`, brought together with the mode's own document. */

import type { EnvDocument } from './env-document.ts';
import { documentValues, type EnvValues, removeKeys, setValues } from './values.ts';

export type FoldInput = {
  /** What this program wrote into `.env` last; undefined: not known, and the mode's document stands in. */
  readonly base: EnvDocument | undefined;
  /** `.env` as it is now. */
  readonly edited: EnvDocument;
  /** The mode's own document; undefined: there is none yet. */
  readonly document: EnvDocument | undefined;
};

export type HandEdits = {
  /** Keys that were added or changed by hand, with their new values as Compose reads them. */
  readonly changed: EnvValues;
  /** Keys that were deleted by hand. */
  readonly removed: readonly string[];
};

export type Folded = { readonly document: EnvDocument; readonly edits: HandEdits };

const noEdits: HandEdits = { changed: {}, removed: [] };

const differing = (from: EnvValues, to: EnvValues): EnvValues =>
  Object.fromEntries(
    Object.entries(to).filter(([key, value]) => !Object.hasOwn(from, key) || from[key] !== value),
  );

/**
 * Three-way, key by key: what was edited by hand since the last writing wins; every other key is as in the mode's
 * document, and a key that only `.env` still has stays. The text is that of `.env`, so that comments, order and the way
 * of writing are the operator's too; without a difference in values it comes back as it is.
 */
export function foldDocuments({ base, edited, document }: FoldInput): Folded {
  const last = base ?? document;
  if (last === undefined) return { document: edited, edits: noEdits };
  const before = documentValues(last);
  const now = documentValues(edited);
  const changed = differing(before, now);
  const removed = Object.keys(before).filter(key => !Object.hasOwn(now, key));
  const gone = new Set(removed);
  const theirs = differing(before, document === undefined ? before : documentValues(document));
  const taken = Object.fromEntries(
    Object.entries(theirs).filter(([key]) => !Object.hasOwn(changed, key) && !gone.has(key)),
  );
  const folded = Object.keys(taken).length === 0 ? edited : setValues(edited, { ...changed, ...taken });
  return { document: folded, edits: { changed, removed } };
}

/** The edits as far as they concern keys that `isMeant`. */
export const selectEdits = (edits: HandEdits, isMeant: (key: string) => boolean): HandEdits => ({
  changed: Object.fromEntries(Object.entries(edits.changed).filter(([key]) => isMeant(key))),
  removed: edits.removed.filter(isMeant),
});

/** The same edits made in another document: shared keys have one value for both modes. */
export const applyEdits = (document: EnvDocument, edits: HandEdits): EnvDocument =>
  setValues(removeKeys(document, edits.removed), edits.changed);

/** A parsed `.env` that keeps everything: comments, order, blank lines, unknown keys, line ends. */
export type EnvDocument = { readonly lines: readonly EnvLine[] };
export type EnvLine =
  /** A blank line, a comment, or a line that cannot be read: kept as it is. */
  | { readonly kind: 'other'; readonly raw: string }
  | { readonly kind: 'entry'; readonly raw: string; readonly key: string; readonly value: string };

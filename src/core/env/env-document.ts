/** A parsed `.env` that keeps everything: comments, order, blank lines, unknown keys, line ends, unreadable lines. */

/** Stands at the very start of a file, when at all. */
export const byteOrderMark = '\uFEFF';

type EnvQuoting = 'none' | 'single' | 'double';

export type EnvEntry = {
  readonly kind: 'entry';
  /** The statement as it stands in the file, with its line end; a quoted value may span lines. */
  readonly raw: string;
  readonly key: string;
  /** Without quotes and escapes. References such as `${NAME}` are left as they are: `isInterpolated` tells. */
  readonly value: string;
  readonly quoting: EnvQuoting;
  /** Where the value with its quotes stands in `raw`. */
  readonly valueStart: number;
  readonly valueEnd: number;
  /** The value refers to other variables, so that what Compose reads depends on them. */
  readonly isInterpolated: boolean;
};

/** A piece of the file. The pieces' `raw` texts one after the other are the file. */
export type EnvLine =
  | { readonly kind: 'blank' | 'comment'; readonly raw: string }
  /** A key without a value: Compose takes it from its own environment. */
  | { readonly kind: 'inherited'; readonly raw: string; readonly key: string }
  /** Compose refuses the whole file because of this line. */
  | { readonly kind: 'unreadable'; readonly raw: string; readonly reason: string }
  | EnvEntry;

export type EnvDocument = {
  /** The file starts with U+FEFF, as some Windows editors write it. */
  readonly hasByteOrderMark: boolean;
  readonly lines: readonly EnvLine[];
};

export const emptyDocument: EnvDocument = { hasByteOrderMark: false, lines: [] };

export const isEntry = (line: EnvLine): line is EnvEntry => line.kind === 'entry';

/** The entry that counts for `key`: the last one, as in Compose and dotenv. */
export const findEntry = (document: EnvDocument, key: string): EnvEntry | undefined =>
  document.lines.filter(isEntry).findLast(entry => entry.key === key);

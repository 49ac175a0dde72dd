import { byteOrderMark, type EnvDocument } from './env-document.ts';

/** The text of a document; what was parsed and not changed comes out as it was, byte for byte. */
export const serialiseEnv = (document: EnvDocument): string =>
  (document.hasByteOrderMark ? byteOrderMark : '') + document.lines.map(line => line.raw).join('');

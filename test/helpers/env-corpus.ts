import { readdirSync, readFileSync } from 'node:fs';

export type CorpusFile = { readonly name: string; readonly bytes: Buffer; readonly text: string };

const folder = new URL('../fixtures/env/', import.meta.url);

/** The awkward env files of test/fixtures/env, with their byte order marks. */
export const envCorpus = (): readonly CorpusFile[] =>
  readdirSync(folder).map(name => {
    const bytes = readFileSync(new URL(name, folder));
    return { name, bytes, text: bytes.toString('utf8') };
  });

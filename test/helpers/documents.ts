/** The documents as data: what the tests hold them to. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

export const readDocument = (name: string): string => readFileSync(join(root, name), 'utf8');

/** The commands of the block that `<!-- tried: NAME -->` stands before. */
export function readTriedCommands(document: string, name: string): string {
  const block = document.split(`<!-- tried: ${name} -->\n`)[1];
  const commands = /^```sh\n([\s\S]*?)^```$/m.exec(block ?? '')?.[1];
  if (commands === undefined) throw new Error(`There are no commands called ${name}`);
  return commands;
}

/** The name by which a link finds a heading, as GitHub makes it. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

export const headingsOf = (document: string): readonly string[] =>
  document
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .split('\n')
    .flatMap(line => /^#{1,4} (.+)$/.exec(line)?.[1] ?? []);

/** What a folder holds, so that a test can say that nothing in it has changed. */

import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** One line for each entry below `path`, itself included: its kind, mode, owner and content. */
export function describeTree(path: string): readonly string[] {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return [`${path} is not there`];
  const head = `${path} ${facts.mode.toString(8)} ${facts.uid}:${facts.gid}`;
  if (facts.isSymbolicLink()) return [`${head} -> ${readlinkSync(path)}`];
  if (!facts.isDirectory()) return [`${head} ${facts.mtimeMs} ${readFileSync(path, 'base64')}`];
  return [
    head,
    ...readdirSync(path)
      .toSorted()
      .flatMap(name => describeTree(join(path, name))),
  ];
}

/** Answers of Compose that several parts of one action ask for: half a second each on a mini-PC, so each is asked once. */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComposeTarget } from '../../ports/compose.ts';

/** Long enough for one draft or one step; what the stamp does not see (a file in another folder) is old for no longer. */
const lifetimeMs = 5000;

type ShortMemory = (key: string, ask: () => Promise<string>) => Promise<string>;

/** The same question within five seconds gets the same answer; a failed one is asked again. */
export function createShortMemory(): ShortMemory {
  const known = new Map<string, { readonly askedAtMs: number; readonly answer: Promise<string> }>();
  return async (key, ask) => {
    const nowMs = performance.now();
    for (const [other, { askedAtMs }] of known) if (nowMs - askedAtMs > lifetimeMs) known.delete(other);
    const shared = await known.get(key)?.answer.catch(() => undefined);
    if (shared !== undefined) return shared;
    const answer = ask();
    known.set(key, { askedAtMs: nowMs, answer });
    answer.catch(() => {
      if (known.get(key)?.answer === answer) known.delete(key);
    });
    return answer;
  };
}

async function stampOf(path: string): Promise<string> {
  const facts = await stat(path).catch(() => undefined);
  return facts === undefined ? `${path} -` : `${path} ${facts.mtimeMs} ${facts.size} ${facts.ino}`;
}

/** Differs when what Compose resolves may differ: the values, the project, or a file that it reads. */
export async function targetStamp({ folder, project, files, environment }: ComposeTarget): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  // Any file of the folder may be named in an `env_file` or an `include`.
  const own = names.map(name => join(folder, name));
  const stamps = await Promise.all([...own, ...files].map(stampOf));
  return JSON.stringify([folder, project, files, environment ?? null, stamps]);
}

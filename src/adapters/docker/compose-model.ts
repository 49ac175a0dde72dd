/** Answers of Compose that several parts of one action ask for: half a second each on a mini-PC, so each is asked once. */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComposeAnswer } from '../../core/run/run-request.ts';
import type { ComposeTarget } from '../../ports/compose.ts';
import { stateFolderName } from '../files/deployment-paths.ts';
import { sha256Hex } from '../files/hex.ts';

/** Long enough for one draft or one step; what the stamp does not see (a file in another folder) is old for no longer. */
const lifetimeMs = 5000;

type ShortMemory = {
  readonly recall: (question: string, ask: () => Promise<string>) => Promise<string>;
  /** What is known and not too old. */
  readonly answers: () => Promise<readonly ComposeAnswer[]>;
};

/**
 * The same question within five seconds gets the same answer; a failed one is asked again. `given` are answers that
 * another process has just got: they count as got now.
 */
export function createShortMemory(given: readonly ComposeAnswer[] = []): ShortMemory {
  const known = new Map<string, { readonly askedAtMs: number; readonly answer: Promise<string> }>(
    given.map(({ key, answer }) => [key, { askedAtMs: performance.now(), answer: Promise.resolve(answer) }]),
  );
  const forgetOld = (nowMs: number): void => {
    for (const [key, { askedAtMs }] of known) if (nowMs - askedAtMs > lifetimeMs) known.delete(key);
  };
  return {
    recall: async (question, ask) => {
      // A question holds secret values, and a whole model.
      const key = sha256Hex(question);
      const nowMs = performance.now();
      forgetOld(nowMs);
      const shared = await known.get(key)?.answer.catch(() => undefined);
      if (shared !== undefined) return shared;
      const answer = ask();
      known.set(key, { askedAtMs: nowMs, answer });
      answer.catch(() => {
        if (known.get(key)?.answer === answer) known.delete(key);
      });
      return answer;
    },
    answers: async () => {
      forgetOld(performance.now());
      const settled = [...known].map(([key, { answer }]) =>
        answer.then(
          text => [{ key, answer: text }],
          () => [],
        ),
      );
      return (await Promise.all(settled)).flat();
    },
  };
}

async function stampOf(path: string): Promise<string> {
  const facts = await stat(path).catch(() => undefined);
  return facts === undefined ? `${path} -` : `${path} ${facts.mtimeMs} ${facts.size} ${facts.ino}`;
}

/** Differs when what Compose resolves may differ: the values, the project, or a file that it reads. */
export async function targetStamp({ folder, project, files, environment }: ComposeTarget): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  // Any file of the folder may be named in an `env_file` or an `include`, but for this program's own.
  const own = names.filter(name => name !== stateFolderName).map(name => join(folder, name));
  const stamps = await Promise.all([...own, ...files].map(stampOf));
  const values = Object.entries(environment ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([folder, project, files, environment === undefined ? null : values, stamps]);
}

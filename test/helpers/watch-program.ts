/** Every process that the program starts and all that it writes into files, its detached worker included. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { findSecrets, type Secret } from './secrets.ts';

export type Seen =
  | { readonly kind: 'process'; readonly command: string }
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'move'; readonly from: string; readonly to: string }
  /** Written in a way that cannot be looked into. */
  | { readonly kind: 'unseen'; readonly path: string };

/** Where secrets may be, below the deployment folder. */
const mayHoldSecrets = /^\/(?:\.env|\.homeiq\/(?:modes|secrets|backups)\/[^/]+)$/;

export function watchProgram() {
  const notes = mkdtempSync(join(tmpdir(), 'homeiq-watch-'));
  const file = join(notes, 'seen.jsonl');
  // As JavaScript: not every Node that the program runs on reads types.
  const watcher = join(notes, 'watch-program.mjs');
  buildSync({
    entryPoints: [join(import.meta.dirname, '..', 'fixtures', 'watch-program.ts')],
    outfile: watcher,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
  });
  const seen = (): readonly Seen[] =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Seen);
  return {
    /** For the program that is to be watched. */
    environment: { NODE_OPTIONS: `--import=${watcher}`, HOMEIQ_TEST_WATCH: file },
    /** Where secrets are and must not be, by name; a file is judged by the place where it ends up. */
    findLeaks: (secrets: readonly Secret[], folder: string) => {
      const all = seen();
      const moved = new Map(all.flatMap(one => (one.kind === 'move' ? [[one.from, one.to] as const] : [])));
      const commands = all.flatMap(one => (one.kind === 'process' ? [one.command] : []));
      const writings = all.flatMap(one => (one.kind === 'file' ? [one] : []));
      const files = new Set(writings.map(({ path }) => moved.get(path) ?? path));
      const leaks = [
        ...findSecrets(secrets, commands).map(name => `${name} is an argument of a process`),
        ...writings.flatMap(({ path, text }) => {
          const place = moved.get(path) ?? path;
          if (place.startsWith(folder) && mayHoldSecrets.test(place.slice(folder.length))) return [];
          return findSecrets(secrets, [text]).map(name => `${name} is in ${place}`);
        }),
        ...all.flatMap(one => (one.kind === 'unseen' ? [`${one.path} could not be looked into`] : [])),
      ];
      return { commands, files: [...files], leaks };
    },
    remove: () => rmSync(notes, { recursive: true, force: true }),
  };
}

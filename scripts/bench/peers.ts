/** The programs that people watch containers with: on the PATH, or in the cache that the set-up of the tests fills. */

import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Contender } from './watch-cost.ts';

/** What brings each of them. */
const peers: readonly (Omit<Contender, 'file'> & { readonly bring: string })[] = [
  {
    title: 'lazydocker',
    args: [],
    // A row without figures: they come a second later, and with names of this length they stand outside its window.
    row: /watched-\d+/,
    environment: { CONFIG_DIR: path.join(import.meta.dirname, 'lazydocker') },
    bring: 'go install github.com/jesseduffield/lazydocker@v0.23.0',
  },
  { title: 'oxker', args: [], row: /\b\d\d\.\d\d%/, bring: 'cargo install oxker' },
];

function findProgram(name: string): string | undefined {
  const cache = path.join(
    process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'),
    'homeiq-setup',
    'bin',
  );
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), cache];
  return folders
    .map(folder => path.join(folder, name))
    .find(file => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Those that are here; for each of the others a line that says what brings it. */
export function findPeers(): { readonly found: readonly Contender[]; readonly missing: readonly string[] } {
  const looked = peers.map(({ bring, ...peer }) => ({ peer, bring, file: findProgram(peer.title) }));
  return {
    found: looked.flatMap(({ peer, file }) => (file === undefined ? [] : [{ ...peer, file }])),
    missing: looked.flatMap(({ peer, bring, file }) =>
      file === undefined ? [`${peer.title} is not here; it comes with: ${bring}`] : [],
    ),
  };
}

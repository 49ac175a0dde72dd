/** Which process listens on a port, as far as /proc shows it to this account. */

import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** TCP_LISTEN in the kernel's tables, `include/net/tcp_states.h`. */
const listening = '0A';

/** Inode of each listening socket by port, from the text of /proc/net/tcp or tcp6. */
export function parseListeners(table: string): ReadonlyMap<number, readonly string[]> {
  const inodes = new Map<number, string[]>();
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const [, local = '', , state] = fields;
    const inode = fields[9];
    if (state !== listening || inode === undefined) continue;
    const port = Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16);
    inodes.set(port, [...(inodes.get(port) ?? []), inode]);
  }
  return inodes;
}

/**
 * Reads the tables once and returns a look-up by port: `nginx (pid 812)`, or undefined when no process of that socket
 * can be seen, which without root is so for every other account's. `root` stands for `/`.
 */
export async function createHolderFinder(
  root: string,
): Promise<(port: number) => Promise<string | undefined>> {
  const tables = await Promise.all(
    ['proc/net/tcp', 'proc/net/tcp6'].map(path => readFile(join(root, path), 'utf8').catch(() => '')),
  );
  const listeners = tables.map(parseListeners);
  let owners: Promise<ReadonlyMap<string, string>> | undefined;
  return async port => {
    const inodes = listeners.flatMap(byPort => byPort.get(port) ?? []);
    if (inodes.length === 0) return undefined;
    owners ??= readSocketOwners(root);
    const pids = await owners;
    const pid = inodes.map(inode => pids.get(inode)).find(found => found !== undefined);
    if (pid === undefined) return undefined;
    const name = (await readFile(join(root, 'proc', pid, 'comm'), 'utf8').catch(() => '')).trim();
    return name === '' ? `pid ${pid}` : `${name} (pid ${pid})`;
  };
}

/** Pid by socket inode. */
async function readSocketOwners(root: string): Promise<ReadonlyMap<string, string>> {
  const owners = new Map<string, string>();
  const names = await readdir(join(root, 'proc')).catch(() => []);
  await Promise.all(
    names
      .filter(name => /^\d+$/.test(name))
      .map(async pid => {
        const folder = join(root, 'proc', pid, 'fd');
        // Another account's processes do not show their files.
        const descriptors = await readdir(folder).catch(() => []);
        for (const descriptor of descriptors) {
          const target = await readlink(join(folder, descriptor)).catch(() => '');
          const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
          // A socket handed to children belongs to the oldest of them.
          if (inode !== undefined && Number(pid) < Number(owners.get(inode) ?? Number.POSITIVE_INFINITY)) {
            owners.set(inode, pid);
          }
        }
      }),
  );
  return owners;
}

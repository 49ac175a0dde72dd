/** What the machine says of itself. Everything here only looks. */

import { readFile, stat, statfs } from 'node:fs/promises';
import { availableParallelism, hostname, machine, networkInterfaces, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Host } from '../../ports/host.ts';
import { findDiskOf } from './disk-of.ts';
import { readMachine } from './machine.ts';
import { createHolderFinder } from './port-holders.ts';
import { canBind } from './port-probe.ts';

const bytesPerMiB = 1024 * 1024;

type HostOptions = {
  /** The process environment: SSH_CONNECTION is read. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The folder that stands for `/` where /proc, /sys and /etc are read. */
  readonly root?: string;
};

export function createHost({ environment = {}, root = '/' }: HostOptions = {}): Host {
  return {
    facts: async folder => {
      const [system, memory, limitMiB, diskFreeMiB] = await Promise.all([
        readSystemName(root),
        readMemory(root),
        readCgroupLimitMiB(root),
        readDiskFreeMiB(folder),
      ]);
      const memoryMiB = Math.min(memory.totalMiB, limitMiB);
      return {
        hostname: hostname(),
        system,
        architecture: machine(),
        cores: availableParallelism(),
        memoryMiB,
        availableMiB: Math.min(memory.availableMiB, memoryMiB),
        swapMiB: memory.swapMiB,
        diskFreeMiB,
        // Read when it is asked for: the status is not, and to know it takes the tables of every language.
        get timeZone() {
          return readTimeZone();
        },
        dockerGroupId: await readGroupId(join(root, 'var/run/docker.sock')),
        addresses: orderAddresses(environment.SSH_CONNECTION, localAddresses()),
      };
    },

    machine: async () => readMachine(root),
    disk: findDiskOf,

    portsInUse: async ports => {
      const held: { readonly address: string; readonly port: number }[] = [];
      for (const { address, port } of ports) {
        if (!(await canBind(address, port))) held.push({ address, port });
      }
      if (held.length === 0) return [];
      const findHolder = await createHolderFinder(root);
      return Promise.all(held.map(async ({ port }) => ({ port, holder: await findHolder(port) })));
    },
  };
}

const readGroupId = (file: string): Promise<number | undefined> =>
  stat(file).then(
    ({ gid }) => gid,
    () => undefined,
  );

/** TZ or /etc/localtime, as the runtime resolves them. */
function readTimeZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return timeZone === undefined || timeZone === 'Etc/Unknown' ? 'UTC' : timeZone;
}

const readText = (root: string, path: string): Promise<string> =>
  readFile(join(root, path), 'utf8').catch(() => '');

/** Name and version from os-release: `Debian 12`, `Ubuntu 24.04`. */
async function readSystemName(root: string): Promise<string> {
  const text = (await readText(root, 'etc/os-release')) || (await readText(root, 'usr/lib/os-release'));
  const field = (name: string): string =>
    (new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '').trim().replace(/^(["'])(.*)\1$/, '$2');
  const name = field('NAME').replace(/ GNU\/Linux$/, '') || field('ID') || 'Linux';
  return `${name} ${field('VERSION_ID')}`.trim();
}

type Memory = { readonly totalMiB: number; readonly availableMiB: number; readonly swapMiB: number };

/** /proc/meminfo, in kB that are KiB. `MemAvailable` is the kernel's own estimate of what can be had without swapping. */
async function readMemory(root: string): Promise<Memory> {
  const text = await readText(root, 'proc/meminfo');
  const mebibytes = (name: string): number | undefined => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
    return found === undefined ? undefined : Math.floor(Number(found) / 1024);
  };
  const totalMiB = mebibytes('MemTotal') ?? Math.floor(totalmem() / bytesPerMiB);
  return {
    totalMiB,
    availableMiB: mebibytes('MemAvailable') ?? totalMiB,
    swapMiB: mebibytes('SwapTotal') ?? 0,
  };
}

/** The smallest limit on the way up from this process's own control group; Infinity when there is none. */
async function readCgroupLimitMiB(root: string): Promise<number> {
  const own = await readText(root, 'proc/self/cgroup');
  const unified = /^0::(\/.*)$/m.exec(own)?.[1];
  const memory = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(\/.*)$/m.exec(own)?.[1];
  const files = [
    ...foldersUpwards(unified).map(folder => join('sys/fs/cgroup', folder, 'memory.max')),
    ...foldersUpwards(memory).map(folder => join('sys/fs/cgroup/memory', folder, 'memory.limit_in_bytes')),
  ];
  const limits = await Promise.all(files.map(async path => Number.parseInt(await readText(root, path), 10)));
  return Math.min(
    Number.POSITIVE_INFINITY,
    ...limits.filter(bytes => bytes > 0).map(bytes => Math.floor(bytes / bytesPerMiB)),
  );
}

function foldersUpwards(folder: string | undefined): readonly string[] {
  if (folder === undefined) return [];
  return folder === '/' ? ['/'] : [folder, ...foldersUpwards(dirname(folder))];
}

/** Of the nearest folder above that exists, for what an account without privileges may use. */
async function readDiskFreeMiB(folder: string): Promise<number> {
  const path = resolve(folder);
  try {
    const { bavail, bsize } = await statfs(path);
    return Math.floor((bavail * bsize) / bytesPerMiB);
  } catch {
    const parent = dirname(path);
    return parent === path ? 0 : readDiskFreeMiB(parent);
  }
}

/** Names of interfaces that only containers and virtual machines of this host can reach. */
const isVirtual = (name: string): boolean => /^(docker|br-|veth|virbr|lxc|cni|flannel|podman)/.test(name);

function localAddresses(): readonly string[] {
  return Object.entries(networkInterfaces())
    .filter(([name]) => !isVirtual(name))
    .flatMap(([, entries]) => entries ?? [])
    .filter(entry => !entry.internal && !entry.address.startsWith('fe80:'))
    .sort((a, b) => (a.family === b.family ? 0 : a.family === 'IPv4' ? -1 : 1))
    .map(entry => entry.address);
}

/** SSH_CONNECTION is `client port server port`: the server's address is known to be reachable from the operator's machine. */
export function orderAddresses(
  sshConnection: string | undefined,
  addresses: readonly string[],
): readonly string[] {
  const server = sshConnection
    ?.trim()
    .split(/\s+/)[2]
    ?.replace(/%.*$/, '')
    .replace(/^::ffff:/, '');
  return [...new Set([...(server === undefined || server === '' ? [] : [server]), ...addresses])];
}

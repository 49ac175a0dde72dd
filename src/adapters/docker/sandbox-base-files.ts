/** Gathers the files of the sandbox's base image and packs them with the system's tar. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ExternalError, UserError } from '../../core/error.ts';
import { announceStart, describeCommand, runProcess } from '../process/run-process.ts';

export type StagedBase = {
  readonly folder: string;
  /** SHA-256 over every path and content, in hex. */
  readonly contentHash: string;
  readonly remove: () => Promise<void>;
};

export type StageOptions = {
  readonly sandboxFolder: string;
  readonly programPath: string;
  readonly nodePath: string;
  readonly signal?: AbortSignal;
};

/** The names under which health checks look for a way to ask over HTTP. */
const probeNames = ['curl', 'wget', 'python', 'python3'];

const textFiles: Readonly<Record<string, string>> = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n',
  'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
  'etc/nsswitch.conf': 'hosts: files dns\n',
};

/** What `ldd` says of a program: the absolute paths of its libraries and its loader, and the names it did not find. */
export function parseLibraries(output: string): {
  readonly paths: readonly string[];
  readonly missing: readonly string[];
} {
  const lines = output.split('\n').map(line => line.trim());
  return {
    paths: lines.flatMap(line => /^(?:\S+ => )?(\/\S+)(?: \(0x[0-9a-f]+\))?$/.exec(line)?.[1] ?? []),
    missing: lines.flatMap(line => /^(\S+) => not found/.exec(line)?.[1] ?? []),
  };
}

async function findLibraries(program: string, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const { stdout } = await runProcess('ldd', [program], {
    env: { ...process.env, LC_ALL: 'C' },
    ...(signal === undefined ? {} : { signal }),
  });
  const { paths, missing } = parseLibraries(stdout);
  if (missing.length > 0) {
    throw new UserError(`${program} lacks a library: ${missing.join(', ')}`, {
      hint: 'The sandbox packs this program with its libraries.',
      nextSteps: ['Repair or reinstall it, then try again.'],
    });
  }
  return paths;
}

/** Name resolution of glibc before 2.34 loads these at run time, so `ldd` does not name them. */
async function findResolverLibraries(libraries: readonly string[]): Promise<readonly string[]> {
  const libc = libraries.find(path => path.endsWith('/libc.so.6'));
  if (libc === undefined) return [];
  const candidates = ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2'].map(name =>
    join(dirname(libc), name),
  );
  const isThere = await Promise.all(candidates.map(exists));
  return candidates.filter((_, index) => isThere[index]);
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function findBash(): Promise<string> {
  for (const path of ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash']) {
    if (await exists(path)) return path;
  }
  throw new UserError('The sandbox needs bash, and this machine has none', {
    hint: 'It becomes the shell of the stand-ins; nothing is downloaded.',
    nextSteps: ['Install it: sudo apt-get install bash', 'Or look around without Docker: homeiq --rehearse'],
  });
}

/** Path in the image, without the leading slash, to the file on this machine. */
async function listFiles(options: StageOptions): Promise<ReadonlyMap<string, string>> {
  const { signal } = options;
  const bash = await findBash();
  const probe = join(options.sandboxFolder, 'base', 'probe.sh');
  for (const path of [probe, options.programPath]) {
    if (!(await exists(path))) {
      throw new UserError(`${path} is missing`, {
        hint: 'It is a part of this program that the sandbox needs.',
        nextSteps: ['Build the program again: npm run build'],
      });
    }
  }
  const found = await Promise.all([options.nodePath, bash].map(path => findLibraries(path, signal)));
  const libraries = [...new Set(found.flat())];
  const resolver = await findResolverLibraries(libraries);
  return new Map([
    ...[...libraries, ...resolver].map(path => [path.slice(1), path] as const),
    ['usr/local/bin/node', options.nodePath],
    ['bin/bash', bash],
    ['bin/sh', bash],
    ['app/stand-in.mjs', options.programPath],
    ...probeNames.map(name => [`usr/local/bin/${name}`, probe] as const),
  ]);
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function hashContents(files: ReadonlyMap<string, string>): Promise<string> {
  const sources = [...new Set(files.values())];
  const digests = new Map(
    await Promise.all(sources.map(async path => [path, await hashFile(path)] as const)),
  );
  const lines = [...files].map(([path, source]) => `${path} ${digests.get(source)}`).sort();
  return createHash('sha256')
    .update(JSON.stringify([lines, textFiles]))
    .digest('hex');
}

/**
 * Lays the image's tree out in a temporary folder, with links to the real files, which `packFolder` follows.
 * The folder must be removed afterwards. Throws a UserError for what this machine lacks.
 */
export async function stageSandboxBase(options: StageOptions): Promise<StagedBase> {
  const files = await listFiles(options);
  const contentHash = await hashContents(files);
  const folder = await mkdtemp(join(tmpdir(), 'homeiq-sandbox-base-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    for (const [path, source] of files) {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      await symlink(await realpath(source), target);
    }
    for (const [path, text] of Object.entries(textFiles)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await mkdir(join(folder, 'root'));
    await mkdir(join(folder, 'tmp'));
    await chmod(join(folder, 'tmp'), 0o1777);
    return { folder, contentHash, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The folder as a tar stream, links followed, everything owned by root. Throws an ExternalError when tar fails. */
export async function* packFolder(folder: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const args = [
    '--create',
    '--dereference',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    // Every account in a container may run and read them, whatever the umask here was.
    '--mode=a+rX',
    '--mtime=@0',
    '--sort=name',
    '--file=-',
    `--directory=${folder}`,
    '.',
  ];
  announceStart('tar', args);
  const child = spawn('tar', args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // Awaited below; an early failure must not count as unhandled meanwhile.
  ended.catch(() => undefined);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  try {
    yield* child.stdout;
    const code = await ended;
    if (code !== 0) {
      throw new ExternalError('The base image of the sandbox could not be packed', {
        command: describeCommand('tar', args),
        ...(code === null ? {} : { status: code }),
        tail: said.trim(),
      });
    }
  } finally {
    child.kill();
  }
}

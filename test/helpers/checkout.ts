/** A small checkout with the real launcher, on a machine whose npm and Node are stubs that only keep a record. */

import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export type Checkout = ReturnType<typeof createCheckout>;

export type Start = {
  readonly exitCode: number | null;
  readonly stderr: string;
  /** What the program saw; undefined when it was not started. */
  readonly program:
    | {
        readonly args: readonly string[];
        readonly folder: string;
        readonly flags: readonly string[];
        readonly environment: Readonly<Record<string, string>>;
      }
    | undefined;
};

/** All that the launcher may use besides the shell, npm and Node. */
const TOOLS = ['cat', 'cksum', 'find', 'flock', 'mkdir', 'mktemp', 'mv', 'readlink', 'rm', 'sort', 'uname'];

const PROGRAM = `
console.log(JSON.stringify({
  args: process.argv.slice(2), folder: process.cwd(), flags: process.execArgv, environment: process.env,
}));
`;

const BUILD = `
import { appendFileSync, writeFileSync } from 'node:fs';
appendFileSync(process.env.RECORD, 'build\\n');
writeFileSync('dist/main.js', ${JSON.stringify(PROGRAM)});
`;

/** Waits as long as there is a file "hold", fails as long as there is a file "offline". */
const NPM = `#!/bin/sh
echo "npm $1 $(for last; do :; done; echo "$last")" >>"$RECORD"
while [ -e "$RECORD.hold" ]; do sleep 0.01; done
if [ -e "$RECORD.offline" ]; then echo 'npm error network' >&2; exit 1; fi
for last; do :; done
case $1 in
ci) mkdir -p node_modules ;;
install)
  package=$3/node_modules/\${last%@*}
  mkdir -p "$package/bin"
  ln -s "$REAL_NODE" "$package/bin/node"
  : >"$package/LICENSE"
  ;;
esac
`;

/** `machineNode` is what the machine's own Node says of itself; undefined: there is none. */
export function createCheckout({
  shell,
  machineNode,
  hasNpm = true,
}: {
  readonly shell: readonly [string, ...string[]];
  readonly machineNode?: string;
  readonly hasNpm?: boolean;
}) {
  const top = mkdtempSync(join(tmpdir(), 'homeiq launcher-'));
  const root = join(top, 'check out');
  const bin = join(top, 'bin');
  const record = join(top, 'record');
  const elsewhere = join(top, 'elsewhere');
  for (const folder of ['src', 'sandbox', 'scripts/lib']) mkdirSync(join(root, folder), { recursive: true });
  for (const folder of [bin, elsewhere]) mkdirSync(folder);
  cpSync('scripts/homeiq', join(root, 'scripts/homeiq'));
  cpSync('scripts/lib/prepare.sh', join(root, 'scripts/lib/prepare.sh'));
  for (const file of ['src/main.tsx', 'package-lock.json', 'tsconfig.json']) write(file, '1\n');
  write('package.json', '{"type": "module"}\n');
  write('scripts/build.mjs', BUILD);
  writeFileSync(record, '');

  const [shellName = ''] = shell;
  for (const tool of [...TOOLS, 'sleep', 'ln']) symlinkSync(find(tool), join(bin, tool));
  symlinkSync(find(shellName), join(bin, shellName));
  if (hasNpm) script('npm', NPM);
  if (machineNode !== undefined) {
    script(
      'node',
      `#!/bin/sh\nif [ "$1" = --version ]; then echo ${machineNode}; else exec "$REAL_NODE" "$@"; fi\n`,
    );
  }

  function write(file: string, text: string) {
    writeFileSync(join(root, file), text);
  }

  function script(name: string, text: string) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }

  async function start(
    args: readonly string[] = [],
    {
      environment = {},
      launcher = join(root, 'scripts/homeiq'),
      obeysPermissions = false,
    }: {
      readonly environment?: Readonly<Record<string, string>>;
      readonly launcher?: string;
      /** Root may write everywhere; with this it may not. */
      readonly obeysPermissions?: boolean;
    } = {},
  ): Promise<Start> {
    const command = [join(bin, shellName), ...shell.slice(1), launcher, ...args];
    if (obeysPermissions && process.getuid?.() === 0) {
      command.unshift(find('setpriv'), '--bounding-set=-dac_override', '--');
    }
    const [file = '', ...rest] = command;
    const child = spawn(file, rest, {
      cwd: elsewhere,
      env: {
        PATH: bin,
        XDG_CACHE_HOME: join(top, 'cache'),
        RECORD: record,
        REAL_NODE: process.execPath,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, exitCode] = await Promise.all([
      read(child.stdout),
      read(child.stderr),
      ended(child),
    ]);
    return { exitCode, stderr, program: stdout === '' ? undefined : JSON.parse(stdout) };
  }

  return {
    root,
    elsewhere,
    cache: join(top, 'cache', 'homeiq-setup'),
    start,
    write,
    /** What was run since the last time this was asked. */
    takeRecord(): readonly string[] {
      const lines = readFileSync(record, 'utf8')
        .split('\n')
        .filter(line => line !== '');
      writeFileSync(record, '');
      return lines;
    },
    record: () =>
      readFileSync(record, 'utf8')
        .split('\n')
        .filter(line => line !== ''),
    set: (state: 'hold' | 'offline') => writeFileSync(`${record}.${state}`, ''),
    unset: (state: 'hold' | 'offline') => rmSync(`${record}.${state}`),
    removeTool: (name: string) => rmSync(join(bin, name)),
    dispose: () => rmSync(top, { recursive: true, force: true }),
  };
}

function find(tool: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.map(folder => join(folder, tool)).find(path => existsSync(path));
  if (found === undefined) throw new Error(`${tool} is not on this machine`);
  return found;
}

async function read(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

async function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

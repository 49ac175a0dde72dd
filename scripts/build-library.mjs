/** Builds `homeiq-setup/deployment` into dist/deployment: for import, for require, with types for both, and the guard. */

import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './lib/bundle.mjs';

const library = path.join(root, 'dist', 'deployment');
const source = path.join(root, 'src', 'deployment');

/** @type {readonly {format: 'esm' | 'cjs', type: string}[]} */
const forms = [
  { format: 'esm', type: 'module' },
  { format: 'cjs', type: 'commonjs' },
];

await rm(library, { recursive: true, force: true });
for (const { format, type } of forms) {
  const folder = path.join(library, format);
  await build({
    entryPoints: [path.join(source, 'index.ts')],
    outfile: path.join(folder, 'deployment', 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node18',
    format,
    logLevel: 'warning',
  });
  // Says of every file below how it is to be read, the types included.
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify({ type })}\n`);
  const types = spawnSync(
    process.execPath,
    [
      path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
      ...['--project', path.join(source, 'tsconfig.json')],
      ...['--outDir', folder],
    ],
    { stdio: 'inherit' },
  );
  if (types.status !== 0) process.exit(types.status ?? 1);
}
const guard = path.join(library, 'homeiq-guard');
await mkdir(library, { recursive: true });
await copyFile(path.join(source, 'homeiq-guard'), guard);
await chmod(guard, 0o755);

/** How the program is bundled; the start-up benchmark bundles what it compares with in the same way. */

import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Bundles into `outputFolder`, parts that are imported late as files of their own. A file that is there already is
 * replaced in one step, the entry last: another homeiq may be starting from the same folder.
 * @param {{readonly entries: Readonly<Record<string, string>>, readonly outputFolder: string}} request entry sources by output name
 * @returns {Promise<{name: string, bytes: number}[]>} what was written
 */
export async function bundle({ entries, outputFolder }) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: outputFolder,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    jsx: 'automatic',
    // Identifiers stay, so that a stack trace in a report can be read.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    external: ['@influxdata/influxdb-client', '@influxdata/influxdb-client-apis'],
    // Ink's bridge to a debugger, which is not installed.
    alias: { 'react-devtools-core': './scripts/lib/empty-module.mjs' },
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    chunkNames: 'parts/[name]-[hash]',
    logLevel: 'warning',
    write: false,
  });
  const isEntry = file => path.dirname(file.path) === path.resolve(root, outputFolder);
  for (const file of outputFiles.toSorted((a, b) => Number(isEntry(a)) - Number(isEntry(b)))) {
    await mkdir(path.dirname(file.path), { recursive: true });
    await writeFile(`${file.path}.${process.pid}`, file.contents);
    await rename(`${file.path}.${process.pid}`, file.path);
  }
  return outputFiles.map(file => ({
    name: path.relative(path.resolve(root, outputFolder), file.path),
    bytes: file.contents.byteLength,
  }));
}

/** How the program is bundled; the start-up benchmark bundles what it compares with in the same way. */

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Ink's layout engine is a data: address that it hands to fetch, and Node loads its whole HTTP client for that: a
 * quarter of the time to the first frame and 7 MB. Where there is no fetch, the engine decodes the address itself.
 * @type {import('esbuild').Plugin}
 */
const yogaWithoutFetch = {
  name: 'yoga-without-fetch',
  setup({ onLoad }) {
    onLoad({ filter: /\/yoga-wasm-base64-esm\.js$/ }, async file => ({
      contents: `const fetch = undefined;\n${await readFile(file.path, 'utf8')}`,
    }));
  },
};

/**
 * An `import` of a module of Node's reads all that it exports, to show it as an ES module, and with that loads what these
 * two load at first use only: Node's other HTTP client, and the cryptography of browsers. A fifth of the time to the first
 * figures went into it. Taken as they are, they load what is used.
 * @type {import('esbuild').Plugin}
 */
const builtinsAsTheyAre = {
  name: 'builtins-as-they-are',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:(http|crypto)$/ }, ({ path: name, kind }) =>
      kind === 'import-statement' ? { path: name, namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path: name }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(name)});`,
    }));
  },
};

/**
 * Bundles into `outputFolder`, parts that are imported late as files of their own. A file that is there already is
 * replaced in one step, the entry last: another homeiq may be starting from the same folder.
 * @param {object} request
 * @param {Readonly<Record<string, string>>} request.entries entry sources by output name
 * @param {string} request.outputFolder
 * @param {boolean} [request.asInkIs] without the change to Ink's layout engine
 * @returns {Promise<{name: string, bytes: number}[]>} what was written
 */
export async function bundle({ entries, outputFolder, asInkIs = false }) {
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
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.DEV': '"false"',
      ...(asInkIs ? {} : { 'Intl.Segmenter': 'LateSegmenter' }),
    },
    inject: asInkIs ? [] : ['./scripts/lib/late-segmenter.mjs'],
    external: ['@influxdata/influxdb-client', '@influxdata/influxdb-client-apis'],
    // Ink's bridge to a debugger, which is not installed.
    alias: { 'react-devtools-core': './scripts/lib/empty-module.mjs' },
    plugins: asInkIs ? [] : [yogaWithoutFetch, builtinsAsTheyAre],
    // The name must not be one of the program's own.
    banner: {
      js: "import{createRequire as requireOfBundle}from'node:module';const require=requireOfBundle(import.meta.url);",
    },
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

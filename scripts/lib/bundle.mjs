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

/** What every start uses. */
const usedAnyway = /^node:(buffer|events|fs|fs\/promises|os|path|process|url|util)$/;

/** What has a value of its own: what is computed when it is asked for may load more. */
const plainNames = builtin =>
  Object.entries(Object.getOwnPropertyDescriptors(builtin)).flatMap(([name, { value }]) =>
    value !== undefined && /^[a-z]\w*$/i.test(name) && name !== 'constructor' ? [name] : [],
  );

/**
 * An `import` of a module of Node's reads all that it exports, to show it as an ES module, and with that loads what the
 * module itself leaves for later; and it does so for modules that nothing is asked of before the first figures. So most
 * are loaded when the first of their exports is used: a third of the time to the first figures went into it.
 * @type {import('esbuild').Plugin}
 */
const builtinsAtFirstUse = {
  name: 'builtins-at-first-use',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path: name, kind }) =>
      kind === 'import-statement' ? { path: name, namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path: name }) => {
      const builtin = process.getBuiltinModule(name);
      const load = `process.getBuiltinModule(${JSON.stringify(name)})`;
      if (usedAnyway.test(name)) {
        const exported = plainNames(builtin).map(key => `export const ${key} = builtin.${key};`);
        return { contents: [`const builtin = ${load};`, 'export default builtin;', ...exported].join('\n') };
      }
      return {
        contents: `for (const name of ${JSON.stringify(Object.keys(builtin))})
          Object.defineProperty(exports, name, { enumerable: true, get: () => ${load}[name] });`,
      };
    });
  },
};

/** The program, and what it imports at every start. */
export const program = {
  entries: { main: 'src/main.tsx' },
  first: ['arguments', 'program-folder', 'run-command'].map(name => `src/cli/${name}.ts`),
};

const late = 'late';

/**
 * A file costs 1 to 2 ms to load, and what is shared with parts that come later would become files of its own, sixty of
 * them before the first figures. So every part that comes late is said to need all that `first` needs, which puts that
 * into one file.
 * @param {readonly string[]} first sources, relative to the root
 * @returns {import('esbuild').Plugin}
 */
const inOnePart = first => ({
  name: 'in-one-part',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\./ }, ({ path: name, kind, resolveDir }) =>
      kind === 'dynamic-import' ? { path: path.resolve(resolveDir, name), namespace: late } : undefined,
    );
    onLoad({ filter: /.*/, namespace: late }, ({ path: file }) => ({
      contents: [
        ...first.map(source => `import ${JSON.stringify(path.resolve(root, source))};`),
        `export * from ${JSON.stringify(file)};`,
      ].join('\n'),
      resolveDir: path.dirname(file),
    }));
  },
});

/**
 * Bundles into `outputFolder`, parts that are imported late as files of their own. A file that is there already is
 * replaced in one step, the entry last: another homeiq may be starting from the same folder.
 * @param {object} request
 * @param {Readonly<Record<string, string>>} request.entries entry sources by output name
 * @param {string} request.outputFolder
 * @param {readonly string[]} [request.first] what every start of the entry needs: it comes as one part
 * @param {boolean} [request.asInkIs] without the changes to Ink's layout engine and to the modules of Node
 * @returns {Promise<{name: string, bytes: number}[]>} what was written
 */
export async function bundle({ entries, outputFolder, first = [], asInkIs = false }) {
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
    plugins: asInkIs ? [] : [yogaWithoutFetch, builtinsAtFirstUse, inOnePart(first)],
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

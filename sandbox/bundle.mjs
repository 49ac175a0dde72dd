/** Bundles the stand-in program into one file that runs with nothing but Node. */

import { build } from 'esbuild';

/**
 * Writes the bundle to `outfile` (`dist/sandbox/stand-in.mjs` in a build). Rejects when it does not compile.
 * @param {string} outfile
 */
export async function bundleStandIn(outfile) {
  await build({
    entryPoints: [new URL('stand-in/main.ts', import.meta.url).pathname],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    // ws looks for these two, which are native, and goes on without them.
    external: ['bufferutil', 'utf-8-validate'],
    // ws is CommonJS and asks for Node's own modules with require.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
}

/** Builds the program into dist/. compose.yaml, env-templates/ and sandbox/ are read from the folder above it. */

import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleStandIn } from '../sandbox/bundle.mjs';
import { bundle, program, root } from './lib/bundle.mjs';

const dist = path.join(root, 'dist');
const recordPath = path.join(dist, 'build.json');

const previous = await readFile(recordPath, 'utf8').then(JSON.parse, () => ({ files: [] }));
const outputs = await bundle({ ...program, outputFolder: dist });
await bundleStandIn(path.join(dist, 'sandbox', 'stand-in.mjs'));

const files = outputs.map(output => output.name);
const hash = createHash('sha256');
for (const name of [...files, 'sandbox/stand-in.mjs'].toSorted()) {
  hash.update(`${name}\n`).update(await readFile(path.join(dist, name)));
}
await writeFile(recordPath, `${JSON.stringify({ hash: hash.digest('hex'), files }, undefined, 2)}\n`);

// Parts of the build before stay one build longer: a homeiq that runs from it may still have to load them.
const kept = new Set([...files, ...previous.files].map(name => path.basename(name)));
for (const name of await readdir(path.join(dist, 'parts')).catch(() => [])) {
  if (!kept.has(name)) await rm(path.join(dist, 'parts', name));
}

const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
console.log(`dist/: ${files.length} files, ${Math.round(bytes / 1024)} kB`);

/** Writes what of docs/ is made from the templates and the stack. Run it after every change of either. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { architectureFiles, drawArchitecture } from './lib/draw-architecture.ts';
import { keysPath, makeKeys } from './lib/make-keys.ts';

const programFolder = path.join(import.meta.dirname, '..');
await writeFile(path.join(programFolder, keysPath), makeKeys(programFolder));
for (const { mode, file } of architectureFiles) {
  await writeFile(path.join(programFolder, file), drawArchitecture(programFolder, mode));
}

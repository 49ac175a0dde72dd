/** Writes the committed snapshot of the resolved stack. Run it after every change of compose.yaml or of a template. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSnapshot, snapshotPath } from './lib/make-snapshot.ts';

const programFolder = join(import.meta.dirname, '..');
await writeFile(join(programFolder, snapshotPath), await makeSnapshot(programFolder, process.env));

/** Where the program's own files are: the folder above the bundle, or above the sources when they run unbundled. */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

function findProgramFolder(start: string): string {
  const parent = path.dirname(start);
  if (existsSync(path.join(start, 'package.json')) || parent === start) return start;
  return findProgramFolder(parent);
}

export const programFolder = findProgramFolder(path.dirname(fileURLToPath(import.meta.url)));

const packageFile: unknown = JSON.parse(readFileSync(path.join(programFolder, 'package.json'), 'utf8'));

export const programVersion =
  typeof packageFile === 'object' && packageFile !== null && 'version' in packageFile
    ? String(packageFile.version)
    : 'unknown';

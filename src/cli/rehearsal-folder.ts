/** The temporary folder of a rehearsal: the only place it writes to, gone when the program ends. */

import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

export async function makeRehearsalFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'homeiq-rehearsal-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

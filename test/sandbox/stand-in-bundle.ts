/** The bundled stand-in in a temporary folder, as a build makes it. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleStandIn } from '../../sandbox/bundle.mjs';

export const sandboxFolder = join(import.meta.dirname, '..', '..', 'sandbox');

export type StandInBundle = { readonly path: string; readonly remove: () => Promise<void> };

export async function provideStandInBundle(): Promise<StandInBundle> {
  const folder = await mkdtemp(join(tmpdir(), 'homeiq-stand-in-'));
  const path = join(folder, 'stand-in.mjs');
  await bundleStandIn(path);
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

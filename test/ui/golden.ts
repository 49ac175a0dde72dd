/** Screens as they should look, one text file each in `test/ui/golden`. `HOMEIQ_UPDATE_GOLDEN=1` writes them anew. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

/** Compares a frame with the stored one; a frame that is new or meant to change is looked at, then stored. */
export function assertGolden(name: string, frame: string): void {
  const file = new URL(`./golden/${name}.txt`, import.meta.url);
  const text = `${frame
    .split('\n')
    .map(row => row.trimEnd())
    .join('\n')
    .trimEnd()}\n`;
  if (process.env.HOMEIQ_UPDATE_GOLDEN === '1') writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'), `${name} looks different`);
}

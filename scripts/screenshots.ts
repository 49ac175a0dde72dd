/** Makes docs/screens/*.svg from real frames: the program rehearses a test set-up in a pseudo-terminal of 80x24. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { startInPty } from '../test/helpers/pty.ts';
import { drawScreen } from './lib/draw-screen.ts';

const root = path.resolve(import.meta.dirname, '..');
const target = path.join(root, 'docs', 'screens');
const folder = mkdtempSync(path.join(tmpdir(), 'homeiq-screens-'));

type Shot = {
  readonly name: string;
  /** Pressed to get here. */
  readonly keys: readonly string[];
  /** On the screen when it is ready. */
  readonly shows: RegExp;
};

const shots: readonly Shot[] = [
  { name: '1-machine', keys: [], shows: /Ready\./ },
  { name: '2-mode', keys: ['\r'], shows: /step 2 of 6[\s\S]*about 5\.5 of 8 GB/ },
  { name: '3-memory', keys: ['\r'], shows: /FITS/ },
  { name: '4-settings', keys: ['\r'], shows: /step 4 of 6/ },
  { name: '5-review', keys: ['\r'], shows: /Nothing is changed yet/ },
  { name: '6-run', keys: ['\r'], shows: /Services\s+\d+ of 16/ },
  { name: '7-done', keys: [], shows: /HomeIQ runs in TEST mode/ },
  { name: '8-status', keys: ['\r'], shows: /16\/16 healthy[\s\S]*\/min/ },
];

const session = startInPty(process.execPath, [path.join(root, 'dist', 'main.js'), '--rehearse'], {
  folder,
  environment: { NODE_ENV: 'production', FORCE_COLOR: '1' },
});
try {
  mkdirSync(target, { recursive: true });
  for (const { name, keys, shows } of shots) {
    session.press(...keys);
    await session.waitForText(shows, 60_000);
    writeFileSync(path.join(target, `${name}.svg`), drawScreen(session.styledRows(), session.size()));
    process.stdout.write(`docs/screens/${name}.svg\n`);
  }
} finally {
  await session.close();
  rmSync(folder, { recursive: true, force: true });
}

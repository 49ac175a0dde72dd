/** A journal on a disk that runs full, on a real small disk. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { deploymentPaths } from '../../src/adapters/files/deployment-paths.ts';
import { makeFolders } from '../../src/adapters/files/make-folders.ts';
import { keepReserve } from '../../src/adapters/files/reserve.ts';
import { createRuns } from '../../src/adapters/files/runs.ts';
import { readEvents } from '../helpers/run-events.ts';
import { mountSmallDisk, skipWithoutSmallDisk } from '../helpers/small-disk.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { createUndo } from '../helpers/undo.ts';

it('goes on into its reserve, whole line after whole line, and no run begins without one', {
  skip: skipWithoutSmallDisk(),
}, async t => {
  const undo = createUndo(t);
  const folder = temporaryFolder(t);
  const disk = mountSmallDisk(folder);
  undo(disk.dispose);
  const paths = deploymentPaths(folder);
  await makeFolders(paths, paths.runs);
  await keepReserve(paths.runs);
  const journal = await createRuns(folder).create('one');
  const text = 'x'.repeat(700);
  const tell = () => journal.append({ kind: 'step-detail', step: 'settings', text });
  await tell();
  disk.fill();

  let told = 1;
  const full = await (async () => {
    for (;;) {
      try {
        await tell();
        told += 1;
      } catch (error) {
        return error;
      }
    }
  })();
  assert.ok(full instanceof Error);
  assert.match(full.message, /^The disk is full: .*one\.jsonl could not be written$/);
  const events = readEvents(readFileSync(join(paths.runs, 'one.jsonl'), 'utf8'));
  assert.equal(events.length, told);
  assert.ok(told > 300, `${told} events`);
  t.diagnostic(`${told} events of 0.8 KiB after the disk was full`);

  disk.fill();
  await assert.rejects(keepReserve(paths.runs), /The disk is full: .*reserve could not be written/);
  disk.free();
  await keepReserve(paths.runs);
  await tell();
  assert.equal(readEvents(readFileSync(join(paths.runs, 'one.jsonl'), 'utf8')).length, told + 1);
});

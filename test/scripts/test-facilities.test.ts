/** What the list of the machine's parts says of a program that tells its version in its own way. */

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { findFacilities } from '../../scripts/lib/test-facilities.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const registryAnswer = '--version) echo "$0 github.com/distribution/distribution/v3 3.0.0";;';

for (const [what, answers, said] of [
  ['says nothing of the word and tells its path with its version', registryAnswer, '3.0.0'],
  [
    'tells more than its version',
    'version) echo "InfluxDB v2.9.1 (git: none) build_date: 2026-11-28";;',
    'v2.9.1',
  ],
  ['tells no version', '', 'registry-own'],
  ['does not run', '*) exit 1;;', undefined],
] as const) {
  test(`a program that ${what}: ${said ?? 'not found'}`, t => {
    const folder = path.join(temporaryFolder(t), 'homeiq-9.9.9');
    mkdirSync(folder);
    const file = path.join(folder, 'registry-own');
    writeFileSync(file, `#!/bin/sh\ncase "$1" in ${answers} esac\n`, { mode: 0o755 });
    // Nothing else of the machine is looked at.
    const environment = { PATH: folder, XDG_CACHE_HOME: folder, HOMEIQ_TEST_REGISTRY: file };
    const found = findFacilities(environment).find(({ title }) => title === 'registry');
    assert.equal(found?.found, said);
    assert.deepEqual(found?.variable, said === undefined ? undefined : ['HOMEIQ_TEST_REGISTRY', file]);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeDeployment } from '../../../src/core/status/judge-deployment.ts';
import { reduceStatus } from '../../../src/core/status/reduce-status.ts';
import { statusDocument } from '../../../src/ui/json/status-json.ts';
import { statusTable } from '../../../src/ui/plain/status-plain.ts';
import { asciiGlyphs } from '../../../src/ui/present/glyphs.ts';
import { statusHead } from '../../../src/ui/present/status-head.ts';
import { goodContainers, makeStatus, startMs } from './status-fixtures.ts';

const good = reduceStatus(makeStatus(), { kind: 'listed', atMs: startMs, containers: goodContainers });
const problem = 'The token in INFLUXDB_TOKEN of data-api is not that of test mode alone';
const see = (problems: readonly string[]) => reduceStatus(good, { kind: 'tokens', problems });
const headOf = (state: typeof good): string =>
  statusHead(state, { columns: 120, rows: 40, glyphs: asciiGlyphs })
    .map(line => line.map(({ text }) => text).join(''))
    .join('\n');

test('a token that is not the mode’s alone is not healthy, in all renderings, with the mend', () => {
  const state = see([problem]);
  const judgement = judgeDeployment(state);
  assert.equal(judgement.verdict, 'unhealthy');
  assert.deepEqual(judgement.reasons, [problem]);
  for (const text of [headOf(state), statusTable(state).join('\n'), JSON.stringify(statusDocument(state))]) {
    assert.match(text, /INFLUXDB_TOKEN of data-api/);
    assert.match(text, /Give the services their token: homeiq buckets --mode test/);
  }
});

test('without one nothing is said of tokens, and nothing stays when it is mended', () => {
  assert.equal(judgeDeployment(see([])).isHealthy, true);
  assert.equal(headOf(see([])), headOf(good));
  assert.doesNotMatch(headOf(good), /token/i);
  assert.deepEqual(reduceStatus(see([problem]), { kind: 'tokens', problems: [] }).tokenProblems, []);
});

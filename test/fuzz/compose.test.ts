/** What Compose and the docker command may print: models, progress, errors, manifests. */

import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import fc from 'fast-check';
import { createCompose } from '../../src/adapters/docker/compose.ts';
import { describeComposeFailure } from '../../src/adapters/docker/compose-failure.ts';
import { errorTexts, parseComposeLine } from '../../src/adapters/docker/compose-progress.ts';
import { readLayerSizes } from '../../src/adapters/docker/image-manifest.ts';
import { auditStack } from '../../src/core/isolation/audit.ts';
import { modes } from '../../src/core/mode/mode.ts';
import { planServices } from '../../src/core/plan/plan-services.ts';
import { parseStack } from '../../src/core/stack/parse-stack.ts';
import { readRecordedRuns } from '../adapters/docker/recorded-runs.ts';
import { createFakeProcess } from '../helpers/fake-process.ts';
import { fuzz, spoiled, spoiledText } from '../helpers/fuzz.ts';

const folder = tmpdir();
const snapshotText = readFileSync(
  new URL('../../src/adapters/rehearsal/stack-snapshot.json', import.meta.url),
  'utf8',
);
const snapshot: unknown = JSON.parse(snapshotText);

test('the resolved model, in all that is built on it', async t => {
  const inputs = fc.oneof(
    spoiled(snapshot).map(model => JSON.stringify(model)),
    spoiledText(snapshotText),
    fc.constantFrom(
      '['.repeat(400_000),
      `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`,
      'null',
      '',
      '0',
    ),
  );
  await fuzz(t, 'models', inputs, async text => {
    const { run } = createFakeProcess(({ args }) => ({
      stdout: args.includes('version') ? '5.6.0' : (text ?? ''),
    }));
    const compose = createCompose({ environment: {}, run });
    const target = { folder, project: 'homeiq', files: [], environment: {} };
    const resolved = await compose.resolve(target);
    await compose.hashes(target);
    const audit = (mode: (typeof modes)[number]) =>
      auditStack({
        mode,
        folder,
        resolved,
        values: {},
        otherValues: {},
        secrets: {},
        isSecretKey: () => false,
      });
    for (const mode of modes) await audit(mode);
    for (const mode of modes) planServices(parseStack(resolved), mode, {});
  });
});

const recorded = readRecordedRuns().flatMap(({ lines }) => lines);
const objects = recorded.flatMap((line): readonly unknown[] => {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
});
const buildStatus = {
  vertexes: [{ name: 'a', started: '2026-01-01T00:00:00Z', completed: '2026-01-01T00:00:00Z' }],
  logs: [{ data: 'YQ==' }],
  statuses: [],
};

test('lines of progress, and the errors made of them', async t => {
  const line = fc.oneof(
    fc.constantFrom(...recorded).chain(spoiledText),
    fc
      .constantFrom(...objects, buildStatus)
      .chain(spoiled)
      .map(value => JSON.stringify(value) ?? ''),
  );
  const context = { project: 'homeiq', service: 'data-api', isBuild: false };
  await fuzz(t, 'runs of Compose', fc.array(line, { minLength: 1, maxLength: 20 }), lines => {
    for (const text of lines) JSON.stringify(parseComposeLine(text, context));
    describeComposeFailure({
      command: 'docker compose up',
      exitCode: 1,
      errors: lines.flatMap(errorTexts),
      tail: lines.join('\n'),
      project: 'homeiq',
      service: undefined,
      user: 'ada',
    });
  });
});

const manifest = {
  layers: [{ digest: 'sha256:0123456789abcdef', size: 1 }],
  manifests: [{ digest: 'sha256:0123', platform: { os: 'linux', architecture: 'amd64' } }],
};

test('manifests of images', async t => {
  await fuzz(t, 'manifests', spoiled(manifest), async value => {
    const { run } = createFakeProcess(() => ({ stdout: JSON.stringify(value) ?? '' }));
    await readLayerSizes(
      'homeiq/data-api:1',
      { os: 'linux', architecture: 'amd64' },
      {
        environment: {},
        signal: undefined,
        run,
      },
    );
  });
});

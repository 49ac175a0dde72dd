import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeBuildStep } from '../../../src/core/images/build-step.ts';
import { fitDisk } from '../../../src/core/images/disk-fit.ts';
import { parseReference } from '../../../src/core/images/reference.ts';

test('the parts of a reference', () => {
  for (const [reference, registry, name, version] of [
    ['influxdb:2.9', 'docker.io', 'influxdb', '2.9'],
    ['influxdb', 'docker.io', 'influxdb', 'latest'],
    ['homeiq-test/influxdb:2.9.1', 'docker.io', 'homeiq-test/influxdb', '2.9.1'],
    ['localhost/thing', 'localhost', 'localhost/thing', 'latest'],
    ['127.0.0.1:5000/a/b:1', '127.0.0.1:5000', '127.0.0.1:5000/a/b', '1'],
    ['127.0.0.1:5000/a', '127.0.0.1:5000', '127.0.0.1:5000/a', 'latest'],
    ['example.org/a:1@sha256:00ff', 'example.org', 'example.org/a', 'sha256:00ff'],
  ] as const) {
    assert.deepEqual(parseReference(reference), { registry, name, version }, reference);
  }
});

test('the steps of a build, of both builders', () => {
  for (const [line, said] of [
    ['Step 3/9 : RUN pip install .', 'step 3 of 9: RUN pip install .'],
    ['#7 [3/9] RUN pip install .', 'step 3 of 9: RUN pip install .'],
    ['#12 [data-api stage-1 2/4] COPY . .', 'step 2 of 4: COPY . .'],
    ['#7 [internal] load build definition', undefined],
    ['#7 0.312 Collecting [1/2] things', undefined],
    [' ---> Running in 0a1b', undefined],
  ] as const) {
    assert.equal(describeBuildStep(line), said, line);
  }
});

test('images that cannot fit are refused; each layer counts once, an update is never refused', () => {
  const layerSizes = (own: string) =>
    new Map([
      ['base', 100],
      [own, 50],
    ]);
  const images = [
    { reference: 'r.example/a:2', layerSizes: layerSizes('a') },
    { reference: 'r.example/b:2', layerSizes: layerSizes('b') },
    { reference: 'r.example/c:2', layerSizes: undefined },
  ];
  const kind = (free: number | undefined, here: readonly string[] = []) => fitDisk(images, here, free).kind;
  assert.equal(fitDisk(images, [], 1000).neededBytes, 200);
  assert.deepEqual([kind(600), kind(599), kind(200), kind(199)], ['fits', 'tight', 'tight', 'too-small']);
  assert.equal(kind(undefined), 'fits');
  assert.equal(kind(160, ['r.example/a:1']), 'tight');
});

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { type InfluxDouble, startInfluxDouble } from '../../helpers/influx-double.ts';

const root = join(import.meta.dirname, '../../..');
let folder: string;
let double: InfluxDouble;

before(async () => {
  double = await startInfluxDouble();
  // Inside the project, so that the packages that stay outside the bundle are found.
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(join(cache, 'influx-bundle-'));
});
after(async () => {
  await double.dispose();
  await rm(folder, { recursive: true, force: true });
});

test('from a bundle, the packages load at the first call, warn of nothing and let the process end', async () => {
  const outfile = join(folder, 'main.js');
  await build({
    stdin: {
      contents: `
        import { createRequire } from 'node:module';
        import { createInflux } from './src/adapters/influxdb/create-influx.ts';
        const { cache } = createRequire(import.meta.url);
        const isLoaded = () => Object.keys(cache).some(path => path.includes('@influxdata'));
        const influx = createInflux({ url: process.argv[2] });
        const before = isLoaded();
        const answer = await influx.identify();
        console.log(JSON.stringify({ before, answer, after: isLoaded() }));`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    external: ['@influxdata/*'],
    outfile,
  });
  assert.ok((await readFile(outfile, 'utf8')).length < 100_000);

  const { stdout, stderr } = await promisify(execFile)(process.execPath, [outfile, double.url], {
    timeout: 20_000,
  });
  assert.deepEqual(JSON.parse(stdout), {
    before: false,
    answer: { kind: 'influxdb2', version: '2.9.1' },
    after: true,
  });
  assert.equal(stderr, '');
});

/** The library as a package: packed, unpacked elsewhere with nothing beside it, imported, required and type-checked. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

function run(
  file: string,
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
) {
  const { PATH, HOME } = process.env;
  return spawnSync(file, args, { cwd, encoding: 'utf8', env: { PATH, HOME, ...environment } });
}

const program = (load: string): string => `${load}
process.stdout.write(JSON.stringify(getHealthCheckInfo()));
checkModeSettings('data-api');
orExit.checkTestServiceAllowed('websocket-ingestion-test');
process.stdout.write(' started');
`;
const names = '{ checkModeSettings, getHealthCheckInfo, orExit }';

describe('homeiq-setup/deployment as a package', () => {
  let elsewhere: string;

  before(async () => {
    elsewhere = await mkdtemp(join(tmpdir(), 'homeiq-elsewhere-'));
    const built = run(process.execPath, ['scripts/build-library.mjs'], root);
    assert.equal(built.status, 0, built.stdout + built.stderr);
    const packed = run('npm', ['pack', '--ignore-scripts', '--pack-destination', elsewhere], root);
    assert.equal(packed.status, 0, packed.stderr);
    const [archive] = (await readdir(elsewhere)).filter(name => name.endsWith('.tgz'));
    const folder = join(elsewhere, 'node_modules', 'homeiq-setup');
    await mkdir(folder, { recursive: true });
    const unpacked = run('tar', ['-xzf', join(elsewhere, archive ?? ''), '--strip-components=1'], folder);
    assert.equal(unpacked.status, 0, unpacked.stderr);
  });
  after(async () => rm(elsewhere, { recursive: true, force: true }));

  const forms = [
    { file: 'service.mjs', load: `import ${names} from 'homeiq-setup/deployment';` },
    { file: 'service.cjs', load: `const ${names} = require('homeiq-setup/deployment');` },
  ];
  for (const { file, load } of forms) {
    it(`${file} starts in test, and exits 1 with the reason in production`, async () => {
      await writeFile(join(elsewhere, file), program(load));
      const inTest = run(process.execPath, [file], elsewhere, {
        DEPLOYMENT_MODE: 'test',
        INFLUXDB_BUCKET: 'weather_data_test',
      });
      assert.equal(
        inTest.stdout,
        '{"deployment_mode":"test","is_test":true,"is_production":false} started',
        inTest.stderr,
      );
      const inProduction = run(process.execPath, [file], elsewhere);
      assert.equal(inProduction.status, 1);
      assert.match(
        inProduction.stderr,
        /^websocket-ingestion-test is of type test and runs in test mode only: .*\n$/,
      );
      const withForeignBucket = run(process.execPath, [file], elsewhere, {
        DEPLOYMENT_MODE: 'test',
        INFLUXDB_BUCKET: 'weather_data',
      });
      assert.match(withForeignBucket.stderr, /DeploymentError: .*INFLUXDB_BUCKET="weather_data"/);
    });
  }

  it('has types for both, without any package beside it', async () => {
    const typed = [
      `import ${names} from 'homeiq-setup/deployment';`,
      "const mode: 'test' | 'production' = getHealthCheckInfo().deployment_mode;",
      '// @ts-expect-error a service has a name',
      'orExit.checkTestServiceAllowed(1);',
      "checkModeSettings('data-api', { DEPLOYMENT_MODE: mode });",
    ].join('\n');
    await writeFile(join(elsewhere, 'typed.mts'), typed);
    await writeFile(join(elsewhere, 'typed.cts'), typed);
    const types = run(
      process.execPath,
      [
        join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
        ...['--noEmit', '--strict', '--module', 'node20'],
        ...['typed.mts', 'typed.cts'],
      ],
      elsewhere,
    );
    assert.equal(types.status, 0, types.stdout);
  });

  it('brings the guard, and neither tests nor sources', async () => {
    const installed = join(elsewhere, 'node_modules', 'homeiq-setup');
    const guard = join(installed, 'dist', 'deployment', 'homeiq-guard');
    const { stderr } = run(guard, ['--service', 'a', '--type', 'test', '--', 'true'], elsewhere);
    assert.match(stderr, /^homeiq-guard: a is of type test/);
    for (const folder of ['src', 'test', '.ci']) await assert.rejects(access(join(installed, folder)));
  });
});

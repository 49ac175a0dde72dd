/** The library as a package: packed, installed elsewhere with nothing of Ink beside it, imported, required and type-checked. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
/** Every function of the library, and what it is called with. */
const calls: Readonly<Record<string, readonly string[]>> = {
  getDeploymentMode: [],
  validateDeploymentMode: ['data-api', 'core'],
  checkDataGenerationAllowed: ['ha-simulator'],
  checkTestServiceAllowed: ['websocket-ingestion-test'],
  checkExternalApiAllowed: ['weather-api'],
  checkModeSettings: ['data-api'],
  logDeploymentInfo: ['data-api'],
  getHealthCheckInfo: [],
};
const names = '{ checkModeSettings, getHealthCheckInfo, orExit }';

describe('homeiq-setup/deployment as a package', () => {
  let elsewhere: string;

  before(async () => {
    elsewhere = await mkdtemp(join(tmpdir(), 'homeiq-elsewhere-'));
    const built = run(process.execPath, ['scripts/build-library.mjs'], root);
    assert.equal(built.status, 0, built.stdout + built.stderr);
    const packed = run('npm', ['pack', '--ignore-scripts', '--pack-destination', elsewhere], root);
    assert.equal(packed.status, 0, packed.stderr);
    const [archive = ''] = (await readdir(elsewhere)).filter(name => name.endsWith('.tgz'));
    // In place of all that the program needs there is an empty package: no network, and no help for the library.
    const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const overrides = Object.fromEntries(Object.keys(dependencies).map(name => [name, 'file:./nothing']));
    await mkdir(join(elsewhere, 'nothing'));
    await writeFile(join(elsewhere, 'nothing', 'package.json'), '{"name":"nothing","version":"1.0.0"}');
    await writeFile(join(elsewhere, 'package.json'), JSON.stringify({ private: true, overrides }));
    const quietly = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    const installed = run('npm', ['install', ...quietly, `./${archive}`], elsewhere);
    assert.equal(installed.status, 0, installed.stderr);
    assert.deepEqual(await readdir(join(elsewhere, 'node_modules', 'ink')), ['package.json']);
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

  it('has every function in a form that throws and one that exits, for import and for require', async () => {
    const body = `
const [form, name, given] = process.argv.slice(2);
try {
  (form === 'exits' ? library.orExit : library)[name](...JSON.parse(given));
} catch (thrown) {
  console.log(thrown instanceof library.DeploymentError, thrown.fault);
}
`;
    await writeFile(join(elsewhere, 'any.mjs'), `import * as library from 'homeiq-setup/deployment';${body}`);
    await writeFile(join(elsewhere, 'any.cjs'), `const library = require('homeiq-setup/deployment');${body}`);
    const unknown = { DEPLOYMENT_MODE: 'prodution' };
    for (const file of ['any.mjs', 'any.cjs']) {
      for (const [name, given] of Object.entries(calls)) {
        const thrown = run(
          process.execPath,
          [file, 'throws', name, JSON.stringify(given)],
          elsewhere,
          unknown,
        );
        assert.deepEqual([thrown.status, thrown.stdout], [0, 'true unknown-mode\n'], `${file} ${name}`);
        const exited = run(
          process.execPath,
          [file, 'exits', name, JSON.stringify(given)],
          elsewhere,
          unknown,
        );
        assert.deepEqual([exited.status, exited.stdout], [1, ''], `${file} ${name}`);
        assert.match(exited.stderr, /^DEPLOYMENT_MODE is "prodution".* Did you mean "production"\?\n$/);
      }
    }
    const { orExit, ...library } = await import('../../src/deployment/index.ts');
    const functions = Object.keys(library).filter(name => name !== 'DeploymentError');
    assert.deepEqual(functions.toSorted(), Object.keys(calls).toSorted());
    assert.deepEqual(Object.keys(orExit).toSorted(), Object.keys(calls).toSorted());
  });

  it('documents every function with an example, where an editor shows it', async () => {
    const folder = join(elsewhere, 'node_modules', 'homeiq-setup', 'dist', 'deployment', 'esm', 'deployment');
    const files = (await readdir(folder)).filter(name => name.endsWith('.d.ts'));
    const text = (await Promise.all(files.map(name => readFile(join(folder, name), 'utf8')))).join('\n');
    for (const name of Object.keys(calls)) {
      const [before = '', ...rest] = text.split(`*/\nexport declare function ${name}(`);
      assert.equal(rest.length, 1, name);
      const comment = before.split('/**').at(-1) ?? '';
      assert.match(comment, /@example\n \* \S/, name);
    }
  });

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

  it('gives the guard to a deployment that the package sets up', async () => {
    const { createProgram } = await import('../../src/adapters/files/program.ts');
    const installed = join(elsewhere, 'node_modules', 'homeiq-setup');
    const { 'homeiq-guard': guard } = await createProgram(installed, '0.0.0').mountedFiles();
    assert.equal(guard, await readFile(join(root, 'src', 'deployment', 'homeiq-guard'), 'utf8'));
  });

  it('brings the guard, and neither tests nor sources', async () => {
    const installed = join(elsewhere, 'node_modules', 'homeiq-setup');
    const guard = join(elsewhere, 'node_modules', '.bin', 'homeiq-guard');
    const { stderr } = run(guard, ['--service', 'a', '--type', 'test', '--', 'true'], elsewhere);
    assert.match(stderr, /^homeiq-guard: a is of type test/);
    for (const folder of ['src', 'test', '.ci']) await assert.rejects(access(join(installed, folder)));
  });
});

import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, test } from 'node:test';
import { type Checkout, createCheckout } from '../helpers/checkout.ts';
import { until } from '../helpers/until.ts';

const nodeOfOurs = `npm install node-linux-${process.arch}@24.21.0`;

for (const shell of [['dash'], ['busybox', 'sh']] as const) {
  describe(`scripts/homeiq in ${shell.join(' ')}`, () => {
    let checkout: Checkout;
    const create = (machine: Omit<Parameters<typeof createCheckout>[0], 'shell'> = {}) => {
      checkout = createCheckout({ shell: [...shell], ...machine });
      return checkout;
    };
    afterEach(() => checkout.dispose());
    const startWell = async (...request: Parameters<Checkout['start']>) => {
      const start = await checkout.start(...request);
      assert.equal(start.exitCode, 0, start.stderr);
      return start;
    };

    test('the first start fetches Node, installs, builds and runs; the second only runs', async () => {
      const { takeRecord, elsewhere } = create({ machineNode: 'v18.19.0' });
      const first = await startWell(['plan', '--dir', 'a folder', '']);
      assert.deepEqual(takeRecord(), [nodeOfOurs, 'npm ci --loglevel=error', 'build']);
      assert.match(first.stderr, /fetching Node.js 24.21.0.*\n.*installing packages.*\n.*building/);
      assert.deepEqual(first.program?.args, ['plan', '--dir', 'a folder', '']);
      assert.equal(first.program?.folder, elsewhere);
      assert.equal(first.program?.environment.NODE_ENV, 'production');
      assert.ok(first.program?.flags.includes('--max-semi-space-size=1'));

      const second = await startWell();
      assert.equal(second.stderr, '');
      assert.deepEqual(takeRecord(), []);
    });

    test("the machine's Node is taken when it is new enough", async () => {
      const { takeRecord, cache } = create({ machineNode: 'v22.3.0' });
      await startWell();
      assert.deepEqual(takeRecord(), ['npm ci --loglevel=error', 'build']);
      assert.ok(!existsSync(cache));
    });

    test('a changed source is built anew, a changed lock file installed anew', async () => {
      const { takeRecord, write, root } = create({ machineNode: 'v24.0.0' });
      await startWell();
      takeRecord();
      write('src/main.tsx', '2\n');
      // As when an older release is unpacked over this one.
      utimesSync(join(root, 'src/main.tsx'), 1e9, 1e9);
      await startWell();
      assert.deepEqual(takeRecord(), ['build']);
      write('package-lock.json', '2\n');
      await startWell();
      assert.deepEqual(takeRecord(), ['npm ci --loglevel=error', 'build']);
      write('package-lock.json', '2\n');
      await startWell();
      assert.deepEqual(takeRecord(), []);
    });

    test('without npm it names the one command and ends with 1', async () => {
      const { start } = create({ machineNode: 'v22.2.0', hasNpm: false });
      const { exitCode, stderr, program } = await start();
      assert.equal(exitCode, 1);
      assert.match(stderr, /^ {2}sudo apt-get install -y npm$/m);
      assert.equal(program, undefined);
    });

    test('what is built already runs without npm', async () => {
      const { removeTool, write } = create({ machineNode: 'v24.0.0' });
      await startWell();
      removeTool('npm');
      await startWell();
      write('package-lock.json', '2\n');
      await startWell();
    });

    test('a failed download leaves nothing behind and the next start tries again', async () => {
      const { start, set, unset, takeRecord, cache } = create();
      set('offline');
      const failed = await start();
      assert.equal(failed.exitCode, 1);
      assert.match(failed.stderr, /npm error network\n.*could not be fetched/);
      assert.deepEqual(
        readdirSync(cache).filter(name => name !== 'node.lock'),
        [],
      );
      unset('offline');
      takeRecord();
      await startWell();
      assert.deepEqual(takeRecord(), [nodeOfOurs, 'npm ci --loglevel=error', 'build']);
    });

    test('two first starts at once do the work once', async () => {
      const { start, set, unset, record } = create();
      set('hold');
      const starts = [start(['one']), start(['two'])];
      await until(() => record().length > 0);
      unset('hold');
      const [one, two] = await Promise.all(starts);
      assert.equal(one?.exitCode, 0, one?.stderr);
      assert.equal(two?.exitCode, 0, two?.stderr);
      assert.deepEqual(record(), [nodeOfOurs, 'npm ci --loglevel=error', 'build']);
    });

    test('NO_COLOR reaches the colour library', async () => {
      create({ machineNode: 'v24.0.0' });
      const plain = await startWell([], { environment: { NO_COLOR: '1' } });
      assert.equal(plain.program?.environment.FORCE_COLOR, '0');
      const coloured = await startWell([], { environment: { NO_COLOR: '' } });
      assert.equal(coloured.program?.environment.FORCE_COLOR, undefined);
    });

    test('a link to it works from anywhere', async () => {
      const { root, elsewhere } = create({ machineNode: 'v24.0.0' });
      const link = join(elsewhere, 'homeiq');
      symlinkSync(join(root, 'scripts/homeiq'), link);
      await startWell([], { launcher: link });
    });

    test('a checkout that cannot be written runs as it was built', async () => {
      const { start, root, write, takeRecord } = create({ machineNode: 'v24.0.0' });
      const startReadOnly = async () => {
        const folders = [root, join(root, 'dist')].filter(folder => existsSync(folder));
        for (const folder of folders) chmodSync(folder, 0o555);
        const answer = await start([], { obeysPermissions: true });
        for (const folder of folders) chmodSync(folder, 0o755);
        return answer;
      };
      const refused = await startReadOnly();
      assert.equal(refused.exitCode, 1);
      assert.match(refused.stderr, /not built yet, and .* cannot be written/);
      await startWell();
      write('src/main.tsx', '2\n');
      takeRecord();
      const answer = await startReadOnly();
      assert.equal(answer.exitCode, 0, answer.stderr);
      assert.deepEqual(takeRecord(), []);
    });
  });
}

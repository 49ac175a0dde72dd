import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createHost, orderAddresses } from '../../../src/adapters/host/host.ts';
import { parseListeners } from '../../../src/adapters/host/port-holders.ts';

const meminfo = `MemTotal:        8014848 kB
MemFree:          512000 kB
MemAvailable:    6144000 kB
SwapTotal:       2097152 kB
`;

async function machineWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'homeiq-machine-'));
  t.after(() => rm(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const factsOf = async (t: TestContext, files: Readonly<Record<string, string>>) =>
  createHost({ root: await machineWith(t, files) }).facts('/');

test('system and memory as the machine’s files say', async t => {
  const facts = await factsOf(t, {
    'etc/os-release':
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n',
    'proc/meminfo': meminfo,
  });
  assert.deepEqual(
    [facts.system, facts.memoryMiB, facts.availableMiB, facts.swapMiB],
    ['Debian 12', 7827, 6000, 2048],
  );
  assert.ok(facts.cores >= 1);
  assert.match(facts.timeZone, /^[A-Z]\w*/);
});

test('names without quotes, without a version, and without a file', async t => {
  const systemOf = async (text: string) => (await factsOf(t, { 'etc/os-release': text })).system;
  assert.equal(await systemOf("NAME=Ubuntu\nVERSION_ID='24.04'\n"), 'Ubuntu 24.04');
  assert.equal(await systemOf('NAME="Arch Linux"\nID=arch\n'), 'Arch Linux');
  assert.equal((await factsOf(t, {})).system, 'Linux');
});

test('the smaller limit of a control group counts, on either version', async t => {
  const unified = await factsOf(t, {
    'proc/meminfo': meminfo,
    'proc/self/cgroup': '0::/user.slice/session-1.scope\n',
    'sys/fs/cgroup/user.slice/memory.max': `${4 * 1024 ** 3}\n`,
    'sys/fs/cgroup/user.slice/session-1.scope/memory.max': 'max\n',
  });
  assert.deepEqual([unified.memoryMiB, unified.availableMiB], [4096, 4096]);
  const first = await factsOf(t, {
    'proc/meminfo': meminfo,
    'proc/self/cgroup': '9:name=systemd:/\n4:memory:/box\n',
    'sys/fs/cgroup/memory/box/memory.limit_in_bytes': `${1024 ** 3}\n`,
    'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
  });
  assert.equal(first.memoryMiB, 1024);
});

test('free space is that of the nearest folder above that exists', async () => {
  const host = createHost();
  const here = await host.facts(tmpdir());
  const deeper = await host.facts(join(tmpdir(), 'homeiq-not', 'yet', 'there'));
  assert.ok(here.diskFreeMiB > 0);
  assert.ok(Math.abs(here.diskFreeMiB - deeper.diskFreeMiB) < 1024);
});

test('the address of the SSH session comes first, and once', () => {
  assert.deepEqual(orderAddresses('203.0.113.9 50000 192.0.2.7 22', ['192.0.2.5', '192.0.2.7']), [
    '192.0.2.7',
    '192.0.2.5',
  ]);
  assert.deepEqual(orderAddresses('::ffff:1.2.3.4 5 ::ffff:192.0.2.7 22', []), ['192.0.2.7']);
  assert.deepEqual(orderAddresses('fe80::1%eth0 5 fe80::2%eth0 22', ['192.0.2.5']), ['fe80::2', '192.0.2.5']);
  assert.deepEqual(orderAddresses(undefined, ['192.0.2.5']), ['192.0.2.5']);
});

const listen = (t: TestContext, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server: Server = createServer();
    t.after(() => server.close());
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });

test('a port in use is told with its process, whichever address asks', async t => {
  const host = createHost();
  const everywhere = await listen(t, '0.0.0.0');
  const local = await listen(t, '127.0.0.1');
  const holder = /^\S.* \(pid \d+\)$/;
  const [first, second, ...rest] = await host.portsInUse([
    { address: '127.0.0.1', port: everywhere },
    { address: '0.0.0.0', port: local },
  ]);
  assert.deepEqual([first?.port, second?.port, rest], [everywhere, local, []]);
  assert.match(first?.holder ?? '', holder);
  assert.ok(second?.holder?.endsWith(`(pid ${process.pid})`));
});

test('a free port, and an address that this machine has not, are nobody’s', async t => {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise(resolve => server.close(resolve));
  assert.deepEqual(
    await createHost().portsInUse([
      { address: '127.0.0.1', port },
      { address: '192.0.2.200', port },
    ]),
    [],
  );
  t.diagnostic(`port ${port} was free`);
});

test('a port whose process is another account’s has no name', async t => {
  const port = await listen(t, '127.0.0.1');
  const root = await machineWith(t, {
    'proc/net/tcp': `  sl  local_address rem_address   st\n   0: 0100007F:${port.toString(16).toUpperCase()} 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242 1\n`,
  });
  assert.deepEqual(await createHost({ root }).portsInUse([{ address: '127.0.0.1', port }]), [
    { port, holder: undefined },
  ]);
});

test('only listening sockets count, in both address families', () => {
  const table = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 222 1 0
   2: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1 0
`;
  assert.deepEqual([...parseListeners(table)], [[8080, ['111', '333']]]);
  assert.equal(parseListeners('').size, 0);
});

test('memory, swap and load of the machine now, and undefined where it does not tell', async t => {
  const root = await machineWith(t, {
    'proc/meminfo': `${meminfo}SwapFree:        1048576 kB\n`,
    'proc/loadavg': '0.42 0.38 0.31 2/812 4711\n',
    'proc/vmstat': 'nr_free_pages 1\npswpin 30\npswpout 12\n',
  });
  assert.deepEqual(await createHost({ root }).machine(), {
    totalMiB: 7827,
    availableMiB: 6000,
    swapTotalMiB: 2048,
    swapFreeMiB: 1024,
    swappedPages: 42,
    load: [0.42, 0.38, 0.31],
  });
  assert.equal(await createHost({ root: await machineWith(t, {}) }).machine(), undefined);
});

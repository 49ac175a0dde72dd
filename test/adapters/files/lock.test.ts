import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { createLock } from '../../../src/adapters/files/lock.ts';
import { identifyProcess, isAlive } from '../../../src/adapters/files/process-identity.ts';
import type { Lock } from '../../../src/ports/runs.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { until } from '../../helpers/until.ts';

const program = new URL('../../fixtures/lock-taker.ts', import.meta.url).pathname;

type Taker = {
  readonly pid: number;
  readonly ask: (word: 'take' | 'release') => Promise<string>;
  readonly kill: () => Promise<void>;
};

async function startTaker(t: TestContext, folder: string, runId: string): Promise<Taker> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', program, folder, runId], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { stdin, stdout } = child;
  assert.ok(stdin && stdout && child.pid);
  const ended = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  t.after(kill);
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => String((await lines.next()).value);
  assert.equal(await next(), 'ready');
  return {
    pid: child.pid,
    ask: word => {
      stdin.write(`${word}\n`);
      return next();
    },
    kill,
  };
}

const take = async (taker: Taker): Promise<Awaited<ReturnType<Lock['take']>>> =>
  JSON.parse(await taker.ask('take')) as Awaited<ReturnType<Lock['take']>>;

const leftovers = (folder: string): readonly string[] =>
  readdirSync(join(folder, '.homeiq')).filter(name => name !== 'lock');

test('taken once, told to others, free again after its release', async t => {
  const folder = temporaryFolder(t);
  const [first, second] = [createLock(folder), createLock(folder)];
  assert.equal(await first.holder(), undefined);
  assert.equal(existsSync(join(folder, '.homeiq')), false);
  assert.deepEqual(await first.take('run-1'), { kind: 'taken' });
  assert.deepEqual(await second.take('run-2'), { kind: 'held', by: { pid: process.pid, runId: 'run-1' } });
  assert.deepEqual(await second.holder(), { pid: process.pid, runId: 'run-1' });
  await second.release();
  assert.deepEqual(await second.holder(), { pid: process.pid, runId: 'run-1' });
  await first.release();
  assert.equal(await second.holder(), undefined);
  assert.deepEqual(await second.take('run-2'), { kind: 'taken' });
  await second.release();
  assert.deepEqual(readdirSync(join(folder, '.homeiq')), []);
});

test('a process that was killed holds nothing', async t => {
  const folder = temporaryFolder(t);
  const taker = await startTaker(t, folder, 'run-of-the-dead');
  assert.deepEqual(await take(taker), { kind: 'taken' });
  const lock = createLock(folder);
  assert.deepEqual(await lock.take('mine'), {
    kind: 'held',
    by: { pid: taker.pid, runId: 'run-of-the-dead' },
  });
  await taker.kill();
  assert.equal(await lock.holder(), undefined);
  assert.deepEqual(await lock.take('mine'), { kind: 'taken' });
  assert.deepEqual(leftovers(folder), []);
  await lock.release();
});

test('of several processes that want the lock of a dead one, exactly one gets it', async t => {
  const folder = temporaryFolder(t);
  const takers = await Promise.all(
    Array.from({ length: 5 }, (_, index) => startTaker(t, folder, `run-${index}`)),
  );
  for (let round = 0; round < 12; round++) {
    // A dead holder, now and then with a dead successor that did not get to finish, or a file cut by a power failure.
    mkdirSync(join(folder, '.homeiq'), { recursive: true });
    const dead = { pid: 4_194_999, runId: 'dead', startTicks: '1', bootId: identifyProcess(1).bootId };
    const id = `dead0${round}`;
    writeFileSync(join(folder, '.homeiq/lock'), round % 4 === 3 ? '\0\0' : JSON.stringify({ ...dead, id }));
    if (round % 4 === 1) {
      const successor = join(folder, `.homeiq/lock.after.${id}`);
      writeFileSync(successor, JSON.stringify({ ...dead, id: `${id}1` }));
    }
    const results = await Promise.all(takers.map(take));
    const winners = takers.filter((_, index) => results[index]?.kind === 'taken');
    assert.equal(winners.length, 1, `round ${round}: ${JSON.stringify(results)}`);
    const [winner] = winners;
    for (const result of results) {
      if (result.kind === 'held') assert.equal(result.by.pid, winner?.pid);
    }
    assert.equal((await createLock(folder).holder())?.pid, winner?.pid);
    assert.equal(await winner?.ask('release'), 'released');
    assert.deepEqual(readdirSync(join(folder, '.homeiq')), []);
  }
});

test('of many attempts in one process at once exactly one wins, be the lock free or a dead one’s', async t => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, '.homeiq'));
  for (let round = 0; round < 40; round++) {
    const dead = { id: `dead${round}`, pid: 4_194_999, runId: 'dead' };
    if (round % 4 !== 0) writeFileSync(join(folder, '.homeiq/lock'), JSON.stringify(dead));
    const locks = Array.from({ length: 12 }, () => createLock(folder));
    const results = await Promise.all(
      locks.map(async (lock, index) => {
        // Some come late, while the first ones are half-way.
        for (let turn = 0; turn < index * (round % 7); turn++) await new Promise(setImmediate);
        return lock.take(`run-${index}`);
      }),
    );
    const winners = locks.filter((_, index) => results[index]?.kind === 'taken');
    assert.equal(winners.length, 1, `round ${round}: ${JSON.stringify(results)}`);
    assert.deepEqual(leftovers(folder), []);
    await winners[0]?.release();
  }
});

test('one who acts on an old view of a dead lock steps back', async t => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, '.homeiq'));
  const results: string[] = [];
  for (let round = 0; round < 60; round++) {
    writeFileSync(
      join(folder, '.homeiq/lock'),
      JSON.stringify({ id: 'dead', pid: 4_194_999, runId: 'dead' }),
    );
    const [quick, late] = [createLock(folder), createLock(folder)];
    const first = quick.take('quick');
    for (let turn = 0; turn < round; turn++) await new Promise(setImmediate);
    const second = late.take('late');
    const kinds = [(await first).kind, (await second).kind].toSorted();
    results.push(kinds.join(' '));
    await quick.release();
    await late.release();
  }
  assert.deepEqual([...new Set(results)], ['held taken']);
});

test('a process that has ended and was not collected holds nothing', {
  skip: process.platform !== 'linux',
}, async t => {
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => parent.kill());
  assert.ok(parent.stdout);
  const pid = Number(String((await once(parent.stdout, 'data'))[0]));
  // Once the shell has become a `sleep`, nobody collects its child any more.
  await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n');
  process.kill(pid, 'SIGKILL');
  await until(() => readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '));
  assert.equal(isAlive(identifyProcess(pid)), false);
});

test('another process with the same number, or of another boot, is not the holder', () => {
  const me = identifyProcess(process.pid);
  assert.equal(isAlive(me), true);
  assert.equal(isAlive({ ...me, startTicks: '1' }), me.startTicks === undefined);
  assert.equal(isAlive({ ...me, bootId: 'another' }), me.bootId === undefined);
  // Where there is no /proc the number alone decides.
  assert.equal(isAlive({ pid: process.pid, startTicks: undefined, bootId: undefined }), true);
  assert.equal(isAlive({ pid: 0, startTicks: undefined, bootId: undefined }), false);
  assert.equal(isAlive({ pid: -1, startTicks: undefined, bootId: undefined }), false);
});

test('the lock file says who holds it', async t => {
  const folder = temporaryFolder(t);
  const lock = createLock(folder);
  await lock.take('run-1');
  const record = JSON.parse(readFileSync(join(folder, '.homeiq/lock'), 'utf8')) as Record<string, unknown>;
  assert.deepEqual(Object.keys(record).toSorted(), ['bootId', 'id', 'pid', 'runId', 'startTicks']);
  await lock.release();
});

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import {
  type HomeAssistantStandIn,
  startHomeAssistantStandIn,
} from '../../../sandbox/stand-in/home-assistant.ts';
import { createHomeAssistant } from '../../../src/adapters/home-assistant/create-home-assistant.ts';
import { ensureOnboarded } from '../../../src/app/home-assistant/ensure-onboarded.ts';
import { ExternalError, exitCodes, UserError } from '../../../src/core/error.ts';
import type { HomeAssistant, OnboardingState, TokenCheck } from '../../../src/ports/home-assistant.ts';
import { createJumpingClock, hurriedClock } from '../../helpers/clock.ts';
import { type Fault, startFaultProxy } from '../../helpers/fault-proxy.ts';
import { freePort } from '../../helpers/influxd.ts';

const password = 'password-of-the-test-home-assistant';

function run(
  homeAssistant: HomeAssistant,
  storedToken?: string,
  clock = hurriedClock,
  stored: { password?: string } = { password },
) {
  const details: string[] = [];
  const result = ensureOnboarded({
    homeAssistant,
    storedToken,
    clock,
    readPassword: async () => stored.password,
    makePassword: async () => {
      stored.password = 'a-password-made-now';
      return stored.password;
    },
    onDetail: text => details.push(text),
    waitLimitMs: 30_000,
  });
  return { result, details };
}

const isLost = (error: unknown): boolean =>
  error instanceof UserError &&
  error.deletesData === 'home-assistant-test-config' &&
  /--delete-data home-assistant-test-config/.test(error.nextSteps.join()) &&
  !JSON.stringify(error).includes(password);

describe('Onboarding the test Home Assistant', () => {
  let folder: string;
  let standIn: HomeAssistantStandIn | undefined;
  const start = async (port = 0): Promise<string> => {
    standIn = await startHomeAssistantStandIn({ port, dataFolder: folder });
    return standIn.url;
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'homeiq-onboard-'));
  });
  afterEach(async () => {
    await standIn?.close();
    standIn = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  test('gives a token the first time and keeps it afterwards', async () => {
    const homeAssistant = createHomeAssistant({ url: await start() });
    const first = await run(homeAssistant).result;
    assert.equal(first.changed, true);
    const { result, details } = run(homeAssistant, first.token);
    assert.deepEqual(await result, { token: first.token, changed: false });
    assert.deepEqual(details, []);
  });

  test('replaces a stale token of another installation', async () => {
    const homeAssistant = createHomeAssistant({ url: await start() });
    const result = await run(homeAssistant, 'token-of-another-installation').result;
    assert.equal(result.changed, true);
    assert.equal((await homeAssistant.checkToken(result.token)).kind, 'accepted');
  });

  test('waits for a slow start, with the reason', async () => {
    const port = await freePort();
    const homeAssistant = createHomeAssistant({ url: `http://127.0.0.1:${port}` });
    const { result, details } = run(homeAssistant);
    while (details.length === 0) await new Promise(resolve => setImmediate(resolve));
    await start(port);
    assert.equal((await result).changed, true);
    assert.equal(details[0], 'waiting for Home Assistant: nothing listens there (ECONNREFUSED)');
  });

  test('signs in again when the token is lost, before and after a restart', async () => {
    const homeAssistant = createHomeAssistant({ url: await start() });
    const first = await run(homeAssistant).result;
    const { result, details } = run(homeAssistant);
    const second = await result;
    assert.equal(second.changed, true);
    assert.notEqual(second.token, first.token);
    assert.match(details.join(), /signing in again/);
    assert.equal((await run(homeAssistant, 'wrong').result).changed, true);
    await standIn?.close();
    const restarted = createHomeAssistant({ url: await start() });
    const third = await run(restarted).result;
    for (const { token } of [first, second, third]) {
      assert.equal((await restarted.checkToken(token)).kind, 'accepted');
    }
  });

  test('makes a password only while there is no user, and none for one whose password is lost', async () => {
    const homeAssistant = createHomeAssistant({ url: await start() });
    const stored: { password?: string } = {};
    const first = await run(homeAssistant, undefined, hurriedClock, stored).result;
    assert.equal(stored.password, 'a-password-made-now');
    const lost: { password?: string } = {};
    await assert.rejects(run(homeAssistant, undefined, hurriedClock, lost).result, isLost);
    await assert.rejects(run(homeAssistant, 'wrong', hurriedClock, lost).result, isLost);
    assert.deepEqual(await run(homeAssistant, first.token, hurriedClock, lost).result, {
      token: first.token,
      changed: false,
    });
    assert.deepEqual(lost, {});
    assert.equal((await run(homeAssistant, undefined, hurriedClock, stored).result).changed, true);
  });

  test("names the data that starting afresh would delete, when it is somebody else's", async () => {
    const homeAssistant = createHomeAssistant({ url: await start() });
    await homeAssistant.onboard(
      { name: 'Ada', username: 'ada', password: 'another-password', language: 'en' },
      'Mine',
    );
    for (const stored of [undefined, 'wrong'])
      await assert.rejects(run(homeAssistant, stored).result, isLost);
  });

  /** The run of a process that dies at its `at`-th call; true when it came so far. */
  async function dieAt(fault: Fault, at: number, url: string): Promise<boolean> {
    const proxy = await startFaultProxy(url);
    proxy.arm(fault, at);
    // What it returned, if anything, died with it.
    const outcome = await run(
      createHomeAssistant({ url: proxy.url }),
      undefined,
      createJumpingClock(),
    ).result.catch((error: unknown) => error);
    const isMet = proxy.seen.length >= at;
    await proxy.dispose();
    if (outcome instanceof Error) {
      assert.ok(isMet && outcome instanceof ExternalError, String(outcome));
      assert.ok(!JSON.stringify(outcome).includes(password));
    }
    return isMet;
  }

  for (const fault of ['gone-before', 'gone-after'] as const) {
    test(`a run that dies between any two calls is gone on with by the next, ${fault}`, async t => {
      const steps: number[] = [];
      for (let at = 1; ; at += 1) {
        const url = await start();
        const isMet = await dieAt(fault, at, url);
        const homeAssistant = createHomeAssistant({ url });
        const { token } = await run(homeAssistant).result;
        assert.equal((await homeAssistant.checkToken(token)).kind, 'accepted', `call ${at}`);
        assert.deepEqual(await homeAssistant.onboardingState(), { kind: 'complete' }, `call ${at}`);
        await standIn?.close();
        await rm(folder, { recursive: true, force: true });
        if (!isMet) break;
        steps.push(at);
      }
      t.diagnostic(`${steps.length} calls, each cut once`);
      assert.ok(steps.length >= 6, `only ${steps.length} calls`);
    });
  }

  test('a run also comes through one bad answer by itself, whichever call gets it', async t => {
    let count = 0;
    for (const fault of ['reset-before', 'reset-after', 'html', 'redirect', 'unavailable'] as const) {
      for (let at = 1; ; at += 1) {
        const proxy = await startFaultProxy(await start());
        proxy.arm(fault, at);
        const homeAssistant = createHomeAssistant({ url: proxy.url });
        const { token } = await run(homeAssistant).result;
        const isMet = proxy.seen.length >= at;
        proxy.arm(fault, 0);
        assert.deepEqual(await run(homeAssistant, token).result, { token, changed: false });
        await proxy.dispose();
        await standIn?.close();
        await rm(folder, { recursive: true, force: true });
        if (!isMet) break;
        count += 1;
      }
    }
    t.diagnostic(`${count} bad answers`);
  });
});

describe('Onboarding by what Home Assistant says', () => {
  const scripted = (
    states: readonly OnboardingState[],
    check: TokenCheck,
  ): HomeAssistant & { readonly clients: readonly string[] } => {
    const clients: string[] = [];
    let at = 0;
    return {
      url: 'http://127.0.0.1:8124',
      clients,
      onboardingState: async () => {
        const state = states[Math.min(at, states.length - 1)];
        at += 1;
        return state ?? { kind: 'complete' };
      },
      onboard: async (_user, clientName) => {
        clients.push(clientName);
        return { token: 'new' };
      },
      signIn: async () => ({ kind: 'refused', seen: 'it says that the user or the password is wrong' }),
      look: async () => ({ kind: 'open' }),
      addressOfLocalName: async () => undefined,
      checkToken: async () => check,
    };
  };
  const open: OnboardingState = { kind: 'open', doneSteps: [] };

  test('a client is named by the time, so that no two are the same', async () => {
    const homeAssistant = scripted([open], { kind: 'refused' });
    const clock = createJumpingClock(Date.UTC(2025, 5, 1));
    await run(homeAssistant, undefined, clock).result;
    await clock.sleep(1);
    await run(homeAssistant, undefined, clock).result;
    assert.deepEqual(homeAssistant.clients, [
      'HomeIQ 2025-06-01T00:00:00.000Z',
      'HomeIQ 2025-06-01T00:00:00.001Z',
    ]);
  });

  test('another program is refused, one that never comes up is given up', async () => {
    const other = scripted([open], { kind: 'not-home-assistant', seen: 'a web page' });
    await assert.rejects(
      run(other, 'stored').result,
      (error: unknown) => error instanceof UserError && error.exitCode === exitCodes.refused,
    );
    const never = scripted([{ kind: 'not-ready', seen: 'it answers HTTP 503' }], { kind: 'refused' });
    await assert.rejects(
      run(never, undefined, createJumpingClock()).result,
      (error: unknown) =>
        error instanceof ExternalError && /not ready within 30 s: it answers HTTP 503/.test(error.message),
    );
    assert.deepEqual([...other.clients, ...never.clients], []);
  });
});

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
import { startFaultProxy } from '../../helpers/fault-proxy.ts';
import { freePort } from '../../helpers/influxd.ts';

const password = 'password-of-the-test-home-assistant';

function run(homeAssistant: HomeAssistant, storedToken?: string, clock = hurriedClock) {
  const details: string[] = [];
  const result = ensureOnboarded({
    homeAssistant,
    storedToken,
    clock,
    password,
    onDetail: text => details.push(text),
    waitLimitMs: 30_000,
  });
  return { result, details };
}

const isLostToken = (error: unknown): boolean =>
  error instanceof UserError &&
  /has its first user already/.test(error.message) &&
  error.nextSteps.length === 2 &&
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

  test('says what a lost token means and what to do, before and after a restart', async () => {
    const url = await start();
    await run(createHomeAssistant({ url })).result;
    await assert.rejects(run(createHomeAssistant({ url })).result, isLostToken);
    await assert.rejects(run(createHomeAssistant({ url }), 'wrong').result, isLostToken);
    await standIn?.close();
    await assert.rejects(run(createHomeAssistant({ url: await start() })).result, isLostToken);
  });

  test('ends with a token or a clear word, whichever call is cut', async () => {
    for (const fault of ['reset-before', 'reset-after', 'html'] as const) {
      for (let at = 1; ; at += 1) {
        const proxy = await startFaultProxy(await start());
        proxy.arm(fault, at);
        const outcome = await run(createHomeAssistant({ url: proxy.url })).result.catch(
          (error: unknown) => error,
        );
        const isMet = proxy.seen.length >= at;
        proxy.arm(fault, 0);
        const again = await run(
          createHomeAssistant({ url: proxy.url }),
          outcome instanceof Error ? undefined : (outcome as { token: string }).token,
        ).result.catch((error: unknown) => error);
        if (outcome instanceof Error) {
          assert.ok(outcome instanceof UserError, String(outcome));
          assert.ok(!(again instanceof Error) || isLostToken(again), String(again));
        } else {
          assert.deepEqual(again, { token: (outcome as { token: string }).token, changed: false });
        }
        await proxy.dispose();
        await standIn?.close();
        await rm(folder, { recursive: true, force: true });
        if (!isMet) break;
      }
    }
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

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDataLook } from '../../../src/app/monitor/data-look.ts';
import { createHomeAssistantLook } from '../../../src/app/monitor/home-assistant-look.ts';
import type { Container } from '../../../src/ports/engine.ts';
import type { HomeAssistant, TokenCheck } from '../../../src/ports/home-assistant.ts';
import type { Influx } from '../../../src/ports/influxdb.ts';
import { createJumpingClock } from '../../helpers/clock.ts';
import { silentInflux } from '../../helpers/silent-influx.ts';

const signal = AbortSignal.timeout(60_000);

describe('a server that does not publish its counters', () => {
  it('is asked one query at a time, and each sixth time for the other mode', async () => {
    const asked: string[] = [];
    const clock = createJumpingClock();
    const influx: Influx = {
      ...silentInflux,
      listBuckets: async () => [],
      shardCounters: async () => undefined,
      query: async (_token, org) => {
        asked.push(org);
        await clock.sleep(7);
        return [{ result: 'points', _value: org === 'homeiq' ? '0' : '42' }];
      },
    };
    const look = createDataLook({
      influx,
      engine: { containers: async () => assert.fail('nobody strays') },
      clock,
      mode: 'test',
      project: 'p',
      token: 'own',
      otherToken: 'other',
      homeAssistant: undefined,
    });
    const first = await look(signal);
    assert.deepEqual(asked.splice(0).toSorted(), ['homeiq', 'homeiq-test']);
    assert.deepEqual([first.pointsPerMinute, first.otherModePointsPerMinute], [42, 0]);
    for (let index = 0; index < 12; index += 1) {
      const before = asked.length;
      const sample = await look(signal);
      assert.equal(asked.length, before + 1);
      assert.deepEqual([sample.pointsPerMinute, sample.otherModePointsPerMinute], [42, 0]);
      assert.deepEqual([sample.cost?.by, sample.cost?.lastMs], ['query', 7]);
    }
    assert.equal(asked.filter(org => org === 'homeiq').length, 2);
  });
});

describe('points of the other mode from before a switch', () => {
  /** Production wrote until `silentForMs` ago, and this mode has run for `runningForMs`. */
  const lookAfter = async (silentForMs: number, runningForMs: number) => {
    const clock = createJumpingClock();
    const startedAt = new Date(clock.now().getTime() - runningForMs).toISOString();
    const influx: Influx = {
      ...silentInflux,
      listBuckets: async () => [],
      shardCounters: async () => undefined,
      query: async (_token, org, flux) => {
        const seconds = Number(/points\(seconds: (\d+)\)/.exec(flux)?.[1]);
        const isInWindow = org === 'homeiq' && silentForMs < seconds * 1000;
        return [{ result: 'points', _value: isInWindow ? '3' : '0' }];
      },
    };
    const own = { state: 'running', startedAt, environment: { DEPLOYMENT_MODE: 'test' } };
    const look = createDataLook({
      influx,
      engine: { containers: async () => [own] as unknown as readonly Container[] },
      clock,
      mode: 'test',
      project: 'p',
      token: 'own',
      otherToken: 'other',
      homeAssistant: undefined,
    });
    return (await look(signal)).otherModePointsPerMinute;
  };

  it('are no fault; those since it are', async () => {
    assert.equal(await lookAfter(30_000, 20_000), 0);
    assert.equal(await lookAfter(10_000, 20_000), 9);
    assert.equal(await lookAfter(30_000, 600_000), 3);
  });
});

describe('Home Assistant', () => {
  const open = (answers: readonly (TokenCheck | Error)[]) => {
    const clock = createJumpingClock();
    let asked = 0;
    const homeAssistant = {
      checkToken: async () => {
        const answer = answers[Math.min(asked, answers.length - 1)];
        asked += 1;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    } as unknown as HomeAssistant;
    const look = createHomeAssistantLook({ homeAssistant, token: 't', clock });
    return { look, clock, asked: () => asked };
  };

  it('is asked at most once a minute, and nobody waits for it', async () => {
    const { look, clock, asked } = open([
      { kind: 'accepted', version: '2026.1\u001b[2J' },
      { kind: 'unreachable', seen: 'nothing listens there' },
    ]);
    assert.equal(look.latest(signal), undefined);
    assert.equal((await look.ask(signal))?.text, '2026.1');
    for (let index = 0; index < 5; index += 1) {
      await clock.sleep(10_000);
      assert.equal(look.latest(signal)?.kind, 'accepted');
    }
    assert.equal(asked(), 1);
    await clock.sleep(10_000);
    assert.equal(look.latest(signal)?.kind, 'accepted', 'what was known until the answer comes');
    assert.deepEqual((await look.ask(signal))?.kind, 'unreachable');
  });

  it('that refused the token is left alone for an hour: each try warns its people', async () => {
    const { look, clock, asked } = open([{ kind: 'refused' }]);
    await look.ask(signal);
    for (let index = 0; index < 59; index += 1) {
      await clock.sleep(60_000);
      assert.equal(look.latest(signal)?.kind, 'refused');
    }
    assert.equal(asked(), 1);
    await clock.sleep(60_000);
    look.latest(signal);
    assert.equal(asked(), 2);
  });

  it('that fails is unreachable', async () => {
    const { look } = open([new Error('x')]);
    assert.equal((await look.ask(signal))?.kind, 'unreachable');
  });
});

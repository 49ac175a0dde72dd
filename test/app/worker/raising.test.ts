/** The services start beside a Home Assistant whose token is stored, and anew when that token turns out not to be taken. */

import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { documentsOf, followRun, startRun } from '../../../src/app/setup/start-run.ts';
import { homeAssistantStep } from '../../../src/app/worker/home-assistant-step.ts';
import { servicesStep } from '../../../src/app/worker/services-step.ts';
import { createStepContext } from '../../../src/app/worker/step-context.ts';
import type { HomeAssistant } from '../../../src/ports/home-assistant.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { valuesOfText } from '../../helpers/env-text.ts';
import { rehearse } from '../../helpers/rehearse.ts';

/** A deployment of test mode that was set up and whose containers are gone; Home Assistant is as `change` has it. */
async function open(
  t: TestContext,
  change: (real: HomeAssistant, ports: Ports) => Partial<HomeAssistant> = () => ({}),
  beforeStart: (service: string) => void = () => {},
) {
  const { ports, draft, read, folder } = await rehearse(t);
  const first = await draft('test');
  const runId = await startRun(ports, { ...documentsOf(first), plan: first.plan, mode: 'test' });
  for await (const event of followRun(ports, runId, AbortSignal.timeout(60_000))) {
    assert.notEqual(event.kind, 'step-failed');
  }
  const { plan, ...documents } = await draft('test');
  const target = { folder, project: plan.project, files: [], environment: undefined };
  await ports.compose.remove(
    target,
    plan.services.map(({ name }) => name).filter(name => name !== 'influxdb'),
  );
  const starts: string[] = [];
  const findService = async (id: string) => (await ports.engine.container(id))?.service ?? '';
  const ending = new AbortController();
  const context = createStepContext(
    { ...documentsOf(documents), runId: 'test', plan, mode: 'test' },
    {
      ...ports,
      homeAssistant: url => {
        const real = ports.homeAssistant(url);
        return { ...real, ...change(real, ports) };
      },
      engine: {
        ...ports.engine,
        start: async (id, signal) => {
          const service = await findService(id);
          starts.push(service);
          beforeStart(service);
          await ports.engine.start(id, signal);
        },
      },
    },
    { runId: 'test', append: async () => {} },
    AbortSignal.any([ending.signal, AbortSignal.timeout(30_000)]),
  );
  const containers = async () =>
    (await ports.engine.containers(plan.project)).filter(({ service }) => service);
  return {
    context,
    starts,
    end: () => ending.abort(new Error('ended')),
    containers,
    isRunning: async (service: string) =>
      (await containers()).some(each => each.service === service && each.state === 'running'),
    storedToken: async () => valuesOfText(await read('.env')).HA_TOKEN,
  };
}

it('they start while Home Assistant does, each once', async t => {
  let isDataApiUp: () => Promise<boolean> = async () => false;
  const { context, starts, isRunning } = await open(t, real => ({
    onboardingState: async signal =>
      (await isDataApiUp())
        ? real.onboardingState(signal)
        : { kind: 'not-ready', seen: 'it waits for a service that should not wait for it' },
  }));
  isDataApiUp = () => isRunning('data-api');
  assert.equal(await homeAssistantStep.act(context), 'token accepted');
  assert.equal(await servicesStep.act(context), '16 of 16 healthy');
  assert.deepEqual(starts.toSorted(), [...new Set(starts)].toSorted());
});

it('with a token that is refused they are made anew, with the new one', async t => {
  let refusals = 0;
  const { context, containers, storedToken } = await open(t, real => ({
    checkToken: async (token, signal) => {
      if (refusals > 0) return real.checkToken(token, signal);
      refusals += 1;
      return { kind: 'refused', seen: 'status 401' };
    },
  }));
  const before = await storedToken();
  assert.equal(await homeAssistantStep.act(context), 'onboarded, token stored');
  const token = await storedToken();
  assert.notEqual(token, before);
  assert.equal(await servicesStep.act(context), '16 of 16 healthy');
  await servicesStep.verify(context);
  const tokens = (await containers()).flatMap(({ environment }) => environment.HA_TOKEN ?? []);
  assert.ok(tokens.length > 3);
  assert.deepEqual([...new Set(tokens)], [token]);
});

it('a run that ends at Home Assistant starts nothing afterwards', async t => {
  const { context, starts, end, containers } = await open(t, () => ({
    onboardingState: async () => ({ kind: 'not-ready', seen: 'it hangs' }),
  }));
  const acting = homeAssistantStep.act(context);
  acting.catch(() => undefined);
  while ((await containers()).filter(({ state }) => state === 'running').length < 4) {
    await new Promise(resolve => setImmediate(resolve));
  }
  end();
  await assert.rejects(acting, /ended/);
  await context.settled();
  const begun = starts.length;
  assert.ok(begun < 15, `${begun} had started already`);
  const { clock } = context.ports;
  await clock.sleep(1);
  for (let turn = 0; turn < 100; turn += 1) await new Promise(resolve => setImmediate(resolve));
  assert.equal(starts.length, begun);
});

it('what failed while Home Assistant was not there yet is tried once more by their own step', async t => {
  let failures = 0;
  const { context } = await open(
    t,
    real => ({
      onboardingState: async signal =>
        failures > 0 ? real.onboardingState(signal) : { kind: 'not-ready', seen: 'it starts' },
    }),
    service => {
      if (service !== 'data-api' || failures > 0) return;
      failures += 1;
      throw new Error('the engine is busy');
    },
  );
  assert.equal(await homeAssistantStep.act(context), 'token accepted');
  await context.raising.join().catch(() => undefined);
  assert.equal(await servicesStep.act(context), '16 of 16 healthy');
  assert.equal(failures, 1);
});

it('one that is only about to begin is ended too', async t => {
  const { context, starts } = await open(t);
  const joined = context.raising.join();
  await Promise.all([assert.rejects(joined, /the start-up is over/), context.settled()]);
  assert.deepEqual(starts, []);
});

/** The test Home Assistant that somebody else has taken: kept, until the operator consents by its name to losing it. */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { startHomeAssistantStandIn } from '../../../sandbox/stand-in/home-assistant.ts';
import { createHomeAssistant } from '../../../src/adapters/home-assistant/create-home-assistant.ts';
import { homeAssistantStep } from '../../../src/app/worker/home-assistant-step.ts';
import { createStepContext } from '../../../src/app/worker/step-context.ts';
import { UserError } from '../../../src/core/error.ts';
import { valuesOfText } from '../../helpers/env-text.ts';
import { rehearse } from '../../helpers/rehearse.ts';

const data = 'home-assistant-test-config';

/** A deployment whose Home Assistant is the stand-in, with a user of somebody else. */
async function open(t: TestContext) {
  const deployment = await rehearse(t);
  await deployment.setUp('test');
  const draft = await deployment.draft('test');
  const base = await mkdtemp(join(tmpdir(), 'homeiq-volume-'));
  let volume = 'theirs';
  let home = await startHomeAssistantStandIn({ port: 0, dataFolder: join(base, volume) });
  t.after(async () => {
    await home.close();
    await rm(base, { recursive: true });
  });
  const theirs = { name: 'Ada', username: 'ada', password: 'another-password', language: 'en' };
  const { token } = await createHomeAssistant({ url: home.url }).onboard(theirs, 'Mine');
  const done: string[] = [];
  const contextWith = (deleteData: readonly string[]) =>
    createStepContext(
      { ...draft, runId: 'test', plan: { ...draft.plan, deleteData }, mode: 'test' },
      {
        ...deployment.ports,
        homeAssistant: () => createHomeAssistant({ url: home.url }),
        compose: {
          ...deployment.ports.compose,
          up: async (_target, services) => void done.push(`start ${String(services)}`),
          remove: async (_target, services) => void done.push(`remove ${String(services)}`),
        },
        engine: {
          ...deployment.ports.engine,
          removeVolume: async name => {
            done.push(`delete ${name}`);
            await home.close();
            volume = 'fresh';
            home = await startHomeAssistantStandIn({ port: 0, dataFolder: join(base, volume) });
          },
        },
      },
      { runId: 'test', append: async () => {} },
      AbortSignal.timeout(30_000),
    );
  return {
    ...deployment,
    done,
    contextWith,
    project: draft.plan.project,
    isTheirs: async () =>
      (await createHomeAssistant({ url: home.url }).checkToken(token)).kind === 'accepted',
    storedToken: async () => valuesOfText(await deployment.read('.env')).HA_TOKEN,
    storedPassword: () => deployment.ports.files.readSecret('home-assistant-test-password'),
  };
}

it('is kept without consent, and with consent to losing anything else', async t => {
  const { contextWith, done, isTheirs, storedToken, storedPassword } = await open(t);
  for (const consent of [[], ['weather_data_test']]) {
    await assert.rejects(
      homeAssistantStep.act(contextWith(consent)),
      thrown => thrown instanceof UserError && thrown.deletesData === data,
    );
  }
  assert.deepEqual([...new Set(done)], ['start home-assistant-test']);
  assert.equal(await isTheirs(), true);
  assert.ok(!(await storedToken()));
  // It would open nothing of what is there.
  assert.equal(await storedPassword(), undefined);
});

it('is made anew with consent by its name, and the new token is stored', async t => {
  const { contextWith, done, project, isTheirs, storedToken, storedPassword } = await open(t);
  const context = contextWith([data]);
  assert.equal(await homeAssistantStep.act(context), 'onboarded, token stored');
  assert.deepEqual(done, [
    'start home-assistant-test',
    'remove home-assistant-test',
    `delete ${project}_${data}`,
    'start home-assistant-test',
  ]);
  await homeAssistantStep.verify(context);
  assert.equal(await isTheirs(), false);
  assert.ok(((await storedToken()) ?? '').length > 20);
  assert.match((await storedPassword()) ?? '', /^[\w-]{43}$/);
});

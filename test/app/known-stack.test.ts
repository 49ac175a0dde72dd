/** The stack as it was last time, on a rehearsed deployment with its real files. */

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { createKnownStack } from '../../src/adapters/files/known-stack.ts';
import { hasStackChanged, recallStack } from '../../src/app/known-stack.ts';
import { describeDeployment } from '../../src/app/monitor/describe-deployment.ts';
import { firstChoices } from '../../src/app/setup/drafting.ts';
import { documentsOf } from '../../src/app/setup/start-run.ts';
import { imagesStep } from '../../src/app/worker/images-step.ts';
import { servicesStep } from '../../src/app/worker/services-step.ts';
import { createStepContext } from '../../src/app/worker/step-context.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { rehearse, rehearseDrafting } from '../helpers/rehearse.ts';

const options = { memoryBudgetMiB: undefined };

async function open(t: TestContext) {
  const { setUp, ports: rehearsed, folder } = await rehearse(t);
  await setUp('test');
  let questions = 0;
  let image: string | undefined;
  const ports: Ports = {
    ...rehearsed,
    clock: { ...rehearsed.clock, sleep: async () => {} },
    knownStack: createKnownStack(folder, '1.0.0'),
    compose: {
      ...rehearsed.compose,
      resolve: async (...rest) => {
        questions += 1;
        const model = (await rehearsed.compose.resolve(...rest)) as {
          readonly services: Readonly<Record<string, object>>;
        };
        const changed = image === undefined ? {} : { 'data-api': { ...model.services['data-api'], image } };
        return { ...model, services: { ...model.services, ...changed } };
      },
    },
  };
  const confirm = async (mayKeep = true) => {
    const { stack } = await describeDeployment(ports, options, await recallStack(ports));
    return hasStackChanged(ports, stack, { mayKeep, signal: AbortSignal.timeout(60_000) });
  };
  return {
    ports,
    folder,
    confirm,
    questions: () => questions,
    setImage: (next: string) => {
      image = next;
    },
  };
}

test('the second time the stack is known without asking Compose, and holds no value of an environment', async t => {
  const { ports, folder, confirm, questions } = await open(t);
  assert.equal(await recallStack(ports), undefined);
  assert.equal(await confirm(), false);
  const before = questions();
  const known = await recallStack(ports);
  const { stack, status } = await describeDeployment(ports, options, known);
  assert.equal(questions(), before);
  assert.ok(stack.services.length > 20 && status.bucket === 'home_assistant_events_test');
  const kept = await readFile(join(folder, '.homeiq/stack.json'), 'utf8');
  for (const { environment } of JSON.parse(kept).stack.services) assert.deepEqual(environment, {});
});

test('a changed file, another program and a damaged record are reasons to ask; reading only keeps nothing', async t => {
  const { ports, folder, confirm } = await open(t);
  assert.equal(await confirm(false), false);
  assert.equal(await recallStack(ports), undefined);
  await confirm();
  assert.ok(await recallStack(ports));
  assert.equal(await recallStack({ ...ports, knownStack: createKnownStack(folder, '1.0.1') }), undefined);
  await writeFile(join(folder, 'compose.override.yaml'), 'services: {}\n');
  assert.equal(await recallStack(ports), undefined);
  await confirm();
  assert.ok(await recallStack(ports));
  await writeFile(join(folder, '.homeiq/stack.json'), '{"stamp":');
  assert.equal(await recallStack(ports), undefined);
});

test('what no file of the folder tells is found out afterwards, and known the next time', async t => {
  const { ports, confirm, setImage } = await open(t);
  await confirm();
  setImage('elsewhere/data-api:2');
  assert.equal(await confirm(), true);
  assert.equal(await confirm(), false);
  const known = await recallStack(ports);
  assert.equal(known?.services.find(({ name }) => name === 'data-api')?.image, 'elsewhere/data-api:2');
});

test('a run that starts the services keeps it, and the way back of a switch asks nothing more', async t => {
  const { setUp, draft, ports: rehearsed, folder } = await rehearse(t);
  await setUp('test');
  let questions = 0;
  const ports: Ports = {
    ...rehearsed,
    knownStack: createKnownStack(folder, '1.0.0'),
    compose: {
      ...rehearsed.compose,
      resolve: (...rest) => {
        questions += 1;
        return rehearsed.compose.resolve(...rest);
      },
    },
  };
  const { plan, ...documents } = await draft('test');
  const context = createStepContext(
    { ...documentsOf(documents), runId: 'test', plan, mode: 'test' },
    ports,
    { runId: 'test', append: async () => {} },
    t.signal,
  );
  await imagesStep.act(context);
  await servicesStep.act(context);
  assert.ok(await recallStack(ports));

  const drafting = rehearseDrafting(ports);
  const drafted = await drafting.draft(firstChoices('production'));
  questions = 0;
  const back = await drafting.rollback(drafted);
  assert.deepEqual(
    [back?.mode, back?.plan.services.map(({ name }) => name)],
    ['test', plan.services.map(({ name }) => name)],
  );
  assert.equal(questions, 0);

  await writeFile(join(folder, 'compose.override.yaml'), 'services: {}\n');
  await rehearseDrafting(ports).rollback(drafted);
  assert.equal(questions, 1, 'a file was changed');
});

/** Test mode brings its own Home Assistant: started, onboarded, and its token stored. */

import { UserError } from '../../core/error.ts';
import type { HomeAssistant } from '../../ports/home-assistant.ts';
import {
  ensureOnboarded,
  homeAssistantTestData,
  type OnboardResult,
} from '../home-assistant/ensure-onboarded.ts';
import { findContainer } from './containers.ts';
import { publishedAddress } from './influxdb-access.ts';
import type { Step, StepContext } from './step.ts';
import { storeValue } from './store-value.ts';

export const homeAssistantService = 'home-assistant-test';
const passwordName = 'home-assistant-test-password';
/** Random bytes behind the password. */
const secretBytes = 32;

const homeAssistantOf = async (context: StepContext): Promise<HomeAssistant> =>
  context.ports.homeAssistant(await publishedAddress(context, homeAssistantService));

const start = ({ ports, target, detail, signal }: StepContext): Promise<void> =>
  ports.compose.up(target, [homeAssistantService], {
    signal,
    onProgress: progress => detail(progress.text),
  });

/**
 * A stored token is most likely a good one: then the other services' containers are the right ones already, and start
 * beside it. Their own step ends that, or begins it anew after a failure or with another token, and tells what failed.
 */
async function startWithToken(context: StepContext): Promise<void> {
  await context.createContainers();
  const container = await findContainer(context, homeAssistantService);
  if (container === undefined) return start(context);
  const raised = context.raising.join();
  raised.catch(() => undefined);
  if (container.state !== 'created') return context.startContainer(container.id);
  // Whatever kept the others may have come before its turn: then it starts alone, or is refused for its own reason.
  await Promise.race([context.started(container.id), raised]).catch(() =>
    context.startContainer(container.id),
  );
}

async function onboard(context: StepContext, storedToken: string | undefined): Promise<OnboardResult> {
  const { ports, detail, signal } = context;
  return ensureOnboarded({
    homeAssistant: await homeAssistantOf(context),
    storedToken,
    clock: ports.clock,
    readPassword: () => ports.files.readSecret(passwordName),
    makePassword: async () => {
      const password = ports.random.secret(secretBytes);
      await ports.files.writeSecret(passwordName, password);
      return password;
    },
    onDetail: detail,
    signal,
  });
}

/** Its container and its volume go; nothing else uses them. */
async function startAfresh(context: StepContext): Promise<void> {
  const { ports, plan, target, detail, signal, raising } = context;
  await raising.end();
  detail(`deleting ${homeAssistantTestData}, as you allowed`);
  await ports.compose.remove(target, [homeAssistantService], { signal });
  await ports.engine.removeVolume(`${plan.project}_${homeAssistantTestData}`, signal);
  await start(context);
}

export const homeAssistantStep: Step = {
  id: 'home-assistant',
  title: () => 'Home Assistant ready',
  check: async context => {
    const { HA_TOKEN: token } = await context.values();
    if (token === undefined || token === '') return { isDone: false, summary: 'no token is stored' };
    const container = await findContainer(context, homeAssistantService);
    if (container?.state !== 'running')
      return { isDone: false, summary: `${homeAssistantService} does not run` };
    const seen = await (await homeAssistantOf(context)).checkToken(token, context.signal);
    return seen.kind === 'accepted'
      ? { isDone: true, summary: `version ${seen.version}, token accepted` }
      : { isDone: false, summary: `token ${seen.kind}` };
  },
  act: async context => {
    const { HA_TOKEN: stored = '' } = await context.values();
    await (stored === '' ? start(context) : startWithToken(context));
    const isAllowed = context.plan.deleteData?.includes(homeAssistantTestData) === true;
    const result = await onboard(context, stored === '' ? undefined : stored).catch(async thrown => {
      const isLost = thrown instanceof UserError && thrown.deletesData === homeAssistantTestData;
      if (!isLost || !isAllowed) throw thrown;
      await startAfresh(context);
      return onboard(context, undefined);
    });
    await storeValue(context, 'HA_TOKEN', result.token);
    return result.changed ? 'onboarded, token stored' : 'token accepted';
  },
  verify: async context => {
    const { HA_TOKEN: token = '' } = await context.values();
    const seen = await (await homeAssistantOf(context)).checkToken(token, context.signal);
    if (seen.kind !== 'accepted') {
      throw new UserError(`The test Home Assistant does not accept its own new token (${seen.kind}).`, {
        hint: 'Run the set-up again: a new token is made.',
      });
    }
  },
};

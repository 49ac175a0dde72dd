/** Docker Compose in this process, on the rehearsed engine and the committed snapshot of the resolved stack. */

import { parseEnv } from '../../core/env/parse.ts';
import { documentValues } from '../../core/env/values.ts';
import { UserError } from '../../core/error.ts';
import { parseStack } from '../../core/stack/parse-stack.ts';
import type { Service, Stack } from '../../core/stack/stack.ts';
import type { Compose, ComposeOptions, ComposeProgress, ComposeTarget } from '../../ports/compose.ts';
import type { Container } from '../../ports/engine.ts';
import type { Clock } from '../../ports/host.ts';
import type { RehearsalEngine } from './rehearsal-engine.ts';
import { fillSnapshot, isLeftOut, serviceText } from './rehearsal-model.ts';
import { steadyFraction } from './rehearsal-usage.ts';
import { digest } from './rehearsal-world.ts';

export type RehearsalComposeOptions = {
  readonly rehearsal: RehearsalEngine;
  readonly clock: Clock;
  readonly snapshot: () => Promise<unknown>;
  /** The text of the deployment folder's `.env`. */
  readonly readEnv: () => Promise<string | undefined>;
};

const lookEveryMs = 100;
const buildSteps = ['FROM python:3.12-slim', 'RUN pip install -r requirements.txt', 'COPY src ./src'];
const buildStepMs = 50;

/** How long a service takes to become healthy: 0.3 to 2.7 s, the AI services longest, as in life. */
const bootMs = ({ name, group }: Service): number =>
  Math.round((group === 'ai' ? 900 : 300) + steadyFraction(name) * (group === 'ai' ? 1_800 : 900));

export function createRehearsalCompose(options: RehearsalComposeOptions): Compose {
  const { clock, rehearsal } = options;
  const { engine, control } = rehearsal;

  const valuesOf = async (target: ComposeTarget): Promise<Readonly<Record<string, string>>> =>
    target.environment ?? documentValues(parseEnv((await options.readEnv()) ?? ''));

  const resolve = async (target: ComposeTarget): Promise<unknown> =>
    fillSnapshot(await options.snapshot(), target.project, await valuesOf(target));

  const hashOf = (model: unknown, service: string): string => digest(serviceText(model, service));

  const say = (
    onProgress: ComposeOptions['onProgress'],
    service: string,
    phase: ComposeProgress['phase'],
  ): void => onProgress?.({ text: `${service} ${phase}`, service, phase });

  const containersOf = async (target: ComposeTarget): Promise<ReadonlyMap<string, Container>> => {
    const containers = await engine.containers(target.project);
    return new Map(
      containers.flatMap(each => (each.service === undefined ? [] : [[each.service, each] as const])),
    );
  };

  const createContainer = (target: ComposeTarget, service: Service, hash: string): string =>
    control.create({
      name: `${target.project}-${service.name}-1`,
      project: target.project,
      service: service.name,
      image: service.image,
      hasHealthcheck: service.hasHealthcheck,
      isOneShot: service.isOneShot,
      expectedMiB: service.expectedMiB,
      limitMiB: service.limitMiB,
      bootMs: bootMs(service),
      environment: service.environment,
      labels: {
        'com.docker.compose.project': target.project,
        'com.docker.compose.service': service.name,
        'com.docker.compose.config-hash': hash,
      },
      publishedPorts: service.ports,
    });

  /** The id of its container, which is made when there is none or when its configuration changed. */
  const make = async (
    target: ComposeTarget,
    model: unknown,
    service: Service,
    onProgress: ComposeOptions['onProgress'],
  ): Promise<string> => {
    const hash = hashOf(model, service.name);
    const old = (await containersOf(target)).get(service.name);
    if (old?.labels['com.docker.compose.config-hash'] === hash) return old.id;
    if (!(await engine.images([service.image])).has(service.image)) {
      throw new UserError(`No such image: ${service.image}`);
    }
    if (old !== undefined) control.remove(old.id);
    say(onProgress, service.name, 'creating');
    return createContainer(target, service, hash);
  };

  /** Makes the container, and starts it unless it runs. */
  const raise = async (
    target: ComposeTarget,
    model: unknown,
    service: Service,
    onProgress: ComposeOptions['onProgress'],
  ): Promise<void> => {
    const id = await make(target, model, service, onProgress);
    if ((await containersOf(target)).get(service.name)?.state === 'running') return;
    say(onProgress, service.name, 'starting');
    await engine.start(id);
    say(onProgress, service.name, 'started');
  };

  const isUp = ({ state, health, exitCode }: Container): boolean =>
    state === 'running' ? health === 'healthy' || health === 'none' : state === 'exited' && exitCode === 0;

  /** Starts each service once what it depends on is up. */
  const raiseInOrder = async (
    target: ComposeTarget,
    model: unknown,
    services: readonly Service[],
    { signal, onProgress }: ComposeOptions,
  ): Promise<void> => {
    const names = new Set(services.map(({ name }) => name));
    let waiting = services;
    while (waiting.length > 0) {
      signal?.throwIfAborted();
      const containers = await containersOf(target);
      const blocks = (name: string): boolean => {
        const container = containers.get(name);
        return names.has(name) && (container === undefined || !isUp(container));
      };
      const failed = [...containers.values()].find(({ health }) => health === 'unhealthy');
      if (failed !== undefined)
        throw new UserError(`dependency failed to start: container ${failed.name} is unhealthy`);
      const ready = waiting.filter(({ dependsOn }) => !dependsOn.some(blocks));
      for (const service of ready) await raise(target, model, service, onProgress);
      waiting = waiting.filter(service => !ready.includes(service));
      if (waiting.length > 0) await clock.sleep(lookEveryMs, signal);
    }
  };

  const profileServices = async (
    target: ComposeTarget,
    model: unknown,
    stack: Stack,
  ): Promise<readonly Service[]> => {
    const active = new Set((await valuesOf(target)).COMPOSE_PROFILES?.split(',') ?? []);
    return stack.services.filter(
      ({ name, profiles }) =>
        !isLeftOut(model, name) && (profiles.length === 0 || profiles.some(profile => active.has(profile))),
    );
  };

  const prepare = async (
    target: ComposeTarget,
  ): Promise<{ readonly model: unknown; readonly stack: Stack }> => {
    const model = await resolve(target);
    const stack = parseStack(model);
    for (const volume of stack.volumes) control.addVolume(target.project, volume);
    return { model, stack };
  };

  const endEach = async (
    target: ComposeTarget,
    services: readonly string[],
    onProgress: ComposeOptions['onProgress'],
    phase: 'stopping' | 'removed',
  ): Promise<void> => {
    const containers = await containersOf(target);
    for (const service of services) {
      const container = containers.get(service);
      if (container === undefined) continue;
      say(onProgress, service, phase);
      if (phase === 'stopping') control.stop(container.id);
      else control.remove(container.id);
    }
  };

  return {
    version: async () => '5.6.0',
    resolve,
    hashes: async target => {
      const model = await resolve(target);
      return new Map(parseStack(model).services.map(({ name }) => [name, hashOf(model, name)]));
    },
    answers: async () => [],
    build: async (target, services, { signal, onProgress } = {}) => {
      const stack = parseStack(await resolve(target));
      for (const service of stack.services.filter(({ name }) => services.includes(name))) {
        for (const [index, step] of buildSteps.entries()) {
          const text = `Step ${index + 1}/${buildSteps.length} : ${step}`;
          onProgress?.({ text, service: service.name, phase: 'building' });
          await clock.sleep(buildStepMs, signal);
        }
        control.addImage(service.image);
        say(onProgress, service.name, 'built');
      }
    },
    create: async (target, { onProgress } = {}) => {
      const { model, stack } = await prepare(target);
      for (const service of await profileServices(target, model, stack)) {
        await make(target, model, service, onProgress);
      }
    },
    up: async (target, services, upOptions = {}) => {
      const { model, stack } = await prepare(target);
      if (services === 'profile') {
        await raiseInOrder(target, model, await profileServices(target, model, stack), upOptions);
        return;
      }
      for (const service of stack.services.filter(({ name }) => services.includes(name))) {
        await raise(target, model, service, upOptions.onProgress);
      }
    },
    recreate: async (target, services, { onProgress } = {}) => {
      const { model, stack } = await prepare(target);
      await endEach(target, services, onProgress, 'removed');
      for (const service of stack.services.filter(({ name }) => services.includes(name))) {
        await raise(target, model, service, onProgress);
      }
    },
    stop: (target, services, { onProgress } = {}) => endEach(target, services, onProgress, 'stopping'),
    runOnce: async () => {
      throw new UserError('The rehearsal has no containers to run a command in.');
    },
    remove: (target, services, { onProgress } = {}) => endEach(target, services, onProgress, 'removed'),
  };
}

/** Services that ended before are started again: how they ended then says nothing while their start is under way. */

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { raiseServices } from '../../../src/app/worker/raise-services.ts';
import type { StepContext } from '../../../src/app/worker/step.ts';
import type { Container } from '../../../src/ports/engine.ts';
import { makeService } from '../../core/status/status-fixtures.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';

it('one that waits for a service whose start takes long goes on waiting, and starts after it', async () => {
  const clock = createManualClock();
  const ended = { state: 'exited', exitCode: 143, health: 'none', restartCount: 0 } as const;
  const containers = new Map(
    ['db', 'api'].map(id => [id, { id, service: id, ...ended } as unknown as Container]),
  );
  const starts: string[] = [];
  const release = new Map<string, () => void>();
  const engine = {
    containers: async () => [...containers.values()],
    container: async (id: string) => containers.get(id),
    askHealth: async () => undefined,
    start: async (id: string) => {
      starts.push(id);
      await new Promise<void>(resolve => release.set(id, resolve));
      const up = { state: 'running', health: 'healthy', exitCode: undefined } as const;
      containers.set(id, { ...containers.get(id), ...up } as Container);
    },
    // Nothing is told: the start itself has to be enough.
    events: async function* () {
      await new Promise(() => {});
    },
  };
  const context = {
    ports: { engine, clock },
    plan: {},
    signal: new AbortController().signal,
    emit: async () => {},
    createContainers: async () => {},
    startContainer: engine.start,
  } as unknown as StepContext;
  const services = [
    makeService('db', 'core', 1),
    makeService('api', 'core', 1, {
      dependsOn: ['db'],
      dependencies: [{ service: 'db', condition: 'healthy', isRequired: true }],
    }),
  ];

  const raising = raiseServices(context, services);
  raising.catch(() => {});
  await clock.advance(5000);
  assert.deepEqual(starts, ['db']);
  release.get('db')?.();
  await clock.advance(1000);
  assert.deepEqual(starts, ['db', 'api']);
  release.get('api')?.();
  await clock.advance(1000);
  const phases = (await raising).map(({ service, phase }) => `${service.name} ${phase}`);
  assert.deepEqual(phases, ['db healthy', 'api healthy']);
});

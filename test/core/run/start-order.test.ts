import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServicePhase } from '../../../src/core/run/journal-event.ts';
import { chooseStarts, readinessOf, type Standing, startWeights } from '../../../src/core/run/start-order.ts';
import type { Dependency, Service } from '../../../src/core/stack/stack.ts';
import { makeService } from '../status/status-fixtures.ts';

const need = (
  service: string,
  condition: Dependency['condition'] = 'healthy',
  isRequired = true,
): Dependency => ({ service, condition, isRequired });

const waiting = (name: string, ...dependencies: readonly Dependency[]): Service =>
  makeService(name, 'core', 1, { dependencies, dependsOn: dependencies.map(({ service }) => service) });

const at = (name: string, phase: ServicePhase, more: Partial<Standing> = {}): Standing => ({
  service: waiting(name),
  phase,
  answers: false,
  exitCode: undefined,
  restarts: 0,
  ...more,
});

const kindOf = (dependency: Dependency, ...standings: readonly Standing[]): string =>
  readinessOf(waiting('api', dependency), standings).kind;

describe('readinessOf', () => {
  it('waits for health until the engine, or the health command itself, says so', () => {
    assert.equal(kindOf(need('db'), at('db', 'creating')), 'waits');
    assert.equal(kindOf(need('db'), at('db', 'starting')), 'waits');
    assert.equal(kindOf(need('db'), at('db', 'starting', { answers: true })), 'ready');
    assert.equal(kindOf(need('db'), at('db', 'healthy')), 'ready');
  });

  it('gives up on what will never be healthy', () => {
    for (const standing of [
      at('db', 'unhealthy'),
      at('db', 'running'),
      at('db', 'exited', { exitCode: 1 }),
      at('db', 'exited', { restarts: 5 }),
    ]) {
      assert.deepEqual(readinessOf(waiting('api', need('db')), [standing]), { kind: 'blocked', by: 'db' });
    }
    assert.equal(kindOf(need('db'), at('db', 'exited', { restarts: 1 })), 'waits');
  });

  it('takes started and completed at their word', () => {
    assert.equal(kindOf(need('db', 'started'), at('db', 'waiting')), 'waits');
    assert.equal(kindOf(need('db', 'started'), at('db', 'starting')), 'ready');
    assert.equal(kindOf(need('migrate', 'completed'), at('migrate', 'running')), 'waits');
    assert.equal(kindOf(need('migrate', 'completed'), at('migrate', 'exited', { exitCode: 0 })), 'ready');
    assert.equal(kindOf(need('migrate', 'completed'), at('migrate', 'exited', { exitCode: 4 })), 'blocked');
  });

  it('does not wait for what is left out, nor fail with what is not required', () => {
    assert.equal(kindOf(need('db')), 'ready');
    assert.equal(kindOf(need('db', 'healthy', false), at('db', 'unhealthy')), 'ready');
    assert.equal(kindOf(need('db', 'healthy', false), at('db', 'starting')), 'waits');
  });

  it('names a failed one before one that is still on its way', () => {
    const api = waiting('api', need('db'), need('queue'));
    const standings = [at('db', 'starting'), at('queue', 'unhealthy')];
    assert.deepEqual(readinessOf(api, standings), { kind: 'blocked', by: 'queue' });
  });
});

describe('startWeights', () => {
  it('weighs a service by the longest chain that waits for it', () => {
    const services = [
      waiting('db'),
      waiting('api', need('db')),
      waiting('ui', need('api')),
      waiting('job', need('db')),
    ];
    assert.deepEqual(Object.fromEntries(startWeights(services)), { db: 2, api: 1, ui: 0, job: 0 });
  });
});

describe('chooseStarts', () => {
  const weights = new Map([
    ['db', 2],
    ['api', 1],
    ...['ui', 'job', 'mail', 'tide'].map(name => [name, 0] as const),
  ]);
  const choose = (ready: readonly string[], starting: readonly string[], isAnyWaiting: boolean) =>
    chooseStarts({ ready, starting, isAnyWaiting, weights });

  it('takes four at once, those first that hold up most', () => {
    assert.deepEqual(choose(['ui', 'job', 'api', 'mail', 'db'], [], false), ['db', 'api', 'ui', 'job']);
    assert.deepEqual(choose(['mail', 'tide'], ['db', 'ui', 'job'], false), ['mail']);
  });

  it('keeps room for what still waits', () => {
    assert.deepEqual(choose(['ui', 'job', 'mail'], ['db'], true), ['ui', 'job']);
    assert.deepEqual(choose(['mail', 'api'], ['ui', 'job'], true), ['api']);
    assert.deepEqual(choose(['tide'], ['ui', 'job'], true), []);
    assert.deepEqual(choose(['tide'], ['ui', 'job'], false), ['tide']);
  });
});

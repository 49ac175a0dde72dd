import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeDeployment } from '../../../src/core/status/judge-deployment.ts';
import { listMends } from '../../../src/core/status/mends.ts';
import { reduceStatus } from '../../../src/core/status/reduce-status.ts';
import type { ContainerSeen } from '../../../src/core/status/status-input.ts';
import { statusDocument } from '../../../src/ui/json/status-json.ts';
import { statusTable } from '../../../src/ui/plain/status-plain.ts';
import {
  goodContainers,
  makeContainer,
  makeService,
  makeStatus,
  startMs,
  statusOptions,
} from './status-fixtures.ts';

const { mode } = makeStatus();
const other = mode === 'test' ? 'production' : 'test';
const see = (containers: readonly ContainerSeen[]) =>
  reduceStatus(makeStatus(), { kind: 'listed', atMs: startMs, containers });

/** A service of the other mode only. */
const foreignService = mode === 'test' ? 'websocket-ingestion' : 'home-assistant-test';

describe('a container of the other mode, started by hand', () => {
  const cases: readonly (readonly [string, string, readonly ContainerSeen[]])[] = [
    ...(['running', 'paused', 'restarting'] as const).map(
      state =>
        [
          `a service of the other mode only, ${state}`,
          foreignService,
          [...goodContainers, makeContainer(foreignService, { state })],
        ] as const,
    ),
    [
      'a bound service with the other DEPLOYMENT_MODE',
      'data-api',
      goodContainers.map(container =>
        container.service === 'data-api'
          ? { ...container, environment: { DEPLOYMENT_MODE: other } }
          : container,
      ),
    ],
    [
      'a second container of a bound service, beside the right one',
      'data-api',
      [
        makeContainer('data-api', { id: 'second', environment: { DEPLOYMENT_MODE: other } }),
        ...goodContainers,
      ],
    ],
  ];
  for (const [name, service, containers] of cases) {
    it(`${name}: named, not healthy, with the mend`, () => {
      const state = see(containers);
      const judgement = judgeDeployment(state);
      assert.equal(judgement.isHealthy, false);
      assert.match(judgement.reasons.join('\n'), new RegExp(`${service} runs in the wrong mode: ${other}`));
      assert.match(listMends(state).join(), new RegExp(`homeiq switch ${mode}$`));
      assert.match(
        statusTable(state).join('\n'),
        new RegExp(`wrong mode: ${other}[^]*homeiq switch ${mode}`),
      );
      const document = statusDocument(state);
      assert.equal(document.healthy, false);
      assert.equal(document.services.find(item => item.name === service)?.state, 'wrong-mode');
      assert.equal(document.mends.length, 1);
    });
  }

  it('a data generator runs in test by hand, and is wrong in production', () => {
    const simulator = { type: 'data_generation', profiles: ['simulator'] } as const;
    const services = [...statusOptions.stack.services, makeService('ha-simulator', 'test', 64, simulator)];
    const list = (of: 'test' | 'production', containers: readonly ContainerSeen[]) =>
      reduceStatus(makeStatus({ mode: of, stack: { ...statusOptions.stack, services } }), {
        kind: 'listed',
        atMs: startMs,
        containers,
      }).services.find(({ name }) => name === 'ha-simulator')?.state;
    assert.equal(list('test', goodContainers), undefined);
    assert.deepEqual(list('test', [makeContainer('ha-simulator')]), { kind: 'healthy' });
    assert.deepEqual(list('production', [makeContainer('ha-simulator', { environment: {} })]), {
      kind: 'wrong-mode',
      mode: 'test',
    });
  });

  it('a stopped one is nothing to tell', () => {
    const state = see([...goodContainers, makeContainer(foreignService, { state: 'exited', exitCode: 0 })]);
    assert.equal(judgeDeployment(state).isHealthy, true);
    assert.deepEqual(listMends(state), []);
  });
});

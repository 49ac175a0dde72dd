/** Which containers are looked at, and when, while a run starts them. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createContainerView } from '../../../src/app/worker/container-view.ts';
import type { StepContext } from '../../../src/app/worker/step.ts';
import type { Container } from '../../../src/ports/engine.ts';
import { createManualClock, settlePromises } from '../../helpers/manual-clock.ts';

/** An engine with the containers a and b, whose events a test makes. */
function open() {
  const clock = createManualClock();
  const containers = new Map(['a', 'b'].map(id => [id, { id, state: 'created' } as unknown as Container]));
  const looks: string[] = [];
  let tell: (id: string | undefined) => void = () => {};
  async function* events() {
    for (;;) {
      const containerId = await new Promise<string | undefined>(resolve => {
        tell = resolve;
      });
      if (containerId === undefined) return;
      yield { containerId };
    }
  }
  const engine = {
    containers: async () => {
      looks.push('all');
      return [...containers.values()];
    },
    container: async (id: string) => {
      looks.push(id);
      return containers.get(id);
    },
    events,
  };
  const context = { ports: { engine, clock }, plan: {}, signal: new AbortController().signal };
  let isBusy = false;
  const view = createContainerView(context as unknown as StepContext, () => isBusy);
  return {
    view,
    clock,
    containers,
    tell: async (id: string | undefined) => {
      tell(id);
      await settlePromises();
    },
    setBusy: (next: boolean) => {
      isBusy = next;
    },
    set: (id: string, state: Container['state']) =>
      void containers.set(id, { ...containers.get(id), state } as Container),
    /** What a look says, and what it asked the engine. */
    look: async () => {
      const seen = (await view.look()).map(({ id, state }) => `${id} ${state}`);
      return { seen, asked: looks.splice(0) };
    },
  };
}

describe('the view of the containers', () => {
  it('asks again for those only that something happened to, and forgets what is gone', async () => {
    const { view, look, set, tell, containers } = open();
    let told = 0;
    void view.feed(() => {
      told += 1;
    });
    assert.deepEqual(await look(), { seen: ['a created', 'b created'], asked: ['all'] });
    assert.deepEqual((await look()).asked, []);

    set('b', 'running');
    await tell('b');
    assert.equal(told, 1);
    assert.ok(view.isTouched('b') && !view.isTouched('a'));
    assert.deepEqual(await look(), { seen: ['a created', 'b running'], asked: ['b'] });
    assert.ok(!view.isTouched('b'));

    set('a', 'running');
    view.touch('a');
    assert.deepEqual(await look(), { seen: ['a running', 'b running'], asked: ['a'] });

    containers.delete('a');
    await tell('a');
    assert.deepEqual(await look(), { seen: ['b running'], asked: ['a'] });
  });

  it('looks at all only after the starts that are under way, which would hold up the look', async () => {
    const { view, look, clock, setBusy } = open();
    void view.feed(() => {});
    await look();
    setBusy(true);
    await clock.advance(60_000);
    view.touch('a');
    assert.deepEqual((await look()).asked, ['a']);
    setBusy(false);
    assert.deepEqual((await look()).asked, ['all']);
  });

  it('looks at all of them from time to time, and every time where no event comes', async () => {
    const { view, look, clock, tell } = open();
    void view.feed(() => {});
    await look();
    await clock.advance(1999);
    assert.deepEqual((await look()).asked, []);
    await clock.advance(1);
    assert.deepEqual((await look()).asked, ['all']);
    await clock.jump(-3_600_000);
    assert.deepEqual((await look()).asked, ['all'], 'after the clock was set back');
    await tell(undefined);
    assert.deepEqual((await look()).asked, ['all'], 'after the engine closed the stream');
    assert.deepEqual((await look()).asked, ['all']);
  });
});

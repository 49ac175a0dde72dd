/** A draft asks the engine once for what several of its parts look at. */

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { lookOnce } from '../../../src/app/setup/look-once.ts';
import type { Container, Engine } from '../../../src/ports/engine.ts';

function open() {
  const asked: string[] = [];
  let isAway = false;
  const containers = ['ours', 'theirs'].map(project => ({ id: project, project }) as Container);
  const engine = {
    containers: async (project: string | undefined) => {
      asked.push(`containers of ${project ?? 'all'}`);
      if (isAway) throw new Error('away');
      return containers.filter(container => project === undefined || container.project === project);
    },
    images: async (references: readonly string[]) => {
      asked.push(`images ${references.join(' ')}`);
      return new Map(references.filter(name => name !== 'missing').map(name => [name, `id of ${name}`]));
    },
  } as unknown as Engine;
  return {
    asked: () => asked.splice(0),
    looking: lookOnce(engine),
    setAway: (next: boolean) => {
      isAway = next;
    },
  };
}

it('the containers of a project are known from a look at all, or from a look at the project', async () => {
  const { looking, asked } = open();
  assert.equal((await looking.containers('theirs'))[0]?.id, 'theirs');
  await looking.containers('theirs');
  await looking.containers(undefined);
  assert.deepEqual(asked(), ['containers of theirs', 'containers of all']);
  assert.deepEqual(
    (await looking.containers('ours')).map(({ id }) => id),
    ['ours'],
  );
  assert.deepEqual(asked(), []);
});

it('a look that failed is tried again', async () => {
  const { looking, asked, setAway } = open();
  setAway(true);
  await assert.rejects(looking.containers('ours'), /away/);
  setAway(false);
  assert.equal((await looking.containers('ours')).length, 1);
  assert.equal(asked().length, 2);
});

it('an image is asked for once, also one that is not here', async () => {
  const { looking, asked } = open();
  assert.deepEqual([...(await looking.images(['a', 'missing'])).keys()], ['a']);
  assert.deepEqual([...(await looking.images(['a', 'b', 'missing'])).values()], ['id of a', 'id of b']);
  assert.deepEqual(asked(), ['images a missing', 'images b']);
});

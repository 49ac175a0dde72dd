/** What is on the machine besides a deployment: it must neither end nor start anew, whatever happens to the deployment. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createScratchProject, docker, tinyImage } from './engine.ts';

export type Bystanders = {
  /** Throws when one of them is not the container that it was, or was started again. */
  readonly assertUntouched: () => Promise<void>;
  /** Starts them again after their engine's own end, and counts them as untouched from then on. */
  readonly startAgain: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

/** A Compose project and a container of no project, both named and set as if they were HomeIQ's. */
export async function createBystanders(): Promise<Bystanders> {
  const project = await createScratchProject('bystander');
  const mode = ['-e', 'DEPLOYMENT_MODE=production', '-e', 'HOMEIQ=1'];
  const sleep = ['sleep', '1000000'];
  const ofProject = await project.run('data-api', sleep, mode);
  const name = `homeiq-t-alone-${randomBytes(4).toString('hex')}`;
  const alone = await docker(['run', '-d', '--name', name, ...mode, tinyImage, '/bin/busybox', ...sleep]);
  const look = () =>
    docker(['inspect', '--format', '{{.Id}} {{.State.Status}} {{.State.StartedAt}}', ofProject, alone]);
  let seen = await look();
  return {
    assertUntouched: async () => assert.equal(await look(), seen),
    startAgain: async () => {
      await docker(['start', ofProject, alone]);
      seen = await look();
    },
    remove: async () => {
      await docker(['rm', '-f', alone]);
      await project.remove();
    },
  };
}

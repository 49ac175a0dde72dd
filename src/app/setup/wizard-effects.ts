/** What the wizard may ask for, done with the ports of its level. */

import type { Level } from '../../core/plan/plan.ts';
import type { Ports } from '../../ports/ports.ts';
import type { WizardEffects } from '../wizard/wizard-types.ts';
import { checkMachine } from './check-machine.ts';
import type { Drafting } from './drafting.ts';
import { followRun, startRun } from './start-run.ts';

export type WizardWork = { readonly ports: Ports; readonly drafting: Drafting; readonly folder: string };

/** `open` is called once something is asked for: the first screen does not wait for it. */
export function createWizardEffects(level: Level, open: () => Promise<WizardWork>): WizardEffects {
  return {
    level,
    modeOffers: async () => (await open()).drafting.offers(),
    checkMachine: async () => {
      const { ports, drafting, folder } = await open();
      return checkMachine(ports, { level, folder, project: await drafting.project() });
    },
    draft: async choices => (await open()).drafting.draft(choices),
    start: async ({ plan, envText }, mode) => startRun((await open()).ports, { plan, mode, envText }),
    follow: async function* (runId, signal) {
      yield* followRun((await open()).ports, runId, signal);
    },
    stopRun: async () => {
      const { ports } = await open();
      const holder = await ports.lock.holder();
      if (holder !== undefined) await ports.workerHost.stop(holder);
    },
  };
}

/** What the wizard may ask for, done with the ports of its level. */

import type { Level } from '../../core/plan/plan.ts';
import type { Ports } from '../../ports/ports.ts';
import { checkHomeAssistant } from '../home-assistant/check-home-assistant.ts';
import type { WizardEffects } from '../wizard/wizard-types.ts';
import { checkMachine } from './check-machine.ts';
import type { Drafting } from './drafting.ts';
import { reachableAddress } from './reachable-address.ts';
import { documentsOf, followRun, refuseOtherMode, startRun } from './start-run.ts';

export function createWizardEffects(
  level: Level,
  { ports, drafting }: { readonly ports: Ports; readonly drafting: Drafting },
): WizardEffects {
  const { folder } = ports.files;
  return {
    level,
    modeOffers: drafting.offers,
    checkMachine: () => checkMachine(ports, { level, folder, project: drafting.project }),
    draft: drafting.draft,
    checkHomeAssistant: async (address, token, signal) =>
      checkHomeAssistant({
        homeAssistant: ports.homeAssistant,
        url: address,
        token,
        machineAddress: reachableAddress(await ports.host.facts(folder)),
        signal,
      }),
    start: async (draft, mode) => {
      await refuseOtherMode(ports, mode);
      return startRun(ports, { ...documentsOf(draft), plan: draft.plan, mode });
    },
    follow: (runId, signal) => followRun(ports, runId, signal),
    stopRun: async () => {
      const holder = await ports.lock.holder();
      if (holder !== undefined) await ports.workerHost.stop(holder);
    },
  };
}

/** What the wizard may ask for, done with the ports of its level. */

import type { Level } from '../../core/plan/plan.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import type { Ports } from '../../ports/ports.ts';
import { checkHomeAssistant } from '../home-assistant/check-home-assistant.ts';
import type { WizardEffects } from '../wizard/wizard-types.ts';
import { checkMachine } from './check-machine.ts';
import type { Drafting } from './drafting.ts';
import { reachableAddress } from './reachable-address.ts';
import { documentsOf, followRun, refuseOtherMode, startRun } from './start-run.ts';

const logTail = 300;
const logLimitMs = 10_000;

/** The end of the log of the service's container. */
async function readLog(ports: Ports, service: string): Promise<readonly string[]> {
  const record = await ports.files.readRecord();
  const containers = record === undefined ? [] : await ports.engine.containers(record.project);
  const container = containers.find(candidate => candidate.service === service);
  if (container === undefined) return [];
  const lines: string[] = [];
  const options = { tail: logTail, follow: false, signal: AbortSignal.timeout(logLimitMs) };
  for await (const { text } of ports.engine.logs(container.id, options)) lines.push(sanitiseLine(text));
  return lines;
}

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
      // A plan that leaves the other mode stops it by itself.
      if (draft.plan.from === undefined) await refuseOtherMode(ports, mode);
      return startRun(ports, { ...documentsOf(draft), plan: draft.plan, mode });
    },
    readLog: service => readLog(ports, service),
    follow: (runId, signal) => followRun(ports, runId, signal),
    stopRun: async () => {
      const holder = await ports.lock.holder();
      if (holder !== undefined) await ports.workerHost.stop(holder);
    },
  };
}

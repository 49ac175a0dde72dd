/** What bare `homeiq` needs only after its first drawing, which does not wait for the code. */

import type { WizardEffects } from '../app/wizard/wizard-types.ts';
import { keepUnlessFailed } from '../core/keep-unless-failed.ts';
import type { Level } from '../core/plan/plan.ts';
import type { Ports } from '../ports/ports.ts';
import type { Arguments } from './arguments.ts';
import { createPorts } from './create-ports.ts';
import type { PortsRequest } from './ports-request.ts';
import type { Session } from './session.ts';

type LateFacts = Omit<PortsRequest, 'level' | 'composeAnswers'>;

export type Late = { readonly ports: () => Promise<Ports>; readonly session: () => Promise<Session> };

/** Each is made at its first use and once, and so is its code loaded. */
export function openLater(parsed: Arguments, facts: LateFacts): Late {
  const ports = keepUnlessFailed(() => createPorts({ ...facts, level: parsed.level }));
  const session = keepUnlessFailed(async (): Promise<Session> => {
    const opened = await ports.get();
    const [{ createSession }, { readAnswers }] = await Promise.all([
      import('./session.ts'),
      import('./answers.ts'),
    ]);
    const answers = await readAnswers(opened, parsed, facts.environment, () => {});
    return createSession(opened, parsed, facts.folder, facts.environment, answers);
  });
  return { ports: ports.get, session: session.get };
}

/** The wizard's effects, loaded with the session that `open` makes. */
export function createLateEffects(level: Level, open: () => Promise<Session>): WizardEffects {
  const effects = async (): Promise<WizardEffects> => {
    const session = await open();
    const { createWizardEffects } = await import('../app/setup/wizard-effects.ts');
    return createWizardEffects(level, session);
  };
  return {
    level,
    modeOffers: async () => (await effects()).modeOffers(),
    checkMachine: async () => (await effects()).checkMachine(),
    draft: async choices => (await effects()).draft(choices),
    checkHomeAssistant: async (address, token, signal) =>
      (await effects()).checkHomeAssistant(address, token, signal),
    readLog: async service => (await effects()).readLog(service),
    start: async (draft, mode) => (await effects()).start(draft, mode),
    follow: async function* (runId, signal) {
      yield* (await effects()).follow(runId, signal);
    },
    stopRun: async () => (await effects()).stopRun(),
  };
}

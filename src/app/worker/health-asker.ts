/**
 * Asks the health of services that others wait for, which the engine would do for the first time one whole interval after
 * their start.
 */

import type { Service } from '../../core/stack/stack.ts';
import type { Container } from '../../ports/engine.ts';
import type { StepContext } from './step.ts';

/** Between two questions to a health command. */
const askEveryMs = 200;
/** A port may be out of reach from here: after so many silences the health command is asked all the same. */
const mostSilences = 10;

/**
 * A health command is a process more in a container that is about to start, on a machine that has others to start: it is
 * asked once the service's port answers, which costs next to nothing to try.
 */
export function createHealthAsker({ ports, signal }: StepContext, wake: () => void) {
  const answering = new Set<string>();
  const beingAsked = new Set<string>();
  const silences = new Map<string, number>();

  const staysSilent = async (
    { healthPath, ports: published }: Service,
    container: Container,
  ): Promise<boolean> => {
    if (healthPath === undefined || published.length === 0) return false;
    const silenceCount = silences.get(container.id) ?? 0;
    const asStarted: Container = { ...container, state: 'running', publishedPorts: published };
    const answer = await ports.health.ask(asStarted, healthPath, signal);
    const isSilent = answer === undefined && silenceCount < mostSilences;
    silences.set(container.id, isSilent ? silenceCount + 1 : 0);
    return isSilent;
  };
  const askOnce = async (service: Service, container: Container): Promise<void> => {
    if (await staysSilent(service, container)) return;
    // What cannot be asked is left to the engine's own probe.
    const answer = await ports.engine.askHealth(container, signal).catch(() => false);
    if (answer === true) answering.add(container.id);
    else if (answer === false) await ports.clock.sleep(askEveryMs, signal).catch(() => undefined);
  };

  return {
    /** Ids of containers whose health command has succeeded. */
    answering: answering as ReadonlySet<string>,
    /** Unless it is being asked, or has answered. `wake` is called when there is an answer, or it may be asked again. */
    ask: (service: Service, container: Container): void => {
      if (answering.has(container.id) || beingAsked.has(container.id)) return;
      beingAsked.add(container.id);
      void askOnce(service, container).finally(() => {
        beingAsked.delete(container.id);
        wake();
      });
    },
  };
}

/** The start-up of the services, which a step before the services step may begin. */

import { raiseServices } from './raise-services.ts';
import type { Seen } from './seen.ts';
import { isUp, wantedServices } from './service-phases.ts';
import type { Raising, StepContext } from './step.ts';

type Begun = {
  readonly settings: string;
  readonly all: Promise<readonly Seen[]>;
  readonly ending: AbortController;
  /** It is over, and not every service is up. */
  hasFailed: boolean;
};

/** `readSettings` gives the text of the settings that a start-up belongs to. */
export function createRaising(contextOf: () => StepContext, readSettings: () => Promise<string>): Raising {
  let reading: Promise<string> | undefined;
  let begun: Begun | undefined;

  const end = async (): Promise<void> => {
    // One that is about to begin does so first, and is ended with it.
    await reading?.catch(() => undefined);
    begun?.ending.abort(new Error('the start-up is over'));
    await begun?.all.catch(() => undefined);
    begun = undefined;
  };
  const begin = (settings: string): Promise<readonly Seen[]> => {
    const outer = contextOf();
    const ending = new AbortController();
    const context = { ...outer, signal: AbortSignal.any([outer.signal, ending.signal]) };
    const all = wantedServices(context).then(wanted => raiseServices(context, wanted));
    const started: Begun = { settings, all, ending, hasFailed: false };
    // Whoever joins is told.
    all.then(
      seen => {
        started.hasFailed = !seen.every(({ phase }) => isUp(phase));
      },
      () => {
        started.hasFailed = true;
      },
    );
    begun = started;
    return all;
  };
  return {
    join: async () => {
      reading = readSettings();
      const settings = await reading;
      if (begun?.settings === settings && !begun.hasFailed) return begun.all;
      if (begun !== undefined) await end();
      return begin(settings);
    },
    end,
  };
}

/** The start-up of the services, which a step before the services step may begin. */

import { raiseServices } from './raise-services.ts';
import type { Seen } from './seen.ts';
import { wantedServices } from './service-phases.ts';
import type { Raising, StepContext } from './step.ts';

/** `readSettings` gives the text of the settings that a start-up belongs to. */
export function createRaising(contextOf: () => StepContext, readSettings: () => Promise<string>): Raising {
  let begun:
    | { readonly settings: string; readonly all: Promise<readonly Seen[]>; readonly ending: AbortController }
    | undefined;

  const end = async (): Promise<void> => {
    begun?.ending.abort(new Error('the start-up is over'));
    await begun?.all.catch(() => undefined);
    begun = undefined;
  };
  const begin = (settings: string): Promise<readonly Seen[]> => {
    const outer = contextOf();
    const ending = new AbortController();
    const context = { ...outer, signal: AbortSignal.any([outer.signal, ending.signal]) };
    const all = wantedServices(context).then(wanted => raiseServices(context, wanted));
    // Whoever joins is told.
    all.catch(() => undefined);
    begun = { settings, all, ending };
    return all;
  };
  return {
    join: async () => {
      const settings = await readSettings();
      if (begun?.settings === settings) return begun.all;
      await end();
      return begin(settings);
    },
    end,
  };
}

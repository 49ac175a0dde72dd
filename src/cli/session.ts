/** What every command needs after the arguments are read: ports of the level, and a drafting with the preset answers. */

import { createDrafting, type Drafting, firstChoices } from '../app/setup/drafting.ts';
import type { DraftingOptions } from '../app/setup/drafting-options.ts';
import type { Choices } from '../app/wizard/wizard-types.ts';
import type { Mode } from '../core/mode/mode.ts';
import type { Ports } from '../ports/ports.ts';
import type { Arguments } from './arguments.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Session = {
  readonly ports: Ports;
  readonly options: DraftingOptions;
  readonly drafting: Drafting;
};

export const presetPrefix = 'HOMEIQ_SET_';
/** Taken from the environment under their own name too: they say where this machine's images come from. */
const plainPresets = ['HOMEIQ_INFLUXDB_IMAGE', 'HOMEIQ_HOME_ASSISTANT_IMAGE'] as const;

/** `HOMEIQ_SET_<KEY>=value` sets a key without a screen. */
export function readPresetAnswers(environment: Environment): Readonly<Record<string, string>> {
  const plain = plainPresets.flatMap(key => {
    const value = environment[key];
    return value === undefined || value === '' ? [] : [[key, value] as const];
  });
  const set = Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith(presetPrefix) && value !== undefined
      ? [[name.slice(presetPrefix.length), value] as const]
      : [],
  );
  return Object.fromEntries([...plain, ...set]);
}

export const choicesOf = (mode: Mode, parsed: Arguments): Choices => ({
  ...firstChoices(mode),
  ...(parsed.without.length === 0 ? {} : { leftOut: parsed.without }),
  acceptMemoryRisk: parsed.acceptMemoryRisk,
  fetchSource: parsed.fetchSource,
  ...(parsed.deleteData.length === 0 ? {} : { deleteData: parsed.deleteData }),
});

export function createSession(
  ports: Ports,
  parsed: Arguments,
  folder: string,
  environment: Environment,
  answers: Readonly<Record<string, string>> = readPresetAnswers(environment),
): Session {
  const options: DraftingOptions = {
    level: parsed.level,
    folder,
    presetAnswers: answers,
    source: parsed.source ?? environment.HOMEIQ_SOURCE,
    memoryBudgetMiB: parsed.memoryBudgetMiB,
  };
  return { ports, options, drafting: createDrafting(ports, options) };
}

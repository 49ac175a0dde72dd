/** Splits a command line into options and words, and refuses what must not be in it. */

import { parseArgs } from 'node:util';
import { looksSecret } from '../core/env/secret-keys.ts';
import { exitCodes, UserError } from '../core/error.ts';
import { nearestWord } from '../core/text/nearest-word.ts';
import { type OptionFacts, optionTable } from './option-table.ts';
import { usageError } from './usage-error.ts';

/** A value on the command line is in the list of processes and in the shell's history. */
function refuseValues(argv: readonly string[]): void {
  for (const word of argv) {
    const name = /^--([^=]+)/.exec(word)?.[1];
    const key = (name ?? /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(word)?.[1] ?? '')
      .toUpperCase()
      .replaceAll('-', '_');
    const isOption = name !== undefined && Object.hasOwn(optionTable, name);
    if (isOption || (name !== undefined ? key !== 'SET' && !looksSecret(key) : key === '')) continue;
    throw new UserError('Settings are not given as arguments.', {
      hint: 'Every account of this machine can read the arguments of a process, and the shell keeps them in its history.',
      nextSteps: [
        `In the environment: HOMEIQ_SET_${key === 'SET' ? 'KEY' : key}=…`,
        'In a file that only you can read: homeiq setup --mode M --yes --answers FILE',
        'Or typed into the wizard: homeiq',
      ],
      exitCode: exitCodes.usage,
    });
  }
}

export function parseTokens(argv: readonly string[]) {
  refuseValues(argv);
  const names = Object.keys(optionTable);
  for (const word of argv) {
    const name = /^--([^=]+)/.exec(word)?.[1];
    if (name !== undefined && !names.includes(name)) {
      const nearest = nearestWord(name, names);
      throw usageError(
        `There is no option --${name}.`,
        nearest === undefined ? undefined : `Did you mean --${nearest}?`,
      );
    }
  }
  const options = Object.fromEntries(
    Object.entries(optionTable).map(([name, facts]: [string, OptionFacts]) => [
      name,
      { type: facts.type, ...(facts.multiple === true ? { multiple: true } : {}) },
    ]),
  );
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (thrown) {
    throw usageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

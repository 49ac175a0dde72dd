/** The words of a command line: the command, and what it takes without a dash. */

import type { Mode } from '../core/mode/mode.ts';
import { type CommandName, commandNames } from './option-table.ts';
import { readMode } from './read-values.ts';
import { suggest, usageError } from './usage-error.ts';

const envActions = ['diff', 'undo', 'check'] as const;

export type EnvAction =
  | { readonly kind: (typeof envActions)[number] }
  | { readonly kind: 'import'; readonly file: string };

export type Words = {
  readonly command: CommandName | 'home' | 'worker';
  readonly env?: EnvAction;
  readonly mode?: Mode;
  readonly runId?: string;
  /** Of `logs`. */
  readonly services?: readonly string[];
};

function readCommand(word: string | undefined): CommandName | 'home' | 'worker' {
  if (word === undefined) return 'home';
  // Started by this program only; not in the usage text.
  if (word === 'worker') return 'worker';
  const command = commandNames.find(name => name === word);
  if (command === undefined) throw usageError(`There is no command ${word}.`, suggest(word, commandNames));
  return command;
}

function readEnvAction([word, file, extra]: readonly string[]): EnvAction {
  const names = [...envActions, 'import'];
  if (word === undefined) throw usageError('env needs a word more.', `One of ${names.join(', ')}.`);
  const action = envActions.find(name => name === word);
  if (action !== undefined && file === undefined) return { kind: action };
  if (word === 'import' && file !== undefined && extra === undefined) return { kind: 'import', file };
  if (word === 'import') throw usageError('env import takes one file.', 'homeiq env import FILE');
  if (action !== undefined) throw usageError(`env ${action} takes nothing more: ${file} is too much.`);
  throw usageError(`There is no env ${word}.`, suggest(word, names));
}

/** Throws a UserError with exit code 2. With `isAsked` (help or version) only the command is looked at. */
export function readWords(positionals: readonly string[], isAsked: boolean): Words {
  const [word, extra, more] = positionals;
  const command = readCommand(word);
  if (isAsked) return { command };
  if (command === 'env') return { command, env: readEnvAction(positionals.slice(1)) };
  if (command === 'logs') return { command, services: positionals.slice(1) };
  const takesWord = command === 'switch' || command === 'attach';
  const tooMany = takesWord ? more : extra;
  if (tooMany !== undefined) throw usageError(`One command at a time: ${tooMany} is one too many.`);
  if (extra === undefined) return { command };
  if (command === 'attach') return { command, runId: extra };
  const mode = readMode(extra);
  return { command, ...(mode === undefined ? {} : { mode }) };
}

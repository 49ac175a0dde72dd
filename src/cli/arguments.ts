/** Reads the command line into what the commands are given. */

import type { RecoveryMethod } from '../core/buckets/recovery.ts';
import type { EstimateBasis } from '../core/memory/measured-estimates.ts';
import type { Mode } from '../core/mode/mode.ts';
import {
  type CommandName,
  type FailureChoice,
  type OptionFacts,
  type OptionName,
  optionTable,
} from './option-table.ts';
import { parseTokens } from './parse-tokens.ts';
import { type LogOptions, readLogOptions } from './read-log-options.ts';
import {
  readBasis,
  readBudget,
  readFailureChoice,
  readMode,
  readRecovery,
  readRetention,
} from './read-values.ts';
import { type EnvAction, readWords } from './read-words.ts';
import { usageError } from './usage-error.ts';

export type Arguments = {
  /** `home`: no command was given. */
  readonly command: CommandName | 'home' | 'help' | 'version' | 'worker';
  readonly mode: Mode | undefined;
  readonly yes: boolean;
  readonly json: boolean;
  readonly plain: boolean;
  readonly dir: string | undefined;
  readonly level: 'bundled' | 'sandbox' | 'rehearsal';
  readonly source: string | undefined;
  readonly fetchSource: boolean;
  /** A file with settings, as it was typed. */
  readonly answers: string | undefined;
  readonly env: EnvAction | undefined;
  /** The run to attach to; undefined is the active one. */
  readonly runId: string | undefined;
  readonly replaceDefaults: boolean;
  readonly without: readonly string[];
  readonly memoryBudgetMiB: number | undefined;
  readonly onFailure: FailureChoice | undefined;
  readonly acceptMemoryRisk: boolean;
  /** Names of data that may be deleted. */
  readonly deleteData: readonly string[];
  readonly skipHomeAssistantCheck: boolean;
  readonly check: boolean;
  /** 0: for ever. */
  readonly retentionDays: number | undefined;
  readonly recover: RecoveryMethod | undefined;
  /** What later memory estimates count with. */
  readonly use: EstimateBasis | undefined;
  /** The status screen is to look only. */
  readonly readOnly: boolean;
  readonly watch: boolean;
  readonly logs: LogOptions;
  readonly ascii: boolean;
};

function refuseForeignOptions(command: CommandName | 'home', given: readonly string[]): void {
  for (const name of given) {
    const facts: OptionFacts = optionTable[name as OptionName];
    if (facts.commands !== undefined && !facts.commands.includes(command)) {
      const where = facts.commands.filter(other => other !== 'home').join(', ');
      throw usageError(
        `--${name} does not go with ${command === 'home' ? 'homeiq alone' : command}.`,
        `It goes with: ${where}.`,
      );
    }
  }
}

/** Reads the command line. Throws a UserError with exit code 2 that names what is wrong. */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parseTokens(argv);
  const isAsked = values.help === true || values.version === true;
  const words = readWords(positionals, isAsked);
  const { command } = words;
  const isOn = (name: OptionName): boolean => values[name] === true;
  const text = (name: OptionName): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  if (isOn('sandbox') && isOn('rehearse')) throw usageError('--sandbox and --rehearse exclude each other.');
  if (command !== 'worker' && !isAsked) refuseForeignOptions(command, Object.keys(values));
  const list = (name: OptionName): readonly string[] => {
    const value = values[name];
    return Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
  };
  const mode = readMode(text('mode'));
  if (mode !== undefined && words.mode !== undefined && mode !== words.mode) {
    throw usageError(`${words.mode} and --mode ${mode}: which of the two?`);
  }
  return {
    command: isOn('help') ? 'help' : isOn('version') ? 'version' : command,
    mode: words.mode ?? mode,
    yes: isOn('yes'),
    json: isOn('json'),
    plain: isOn('plain'),
    dir: text('dir'),
    level: isOn('sandbox') ? 'sandbox' : isOn('rehearse') ? 'rehearsal' : 'bundled',
    source: text('source'),
    fetchSource: isOn('fetch-source'),
    answers: text('answers'),
    env: words.env,
    runId: words.runId,
    replaceDefaults: isOn('replace-defaults'),
    without: list('without'),
    memoryBudgetMiB: readBudget(text('memory-budget')),
    onFailure: readFailureChoice(text('on-failure')),
    acceptMemoryRisk: isOn('accept-memory-risk'),
    deleteData: list('delete-data'),
    skipHomeAssistantCheck: isOn('skip-home-assistant-check'),
    check: isOn('check'),
    retentionDays: readRetention(text('retention-days')),
    recover: readRecovery(text('recover')),
    use: readBasis(text('use')),
    readOnly: isOn('read-only'),
    watch: isOn('watch'),
    logs: readLogOptions(words.services ?? [], text, isOn),
    ascii: isOn('ascii'),
  };
}

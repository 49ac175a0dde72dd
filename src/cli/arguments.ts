/** The argument table: what is parsed, what `--help` prints, and what is refused, in one place. */

import process from 'node:process';
import { isRecoveryMethod, type RecoveryMethod, recoveryMethods } from '../core/buckets/recovery.ts';
import { looksSecret } from '../core/env/secret-keys.ts';
import { exitCodes, UserError } from '../core/error.ts';
import { isMode, type Mode, modes } from '../core/mode/mode.ts';
import { nearestWord } from '../core/text/nearest-word.ts';

export const commandNames = ['plan', 'setup', 'status', 'stop', 'buckets', 'env'] as const;
export type CommandName = (typeof commandNames)[number];

type OptionFacts = {
  readonly type: 'boolean' | 'string';
  readonly multiple?: boolean;
  /** The name of its value in the usage text. */
  readonly value?: string;
  readonly help: string;
  /** Undefined: every command takes it. */
  readonly commands?: readonly (CommandName | 'home')[];
};

export const optionTable = {
  mode: {
    type: 'string',
    value: 'test|production',
    help: 'the mode to plan or set up; of buckets: only this one',
    commands: ['plan', 'setup', 'buckets', 'env'],
  },
  yes: {
    type: 'boolean',
    help: 'do it without asking; never consents to deleting data',
    commands: ['setup', 'stop', 'env'],
  },
  json: {
    type: 'boolean',
    help: 'print JSON instead of text',
    commands: ['plan', 'setup', 'status', 'stop', 'buckets', 'env'],
  },
  plain: {
    type: 'boolean',
    help: 'print lines instead of a screen',
    commands: ['home', 'setup', 'status', 'buckets'],
  },
  dir: { type: 'string', value: 'FOLDER', help: 'the deployment folder' },
  sandbox: {
    type: 'boolean',
    help: 'stand-ins for the services, on a real engine, kept apart from the real thing',
  },
  rehearse: { type: 'boolean', help: 'everything in this process: no Docker is needed, nothing is kept' },
  source: {
    type: 'string',
    value: 'FOLDER',
    help: 'build the images from this HomeIQ source tree',
    commands: ['home', 'plan', 'setup'],
  },
  'fetch-source': {
    type: 'boolean',
    help: 'clone HomeIQ and build what cannot be pulled',
    commands: ['plan', 'setup'],
  },
  answers: {
    type: 'string',
    value: 'FILE',
    help: 'settings from a file like .env; chmod 600 it when it holds secrets',
    commands: ['plan', 'setup'],
  },
  'replace-defaults': {
    type: 'boolean',
    help: 'make new secrets where an imported file has those that HomeIQ publishes',
    commands: ['env'],
  },
  without: {
    type: 'string',
    multiple: true,
    value: 'SERVICE',
    help: 'leave a service out; may be given again',
    commands: ['plan', 'setup'],
  },
  'memory-budget': {
    type: 'string',
    value: 'MIB',
    help: 'count against this much memory',
    commands: ['home', 'plan', 'setup'],
  },
  'delete-data': {
    type: 'string',
    multiple: true,
    value: 'NAME',
    help: 'consent to deleting this data where a step says that it must; may be given again',
    commands: ['setup', 'buckets'],
  },
  check: { type: 'boolean', help: 'only look; exit code 1 names what is wrong', commands: ['buckets'] },
  'retention-days': {
    type: 'string',
    value: 'DAYS',
    help: 'keep the data of the mode this long; 0 is for ever',
    commands: ['buckets'],
  },
  recover: {
    type: 'string',
    value: recoveryMethods.join('|'),
    help: 'get a new operator token from InfluxDB, in this way',
    commands: ['buckets'],
  },
  'skip-home-assistant-check': {
    type: 'boolean',
    help: 'take the address and token of Home Assistant as they are',
    commands: ['setup'],
  },
  'accept-memory-risk': { type: 'boolean', help: 'start although it does not fit', commands: ['setup'] },
  watch: { type: 'boolean', help: 'go on printing what changes', commands: ['status'] },
  ascii: { type: 'boolean', help: 'draw with ASCII characters only' },
  help: { type: 'boolean', help: 'this text' },
  version: { type: 'boolean', help: 'the version' },
} as const satisfies Readonly<Record<string, OptionFacts>>;

type OptionName = keyof typeof optionTable;

export type EnvAction =
  | { readonly kind: (typeof envActions)[number] }
  | { readonly kind: 'import'; readonly file: string };

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
  readonly replaceDefaults: boolean;
  readonly without: readonly string[];
  readonly memoryBudgetMiB: number | undefined;
  readonly acceptMemoryRisk: boolean;
  /** Names of data that may be deleted. */
  readonly deleteData: readonly string[];
  readonly skipHomeAssistantCheck: boolean;
  readonly check: boolean;
  /** 0: for ever. */
  readonly retentionDays: number | undefined;
  readonly recover: RecoveryMethod | undefined;
  readonly watch: boolean;
  readonly ascii: boolean;
};

const usageError = (message: string, hint?: string): UserError =>
  new UserError(message, {
    ...(hint === undefined ? {} : { hint }),
    nextSteps: ['homeiq --help lists commands and options.'],
    exitCode: exitCodes.usage,
  });

const suggest = (word: string, words: readonly string[]): string | undefined => {
  const nearest = nearestWord(word, words);
  return nearest === undefined ? undefined : `Did you mean ${nearest}?`;
};

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

/**
 * Not imported: an import of `node:util` evaluates all that it offers, down to Node's streams and sockets, which costs the
 * first screen more time than everything else of this program.
 */
const util = process.getBuiltinModule('node:util');

function parseTokens(argv: readonly string[]) {
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
    return util.parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (thrown) {
    throw usageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function readMode(text: string | undefined): Mode | undefined {
  if (text === undefined || isMode(text)) return text;
  throw usageError(
    `There is no mode ${text}.`,
    suggest(text, modes) ?? `The modes are ${modes.join(' and ')}.`,
  );
}

function readBudget(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const budgetMiB = Number(text);
  if (Number.isInteger(budgetMiB) && budgetMiB > 0) return budgetMiB;
  throw usageError(
    `--memory-budget takes a whole number of MiB, not ${text}.`,
    'For 8 GB: --memory-budget 8192',
  );
}

function readRetention(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw usageError(
    `--retention-days takes a whole number of days, not ${text}.`,
    'For two weeks: --retention-days 14',
  );
}

function readRecovery(text: string | undefined): RecoveryMethod | undefined {
  if (text === undefined || isRecoveryMethod(text)) return text;
  throw usageError(
    `There is no recovery ${text}.`,
    suggest(text, recoveryMethods) ?? `The ways are ${recoveryMethods.join(', ')}.`,
  );
}

function readCommand(positionals: readonly string[]): CommandName | 'home' | 'worker' {
  const [word, extra] = positionals;
  if (extra !== undefined && word !== 'env')
    throw usageError(`One command at a time: ${extra} is one too many.`);
  if (word === undefined) return 'home';
  // Started by this program only; not in the usage text.
  if (word === 'worker') return 'worker';
  const command = commandNames.find(name => name === word);
  if (command === undefined) throw usageError(`There is no command ${word}.`, suggest(word, commandNames));
  return command;
}

const envActions = ['diff', 'undo', 'check'] as const;

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
  const command = readCommand(positionals);
  const isOn = (name: OptionName): boolean => values[name] === true;
  const text = (name: OptionName): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  if (isOn('sandbox') && isOn('rehearse')) throw usageError('--sandbox and --rehearse exclude each other.');
  const isAsked = isOn('help') || isOn('version');
  if (command !== 'worker' && !isAsked) refuseForeignOptions(command, Object.keys(values));
  const list = (name: OptionName): readonly string[] => {
    const value = values[name];
    return Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
  };
  return {
    command: isOn('help') ? 'help' : isOn('version') ? 'version' : command,
    mode: readMode(text('mode')),
    yes: isOn('yes'),
    json: isOn('json'),
    plain: isOn('plain'),
    dir: text('dir'),
    level: isOn('sandbox') ? 'sandbox' : isOn('rehearse') ? 'rehearsal' : 'bundled',
    source: text('source'),
    fetchSource: isOn('fetch-source'),
    answers: text('answers'),
    env: command === 'env' && !isAsked ? readEnvAction(positionals.slice(1)) : undefined,
    replaceDefaults: isOn('replace-defaults'),
    without: list('without'),
    memoryBudgetMiB: readBudget(text('memory-budget')),
    acceptMemoryRisk: isOn('accept-memory-risk'),
    deleteData: list('delete-data'),
    skipHomeAssistantCheck: isOn('skip-home-assistant-check'),
    check: isOn('check'),
    retentionDays: readRetention(text('retention-days')),
    recover: readRecovery(text('recover')),
    watch: isOn('watch'),
    ascii: isOn('ascii'),
  };
}

/** The argument table: what is parsed, what `--help` prints, and what is refused, in one place. */

import { parseArgs } from 'node:util';
import { isRecoveryMethod, type RecoveryMethod, recoveryMethods } from '../core/buckets/recovery.ts';
import { exitCodes, UserError } from '../core/error.ts';
import { isMode, type Mode, modes } from '../core/mode/mode.ts';
import { nearestWord } from '../core/text/nearest-word.ts';

export const commandNames = ['plan', 'setup', 'status', 'stop', 'buckets'] as const;
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
    commands: ['plan', 'setup', 'buckets'],
  },
  yes: {
    type: 'boolean',
    help: 'do it without asking; never consents to deleting data',
    commands: ['setup', 'stop'],
  },
  json: {
    type: 'boolean',
    help: 'print JSON instead of text',
    commands: ['plan', 'setup', 'status', 'stop', 'buckets'],
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

function parseTokens(argv: readonly string[]) {
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
  if (extra !== undefined) throw usageError(`One command at a time: ${extra} is one too many.`);
  if (word === undefined) return 'home';
  // Started by this program only; not in the usage text.
  if (word === 'worker') return 'worker';
  const command = commandNames.find(name => name === word);
  if (command === undefined) throw usageError(`There is no command ${word}.`, suggest(word, commandNames));
  return command;
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

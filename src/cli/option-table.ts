/** The commands and their options: what is parsed, what `--help` prints, and what is refused, in one place. */

import { recoveryMethods } from '../core/buckets/recovery.ts';
import { logLevels } from '../core/logs/log-level.ts';
import { estimateBases } from '../core/memory/measured-estimates.ts';

export const commandNames = [
  'plan',
  'setup',
  'switch',
  'status',
  'start',
  'stop',
  'history',
  'attach',
  'buckets',
  'env',
  'audit',
  'doctor',
  'verify',
  'logs',
  'memory',
  'sample',
] as const;
export type CommandName = (typeof commandNames)[number];

/** What an unattended switch does when the new mode does not come up. */
export const failureChoices = ['rollback', 'stay'] as const;
export type FailureChoice = (typeof failureChoices)[number];

export type OptionFacts = {
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
    help: 'the mode to plan, set up or switch to; of buckets and audit: only this one; of memory: that of this one',
    commands: ['plan', 'setup', 'switch', 'buckets', 'env', 'audit', 'memory'],
  },
  yes: {
    type: 'boolean',
    help: 'do it without asking; never consents to deleting data',
    commands: ['setup', 'switch', 'stop', 'env'],
  },
  json: {
    type: 'boolean',
    help: 'print JSON instead of text',
    commands: commandNames,
  },
  plain: {
    type: 'boolean',
    help: 'print lines instead of a screen',
    commands: ['home', 'setup', 'switch', 'status', 'attach', 'buckets'],
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
    commands: ['home', 'plan', 'setup', 'switch'],
  },
  'fetch-source': {
    type: 'boolean',
    help: 'clone HomeIQ and build what cannot be pulled',
    commands: ['plan', 'setup', 'switch'],
  },
  answers: {
    type: 'string',
    value: 'FILE',
    help: 'settings from a file like .env; chmod 600 it when it holds secrets',
    commands: ['plan', 'setup', 'switch'],
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
    commands: ['plan', 'setup', 'switch'],
  },
  'memory-budget': {
    type: 'string',
    value: 'MIB',
    help: 'count against this much memory',
    commands: ['home', 'plan', 'setup', 'switch'],
  },
  'delete-data': {
    type: 'string',
    multiple: true,
    value: 'NAME',
    help: 'consent to deleting this data where a step says that it must; of stop: delete this volume; may be given again',
    commands: ['setup', 'switch', 'stop', 'buckets'],
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
    commands: ['plan', 'setup', 'switch'],
  },
  'on-failure': {
    type: 'string',
    value: failureChoices.join('|'),
    help: 'when the new mode does not come up: go back to the mode that was left (unless told otherwise), or stay',
    commands: ['switch'],
  },
  'accept-memory-risk': {
    type: 'boolean',
    help: 'start although it does not fit',
    commands: ['setup', 'switch'],
  },
  use: {
    type: 'string',
    value: estimateBases.join('|'),
    help: 'from now on estimates count with memory as measured on this machine, or as expected again',
    commands: ['memory'],
  },
  follow: { type: 'boolean', help: 'go on with what comes', commands: ['logs'] },
  since: {
    type: 'string',
    value: '10m',
    help: 'only what is not older: 30s, 10m, 2h, 1d',
    commands: ['logs'],
  },
  lines: {
    type: 'string',
    value: 'N',
    help: 'of each service at most so many, the newest; 100 without --since',
    commands: ['logs'],
  },
  level: {
    type: 'string',
    value: logLevels.join('|'),
    help: 'only lines of this level and worse',
    commands: ['logs'],
  },
  grep: { type: 'string', value: 'TEXT', help: 'only lines with this text', commands: ['logs'] },
  utc: { type: 'boolean', help: 'times in UTC instead of local time', commands: ['logs'] },
  'read-only': {
    type: 'boolean',
    help: 'only look: nothing is changed from the status screen, and the keys for it are not there',
    commands: ['home'],
  },
  watch: { type: 'boolean', help: 'go on printing what changes', commands: ['status'] },
  ascii: { type: 'boolean', help: 'draw with ASCII characters only' },
  help: { type: 'boolean', help: 'this text' },
  version: { type: 'boolean', help: 'the version' },
} as const satisfies Readonly<Record<string, OptionFacts>>;

export type OptionName = keyof typeof optionTable;

/** `homeiq env diff | check | undo | import FILE`: the settings of a deployment. Secrets are never printed. */

import path from 'node:path';
import { checkEnv } from '../app/env/check-env.ts';
import { activeModeOf, requireActiveMode } from '../app/env/env-mode.ts';
import { draftImport, type EnvImport, readImport, replacePublished } from '../app/env/import-env.ts';
import { startEnvRun } from '../app/env/start-env-run.ts';
import { findUndo } from '../app/env/undo-env.ts';
import { firstChoices } from '../app/setup/drafting.ts';
import { diffDocuments, type EnvDifference } from '../core/env/diff.ts';
import { parseEnv } from '../core/env/parse.ts';
import { createSecretTest } from '../core/env/secret-keys.ts';
import { parseTemplate } from '../core/env/template.ts';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import type { Mode } from '../core/mode/mode.ts';
import type { RunDocuments } from '../core/run/run-request.ts';
import { toJsonLine } from '../ui/json/escape.ts';
import { differenceLines, findingLines } from '../ui/plain/env.ts';
import { readNamedFile } from './answers.ts';
import type { Arguments } from './arguments.ts';
import { printRun } from './print-run.ts';
import type { Session } from './session.ts';

export type EnvTerminal = {
  readonly print: (text: string) => void;
  readonly warn: (text: string) => void;
  /** Undefined when nobody can be asked. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
};

type Command = {
  readonly session: Session;
  readonly parsed: Arguments;
  readonly terminal: EnvTerminal;
  readonly signal: AbortSignal;
};

async function differences(
  { ports }: Session,
  mode: Mode,
  before: string | undefined,
  after: string,
): Promise<readonly EnvDifference[]> {
  const { fields } = parseTemplate(await ports.program.template(mode));
  return diffDocuments(
    before === undefined ? undefined : parseEnv(before),
    parseEnv(after),
    createSecretTest(fields),
  );
}

/** Whether it is to be done; a UserError (exit code 2) when nobody can be asked and `--yes` was not given. */
async function isMeant({ parsed, terminal }: Command, question: string): Promise<boolean> {
  if (parsed.yes) return true;
  if (terminal.ask !== undefined && !parsed.json) return terminal.ask(question);
  throw new UserError('Without a terminal this needs --yes.', {
    hint: 'Nothing was changed.',
    exitCode: exitCodes.usage,
  });
}

async function runDiff({ session, parsed, terminal }: Command): Promise<ExitCode> {
  const mode = parsed.mode ?? (await requireActiveMode(session.ports.files));
  const { documents, notes } = await session.drafting.settings(firstChoices(mode));
  const changes = await differences(session, mode, documents.envSeen?.text, documents.envText);
  if (parsed.json) terminal.print(toJsonLine({ mode, changes, notes }));
  else {
    const head =
      changes.length === 0
        ? `A set-up of ${mode} mode would change nothing in .env.`
        : `A set-up of ${mode} mode would change in .env:`;
    for (const line of [head, ...differenceLines(changes), ...notes.map(note => `Note: ${note}`)])
      terminal.print(line);
  }
  return changes.length === 0 ? exitCodes.done : exitCodes.failed;
}

async function runCheck({ session, parsed, terminal }: Command): Promise<ExitCode> {
  const { mode, findings, isGood } = await checkEnv(session.ports, session.options.level);
  if (parsed.json) terminal.print(toJsonLine({ mode, isGood, findings }));
  else {
    for (const line of findingLines(findings)) terminal.print(line);
    const problems = findings.filter(({ severity }) => severity === 'problem').length;
    terminal.print(isGood ? `The settings of ${mode} mode are sound.` : `${problems} to mend.`);
  }
  return isGood ? exitCodes.done : exitCodes.failed;
}

/** Starts the run that writes the documents, and follows it to its end. */
async function write(
  { session, parsed, terminal, signal }: Command,
  request: RunDocuments & { readonly mode: Mode; readonly changedKeys: readonly string[] },
): Promise<ExitCode> {
  const runId = await startEnvRun(session.ports, session.drafting, request);
  const exitCode = await printRun(session.ports, runId, {
    isJson: parsed.json,
    print: terminal.print,
    signal,
  });
  const record = await session.ports.files.readRecord();
  if (exitCode === exitCodes.done && record !== undefined && !parsed.json) {
    terminal.print(`Services take it up with the next set-up: homeiq setup --mode ${record.mode} --yes`);
  }
  return exitCode;
}

async function runUndo(command: Command): Promise<ExitCode> {
  const { session, parsed, terminal } = command;
  const undo = await findUndo(session.ports);
  const changes = await differences(session, undo.mode, undo.envSeen?.text, undo.envText);
  if (parsed.json) terminal.print(toJsonLine({ mode: undo.mode, from: undo.from, changes }));
  else {
    const passed =
      undo.otherModes === 0 ? [] : [`${undo.otherModes} newer backups are of the other mode, and are left.`];
    for (const line of [`Back to ${undo.from}, ${undo.mode} mode:`, ...differenceLines(changes), ...passed])
      terminal.print(line);
  }
  if (!(await isMeant(command, 'Put these settings back? What is there now is kept as a backup.'))) {
    return exitCodes.interrupted;
  }
  return write(command, { ...undo, changedKeys: changes.map(({ key }) => key) });
}

/** Published secrets are replaced when asked for, or when somebody who is asked says so; else kept, with a word. */
async function settlePublished(
  { session, parsed, terminal }: Command,
  imported: EnvImport,
): Promise<EnvImport> {
  if (imported.published.length === 0) return imported;
  const names = imported.published.join(', ');
  const isWanted =
    parsed.replaceDefaults ||
    (!parsed.yes &&
      !parsed.json &&
      terminal.ask !== undefined &&
      (await terminal.ask(`HomeIQ publishes the values of ${names}: everybody knows them. Make new ones?`)));
  if (isWanted) return replacePublished(session.ports, imported);
  terminal.warn(
    `Kept, although HomeIQ publishes the values and everybody knows them: ${names}. --replace-defaults makes new ones.`,
  );
  return imported;
}

async function runImport(command: Command, file: string): Promise<ExitCode> {
  const { session, parsed, terminal } = command;
  const text = await readNamedFile(path.resolve(file));
  const read = await readImport(session.ports, text, parsed.mode);
  const imported = await settlePublished(command, read);
  const documents = await draftImport(session.ports, session.drafting, imported);
  const { mode, renamed, dropped, published, warnings } = imported;
  const changes = await differences(session, mode, documents.before, documents.after);
  if (parsed.json) terminal.print(toJsonLine({ mode, changes, renamed, dropped, published, warnings }));
  else {
    const active = await activeModeOf(session.ports.files);
    const lines = [
      `${file} as settings of ${mode} mode:`,
      ...renamed.map(({ from, to }) => `  ${from} is ${to} here`),
      ...dropped.map(({ key, reason }) => `  ${key} is not taken: ${reason}`),
      ...warnings.map(warning => `  Look at it: ${warning}`),
      changes.length === 0 ? 'It changes nothing.' : 'It changes:',
      ...differenceLines(changes),
      ...(active === undefined || active === mode
        ? []
        : [`.env stays that of ${active} mode: they are kept for ${mode} until it is set up.`]),
    ];
    for (const line of lines) terminal.print(line);
  }
  if (!(await isMeant(command, 'Take these settings over?'))) return exitCodes.interrupted;
  return write(command, { ...documents, changedKeys: changes.map(({ key }) => key) });
}

/** Exit codes: 0 nothing to say, or done; 1 differences, problems, or a failed run; 4 no settings yet. */
export async function runEnv(
  session: Session,
  parsed: Arguments,
  terminal: EnvTerminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const command: Command = { session, parsed, terminal, signal };
  const action = parsed.env ?? { kind: 'check' };
  switch (action.kind) {
    case 'diff':
      return runDiff(command);
    case 'check':
      return runCheck(command);
    case 'undo':
      return runUndo(command);
    case 'import':
      return runImport(command, action.file);
  }
}

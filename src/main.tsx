#!/usr/bin/env node
/** Composition root: arguments, adapters, choice of rendering, exit code. The only place that ends the process. */

import process from 'node:process';
import { readArguments } from './cli/arguments.ts';
import { programFolder, programVersion } from './cli/program-folder.ts';
import { runCommand } from './cli/run-command.ts';
import { type ExitCode, exitCodes, reportError } from './core/error.ts';

/** As it is, or as a document of one field. */
async function printAbout(isJson: boolean, field: string, text: string): Promise<void> {
  if (!isJson) {
    process.stdout.write(text);
    return;
  }
  const { toJsonLine } = await import('./ui/json/escape.ts');
  process.stdout.write(`${toJsonLine({ [field]: text.trimEnd() })}\n`);
}

/** What a command needs besides is imported by it: the first screen must not wait for Docker's or InfluxDB's code. */
async function run(argv: readonly string[]): Promise<ExitCode> {
  const parsed = readArguments(argv);
  switch (parsed.command) {
    case 'help': {
      const { usage } = await import('./cli/usage.ts');
      await printAbout(parsed.json, 'usage', usage());
      return exitCodes.done;
    }
    case 'version':
      await printAbout(parsed.json, 'version', `${programVersion}\n`);
      return exitCodes.done;
    default:
      return runCommand(parsed, parsed.command, { programFolder, programVersion });
  }
}

/** Whoever read the output has gone, as with `| head` or a closed terminal: nobody is left to tell. A run goes on in its worker. */
function endWithoutReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  process.exit(exitCodes.interrupted);
}

async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  process.stdout.on('error', endWithoutReader);
  process.stderr.on('error', endWithoutReader);
  try {
    process.exitCode = await run(argv);
  } catch (thrown) {
    const report = reportError(thrown);
    const { errorLines, errorDocument, moreLines } = await import('./ui/plain/error.ts');
    const { toJsonLine } = await import('./ui/json/escape.ts');
    if (argv.includes('--json')) process.stdout.write(`${toJsonLine(errorDocument(report))}\n`);
    process.stderr.write(`${[...errorLines(report), ...moreLines(report)].join('\n')}\n`);
    process.exitCode = report.exitCode;
  }
  // Keep-alive sockets and followed files would keep the process; everything is said and flushed here.
  process.exit();
}

await main();

/** Docker Compose as a child process. */

import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { ExternalError } from '../../core/error.ts';
import { keepUnlessFailed } from '../../core/keep-unless-failed.ts';
import type { ComposeAnswer } from '../../core/run/run-request.ts';
import type { Compose, ComposeOptions, ComposeTarget } from '../../ports/compose.ts';
import { describeCommand, type ProcessResult, type RunProcess, runProcess } from '../process/run-process.ts';
import { type ComposeCommand, findCompose, minimalEnvironment } from './compose-command.ts';
import { describeComposeFailure } from './compose-failure.ts';
import { createShortMemory, targetStamp } from './compose-model.ts';
import { errorTexts, parseComposeLine } from './compose-progress.ts';
import type { ProcessEnvironment } from './engine-endpoint.ts';
import { isAtLeast } from './version.ts';

const usualReadTimeoutMs = 60_000;
const tailLines = 20;
const fleetingIntervalMs = 250;
/** For Go's runtime: what is over in half a second need not stop to collect garbage, and is over a sixth sooner. */
const briefly = { GOGC: '400' };
/** Older ones (2.26 was seen to) leave `env_file` out of a hash, unless it is asked of the resolved model. */
const wholeHashesSince = '5.6';

/** Images are got before, with progress: here Compose must neither build nor ask a registry. */
const asPrepared = ['--no-build', '--pull', 'never', '--remove-orphans=false'];

type Invocation = {
  readonly target: ComposeTarget;
  /** Compose files; `-` is the input. */
  readonly files: readonly string[];
  readonly args: readonly string[];
  readonly input?: string;
  readonly timeoutMs?: number;
  /** It may go on for minutes. */
  readonly isBuild?: boolean;
  readonly signal?: AbortSignal | undefined;
};

type Action = {
  readonly target: ComposeTarget;
  readonly args: readonly string[];
  readonly service: string | undefined;
  readonly isBuild?: boolean;
  readonly options: ComposeOptions | undefined;
};

type ComposeSettings = {
  /** The process environment; only what finds Docker and the network is passed on. */
  readonly environment: ProcessEnvironment;
  readonly run?: RunProcess;
  /** From `answers()` of the process that started this one. */
  readonly answers?: readonly ComposeAnswer[];
  /** How long a question may take. 60 s unless given. */
  readonly readTimeoutMs?: number;
};

/** Looks for Compose at the first call. Errors are ExternalErrors with a ComposeFailureCode, or the signal's reason. */
export function createCompose({
  environment,
  run = runProcess,
  answers = [],
  readTimeoutMs = usualReadTimeoutMs,
}: ComposeSettings): Compose {
  const memory = createShortMemory(answers);
  // Machine-readable progress came with 2.29: asked for until it is refused, which happens before anything is done.
  let progressArgs: readonly string[] = ['--progress', 'json'];

  const { get: command } = keepUnlessFailed(
    async (signal: AbortSignal | undefined): Promise<ComposeCommand> => {
      const find = async () => JSON.stringify(await findCompose(environment, signal, run));
      return JSON.parse(await memory.recall('command', find));
    },
  );

  const invoke = async (
    { target, files, args, input, timeoutMs, isBuild = false, signal }: Invocation,
    globalArgs: readonly string[] = [],
    onLine?: (line: string) => void,
  ): Promise<{ readonly result: ProcessResult; readonly described: string }> => {
    const { file, leading } = await command(signal);
    const given = target.environment;
    const all = [
      ...leading,
      ...globalArgs,
      ...(given === undefined ? [] : ['--env-file', '/dev/null']),
      ...['--project-directory', target.folder, '--project-name', target.project],
      ...files.flatMap(path => ['--file', path]),
      ...args,
    ];
    const hasFolder = await stat(target.folder).then(
      facts => facts.isDirectory(),
      () => false,
    );
    const result = await run(file, all, {
      // Compose reads a `.env` of the current folder as well: it must be the deployment's.
      cwd: hasFolder ? target.folder : '/',
      env: { ...minimalEnvironment(environment), ...(isBuild ? {} : briefly), ...given },
      ...(input === undefined ? {} : { input }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(signal === undefined ? {} : { signal }),
      ...(onLine === undefined ? {} : { onLine }),
    });
    return { result, described: describeCommand(file, all) };
  };

  /** Runs a question to its end and returns its answer. */
  const ask = async (invocation: Invocation): Promise<string> => {
    const { result, described } = await invoke({ timeoutMs: readTimeoutMs, ...invocation }).catch(thrown => {
      throw describeEndlessReading(thrown, readTimeoutMs);
    });
    if (result.exitCode === 0) return result.stdout;
    const lines = result.stderr.split('\n');
    throw describeComposeFailure({
      command: described,
      exitCode: result.exitCode,
      errors: lines.flatMap(errorTexts),
      tail: lines
        .filter(line => line !== '')
        .slice(-tailLines)
        .join('\n'),
      project: invocation.target.project,
      service: undefined,
      user: accountName(),
    });
  };

  /** The resolved model with every profile, as JSON. */
  const modelText = async (target: ComposeTarget, signal: AbortSignal | undefined): Promise<string> => {
    const args = ['--profile', '*', 'config', '--format', 'json'];
    return memory.recall(`model ${await targetStamp(target)}`, () =>
      ask({ target, files: target.files, args, signal }),
    );
  };

  /** Runs a change to its end and tells its progress. */
  const act = async ({ target, args, service, isBuild = false, options }: Action): Promise<void> => {
    const { signal, onProgress } = options ?? {};
    const context = { project: target.project, service, isBuild };
    const tail: string[] = [];
    const errors: string[] = [];
    let lastFleetingMs = Number.NEGATIVE_INFINITY;
    const onLine = (line: string): void => {
      const parsed = parseComposeLine(line, context);
      if (parsed === undefined) return;
      errors.push(...errorTexts(line));
      if (parsed.isFleeting) {
        if (performance.now() - lastFleetingMs < fleetingIntervalMs) return;
        lastFleetingMs = performance.now();
      } else tail.push(parsed.progress.text);
      if (tail.length > tailLines) tail.shift();
      if (errors.length > tailLines) errors.shift();
      onProgress?.(parsed.progress);
    };
    const usedProgressArgs = progressArgs;
    const invocation = { target, files: target.files, args, isBuild, signal };
    const { result, described } = await invoke(invocation, ['--ansi', 'never', ...usedProgressArgs], line => {
      if (!isProgressRefusal(line)) onLine(line);
    });
    if (result.exitCode === 0) return;
    if (usedProgressArgs.length > 0 && isProgressRefusal(result.stderr)) {
      progressArgs = [];
      return act({ target, args, service, isBuild, options });
    }
    throw describeComposeFailure({
      command: described,
      exitCode: result.exitCode,
      errors,
      tail: tail.join('\n'),
      project: target.project,
      service,
      user: accountName(),
    });
  };

  return {
    version: async signal => (await command(signal)).version,

    answers: memory.answers,

    resolve: async (target, signal) => undoDollars(parseModel(await modelText(target, signal))),

    hashes: async (target, signal) => {
      const text = await memory.recall(`hashes ${await targetStamp(target)}`, async () => {
        const args = ['--profile', '*', 'config', '--hash', '*'];
        return isAtLeast((await command(signal)).version, wholeHashesSince)
          ? ask({ target, files: target.files, args, signal })
          : ask({ target, files: ['-'], args, input: await modelText(target, signal), signal });
      });
      const pairs = text.split('\n').map(line => line.trim().split(' '));
      return new Map(pairs.flatMap(([name, hash]) => (name && hash ? [[name, hash] as const] : [])));
    },

    build: async (target, services, options) => {
      if (services.length === 0) return;
      await act({ target, args: ['build', ...services], service: onlyOne(services), isBuild: true, options });
    },

    create: (target, options) =>
      act({ target, args: ['create', ...asPrepared], service: undefined, options }),

    up: async (target, services, options) => {
      if (services !== 'profile' && services.length === 0) return;
      const named = services === 'profile' ? [] : ['--no-deps', ...services];
      await act({ target, args: ['up', '--detach', ...asPrepared, ...named], service: undefined, options });
    },

    recreate: async (target, services, options) => {
      if (services.length === 0) return;
      const args = ['up', '--detach', ...asPrepared, '--no-deps', '--force-recreate', ...services];
      await act({ target, args, service: undefined, options });
    },

    stop: async (target, services, options) => {
      if (services.length === 0) return;
      await act({ target, args: ['stop', ...services], service: undefined, options });
    },

    runOnce: (target, service, words, signal) =>
      ask({
        target,
        files: target.files,
        args: ['run', '--rm', '--no-deps', '-T', service, ...words],
        signal,
      }),

    remove: async (target, services, options) => {
      if (services.length === 0) return;
      await act({ target, args: ['rm', '--stop', '--force', ...services], service: undefined, options });
    },
  };
}

/** Aliases and references that hold one another keep Compose busy, and fill the memory, for as long as it is let. */
function describeEndlessReading(thrown: unknown, timeoutMs: number): unknown {
  if (!(thrown instanceof ExternalError) || thrown.status !== 'timeout') return thrown;
  return new ExternalError(
    `Docker Compose did not get through the deployment's files within ${timeoutMs / 1000} s`,
    {
      ...(thrown.command === undefined ? {} : { command: thrown.command }),
      status: 'timeout',
      code: 'model-invalid',
      hint: 'Something in compose.yaml, compose.override.yaml or .env may refer to itself, or the machine is very busy.',
      nextSteps: [
        'Try it by hand: docker compose config --quiet',
        'Move compose.override.yaml away, if there is one.',
      ],
    },
  );
}

const onlyOne = (services: readonly string[]): string | undefined =>
  services.length === 1 ? services[0] : undefined;

const isProgressRefusal = (text: string): boolean =>
  /unsupported --progress value|unknown flag: --progress/.test(text);

function parseModel(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ExternalError('Docker Compose printed a model that is not JSON', {
      command: 'docker compose config --format json',
      code: 'other',
    });
  }
}

/** No Compose file has more; the recursion, and all that is built on the model, must have an end. */
const deepestModel = 100;

/** `config` doubles every dollar of a value, so that its output could be read again as a Compose file. */
function undoDollars(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replaceAll('$$', '$');
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepestModel) {
    throw new ExternalError(`Docker Compose printed a model that is nested more than ${deepestModel} deep`, {
      command: 'docker compose config --format json',
      code: 'other',
      nextSteps: ['Check compose.override.yaml, if there is one.'],
    });
  }
  const undo = (entry: unknown): unknown => undoDollars(entry, depth + 1);
  if (Array.isArray(value)) return value.map(undo);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, undo(entry)]));
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return '$USER';
  }
}

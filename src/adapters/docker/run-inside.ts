/** A command run in a container, as `docker exec` does. */

import { fields, flag, identifier, known, number, optional } from './answer-shape.ts';
import { type EngineHttp, parseAnswer } from './engine-http.ts';
import { readLogLines } from './engine-streams.ts';

const madeAnswer = fields({ Id: identifier });
const endedAnswer = fields({ Running: optional(flag), ExitCode: optional(number) });

type Ended = {
  /** Undefined when the engine does not tell. */
  readonly exitCode: number | undefined;
  /** What it wrote to its standard output, up to `mostOutputLength`. */
  readonly output: string;
};

/** Whatever a container says of its health command. */
const longestMs = 600_000;
const mostOutputLength = 64 * 1024;

/**
 * Undefined when the command takes longer than `timeoutMs`: the engine cannot end it, so it runs on. Throws the
 * engine's refusal, as when the container does not run, or the signal's reason.
 */
export async function runInside(
  http: EngineHttp,
  containerId: string,
  command: readonly string[],
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
): Promise<Ended | undefined> {
  const path = `/containers/${containerId}/exec`;
  const said = await http.post(path, {
    signal,
    json: { Cmd: command, AttachStdout: true, AttachStderr: true },
  });
  const made = madeAnswer(parseAnswer(said, `POST ${path}`), 'the command');
  const limit = AbortSignal.any([
    AbortSignal.timeout(Math.min(Math.max(1, Math.ceil(timeoutMs)), longestMs)),
    ...(signal === undefined ? [] : [signal]),
  ]);
  let output = '';
  try {
    const answer = await http.stream(`/exec/${made.Id}/start`, {
      method: 'POST',
      signal: limit,
      json: { Detach: false, Tty: false },
    });
    // The end of its output is the end of the command.
    for await (const { stream, text } of readLogLines(answer, 'framed')) {
      if (stream === 'stdout' && output.length < mostOutputLength) output += `${text}\n`;
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) return undefined;
    throw error;
  }
  const ended = known(await http.findJson(`/exec/${made.Id}/json`, { signal }), endedAnswer, 'the command');
  const exitCode = ended?.Running === false ? ended.ExitCode : undefined;
  return { exitCode, output: output.slice(0, mostOutputLength) };
}

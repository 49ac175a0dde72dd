/** The three kinds of call: one whose answer is read, a look-up, and one that answers with nothing. */

import { ExternalError } from '../../core/error.ts';
import { ShapeError } from './answer-errors.ts';
import type { Call, CallRequest, CallTools } from './call.ts';

const isNotFound = (thrown: unknown): boolean =>
  thrown instanceof ExternalError && thrown.status === 404 && thrown.code === 'not found';

export function createCallKinds(call: Call) {
  /** A call whose answer is read; an answer of another shape is a failure too. */
  const ask = <Answer, Result>(
    request: CallRequest,
    send: (tools: CallTools) => Promise<Answer>,
    read: (answer: Answer) => Result,
  ): Promise<Result> => call(request, async tools => read(await send(tools)));

  /** The same for look-ups: undefined when there is none. */
  const find = async <Answer, Result>(
    request: CallRequest,
    send: (tools: CallTools) => Promise<Answer>,
    read: (answer: Answer) => readonly Result[],
  ): Promise<Result | undefined> => {
    try {
      return (await ask(request, send, read))[0];
    } catch (thrown) {
      if (isNotFound(thrown)) return undefined;
      throw thrown;
    }
  };

  /** A call that InfluxDB answers with 204 and headers alone. A proxy that says 200 has not done it. */
  const askForHeaders = <Result>(
    request: CallRequest,
    send: (tools: CallTools) => Promise<void>,
    read: (headers: Readonly<Record<string, unknown>>) => Result,
  ): Promise<Result> =>
    call(request, async tools => {
      let status: number | undefined;
      let headers: Readonly<Record<string, unknown>> = {};
      const responseStarted = (started: Readonly<Record<string, unknown>>, statusCode?: number): void => {
        headers = started;
        status = statusCode;
      };
      await send({ ...tools, options: { ...tools.options, responseStarted } });
      if (status !== 204) throw new ShapeError(`it answered ${status ?? 'nothing'} where 204 was due`);
      return read(headers);
    });

  const tell = (request: CallRequest, send: (tools: CallTools) => Promise<void>): Promise<void> =>
    askForHeaders(request, send, () => undefined);

  return { ask, find, tell, askForHeaders };
}

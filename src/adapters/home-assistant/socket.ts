/** A conversation with Home Assistant's WebSocket: sign in, then at most one command. */

export type SocketCommand = {
  readonly type: string;
  readonly fields: Readonly<Record<string, unknown>>;
};

export type SocketOutcome =
  /** Signed in; `result` is the answer to the command, when there was one. */
  | { readonly kind: 'done'; readonly version: string; readonly result: unknown }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly seen: string };

type Message = {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly success?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
  readonly ha_version?: unknown;
};

const messageLimitBytes = 1024 * 1024;
/** Milliseconds that the other side has to say goodbye as well. */
const goodbyeMs = 1000;

function parseMessage(data: unknown): Message | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(data);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const errorText = (error: unknown): string => {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as Readonly<
    Record<string, unknown>
  >;
  return [code, message].filter(part => typeof part === 'string').join(': ');
};

/** Resolves within `timeoutMs` and closes the connection; throws only the reason of the caller's own signal. */
export async function converse(
  url: string,
  token: string,
  command: SocketCommand | undefined,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<SocketOutcome> {
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  const stop = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  // Node's own client takes messages of any size.
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/websocket`, {
    maxPayload: messageLimitBytes,
    perMessageDeflate: false,
    handshakeTimeout: timeoutMs,
  });
  const outcome = await new Promise<SocketOutcome>(resolve => {
    let version = 'unknown';
    const fail = (seen: string): void => resolve({ kind: 'failed', seen });
    const send = (message: unknown): void => socket.send(JSON.stringify(message));

    stop.addEventListener('abort', () => fail(`no answer within ${timeoutMs / 1000} s`), { once: true });
    socket.addEventListener('error', () => fail('the connection failed'));
    socket.addEventListener('close', ({ code }) => fail(`the connection was closed (${code})`));
    socket.addEventListener('message', ({ data }) => {
      const message = parseMessage(data);
      switch (message?.type) {
        case 'auth_required':
          return send({ type: 'auth', access_token: token });
        case 'auth_invalid':
          return resolve({ kind: 'refused' });
        case 'auth_ok':
          version = typeof message.ha_version === 'string' ? message.ha_version : version;
          if (command === undefined) return resolve({ kind: 'done', version, result: undefined });
          return send({ id: 1, type: command.type, ...command.fields });
        case 'result':
          return message.success === true
            ? resolve({ kind: 'done', version, result: message.result })
            : fail(`it refused ${command?.type ?? 'the command'} (${errorText(message.error)})`);
        default:
          return fail('it said something that Home Assistant does not say');
      }
    });
  });
  socket.close();
  setTimeout(() => socket.terminate(), goodbyeMs).unref();
  signal?.throwIfAborted();
  return outcome;
}

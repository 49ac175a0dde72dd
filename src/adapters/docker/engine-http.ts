/** HTTP to the engine: one keep-alive agent, every answer limited in size and time, every failure in words. */

import { Agent, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import https from 'node:https';
import { userInfo } from 'node:os';
import { Readable } from 'node:stream';
import { ExternalError } from '../../core/error.ts';
import { keepUnlessFailed } from '../../core/keep-unless-failed.ts';
import { type EngineEndpoint, findEndpoint, type ProcessEnvironment } from './engine-endpoint.ts';
import {
  describeConnectionFailure,
  describeOtherProgram,
  describeRefusal,
  describeTimeout,
  describeTooOld,
  isEngineInstalled,
  oldestApiVersion,
} from './engine-error.ts';
import { isAtLeast } from './version.ts';

type EngineRequest = {
  readonly signal?: AbortSignal | undefined;
  /** Until the answer is complete (for a stream: until its header). 10 s unless given. */
  readonly timeoutMs?: number;
  readonly body?: AsyncIterable<Uint8Array>;
  /** The same as `body`, for a small record. */
  readonly json?: unknown;
  /** May hold a secret: told to the engine and to nobody else. */
  readonly headers?: Readonly<Record<string, string>>;
};

type Method = 'GET' | 'POST' | 'DELETE';

export type EngineHttp = {
  readonly findEndpoint: () => Promise<EngineEndpoint>;
  /** The engine's own API version, for example `1.41`; kept until the connection fails. */
  readonly apiVersion: (signal?: AbortSignal) => Promise<string>;
  readonly getJson: (path: string, options?: EngineRequest) => Promise<unknown>;
  /** As `getJson`; undefined when the engine answers 404. */
  readonly findJson: (path: string, options?: EngineRequest) => Promise<unknown>;
  /** The text of the answer; status 304 (already so) counts as success. */
  readonly post: (path: string, options?: EngineRequest) => Promise<string>;
  /** Status 404 (not there any more) counts as success. */
  readonly remove: (path: string, options?: EngineRequest) => Promise<void>;
  /** The answer as it comes. The signal ends it at any time. */
  readonly stream: (
    path: string,
    options?: EngineRequest & { readonly method?: 'GET' | 'POST' },
  ) => Promise<IncomingMessage>;
};

const defaultTimeoutMs = 10_000;
const maxAnswerBytes = 32 * 1024 * 1024;
/** Inspecting 40 containers at once takes a quarter of the time when the connections are still open. */
const maxFreeSockets = 40;
const maxErrorBytes = 64 * 1024;

/** Nothing is opened before the first call. */
export function createEngineHttp(environment: ProcessEnvironment): EngineHttp {
  let agent: Agent | undefined;

  const { get: endpointOf } = keepUnlessFailed(() => findEndpoint(environment));

  const connectionOptions = (endpoint: EngineEndpoint, isShared: boolean): RequestOptions => {
    const isEncrypted = endpoint.kind === 'tcp' && endpoint.tls !== undefined;
    agent ??= isEncrypted
      ? new https.Agent({ keepAlive: true, maxFreeSockets })
      : new Agent({ keepAlive: true, maxFreeSockets });
    const shared = { agent: isShared ? agent : false };
    if (endpoint.kind === 'unix') {
      // Without a name for TLS given, Node makes its pattern of IPv6 addresses to find that it needs none: 10 ms.
      const noServer = { servername: '' };
      return { ...shared, ...noServer, socketPath: endpoint.socketPath, host: 'docker' };
    }
    const { tls } = endpoint;
    return {
      ...shared,
      host: endpoint.host,
      port: endpoint.port,
      ...(tls === undefined
        ? {}
        : { ca: tls.ca, cert: tls.certificate, key: tls.key, rejectUnauthorized: tls.isVerified }),
    };
  };

  const explain = async (error: unknown, endpoint: EngineEndpoint, command: string): Promise<unknown> => {
    if (error instanceof ExternalError || !isSystemError(error)) return error;
    knownVersion.forget();
    return describeConnectionFailure(error.code, endpoint, {
      command,
      isInstalled: await isEngineInstalled(environment),
      user: accountName(environment),
    });
  };

  /** Resolves with the header; the caller reads the body. The time limit covers the body unless `isStream`. */
  const open = (
    endpoint: EngineEndpoint,
    method: Method,
    path: string,
    options: EngineRequest,
    connection: { readonly isShared: boolean; readonly isStream: boolean },
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const { signal, body, json } = options;
      signal?.throwIfAborted();
      const send = endpoint.kind === 'tcp' && endpoint.tls !== undefined ? https.request : requestHttp;
      const request = send({
        ...connectionOptions(endpoint, connection.isShared),
        method,
        path,
        headers: {
          ...options.headers,
          ...(body === undefined ? {} : { 'content-type': 'application/x-tar' }),
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        },
      });
      let answer: IncomingMessage | undefined;
      const end = (cause: Error): void => void (answer ?? request).destroy(cause);
      const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
      const timer = setTimeout(() => end(describeTimeout(`${method} ${path}`, timeoutMs)), timeoutMs);
      const onAbort = (): void => end(new DOMException('Aborted', 'AbortError'));
      signal?.addEventListener('abort', onAbort, { once: true });
      request.once('close', () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      });
      request.once('response', message => {
        answer = message;
        if (connection.isStream) clearTimeout(timer);
        resolve(message);
      });
      request.on('error', error => {
        // A socket kept from an earlier answer may have been closed meanwhile: that says nothing of the engine.
        const isStale = request.reusedSocket && answer === undefined && isSystemError(error);
        if (isStale) resolve(open(endpoint, method, path, options, { ...connection, isShared: false }));
        else reject(error);
      });
      if (body === undefined) request.end(json === undefined ? undefined : JSON.stringify(json));
      else {
        const source = Readable.from(body);
        source.once('error', error => {
          reject(error);
          request.destroy();
        });
        request.once('close', () => source.destroy());
        source.pipe(request);
      }
    });

  const call = async (
    method: Method,
    path: string,
    options: EngineRequest,
  ): Promise<{ readonly status: number; readonly text: string; readonly message: IncomingMessage }> => {
    const endpoint = await endpointOf();
    const command = `${method} ${path}`;
    try {
      const isShared = method === 'GET';
      const message = await open(endpoint, method, path, options, { isShared, isStream: false });
      const status = message.statusCode ?? 0;
      return { status, text: await readText(message, command, maxAnswerBytes), message };
    } catch (error) {
      options.signal?.throwIfAborted();
      throw await explain(error, endpoint, command);
    }
  };

  // One caller's abort must not spoil the answer for the others, so the shared question has no signal.
  const knownVersion = keepUnlessFailed(async (): Promise<string> => {
    const { status, text, message } = await call('GET', '/_ping', {});
    const version = message.headers['api-version'];
    if (typeof version !== 'string' || !/^\d+\.\d+$/.test(version)) {
      throw describeOtherProgram(await endpointOf(), `status ${status} ${text.slice(0, 80)}`.trim());
    }
    if (status >= 400) throw describeRefusal('GET /_ping', status, text);
    if (!isAtLeast(version, oldestApiVersion)) {
      throw describeTooOld(version, String(message.headers.server ?? '').replace(/^Docker\/(\S+).*$/, '$1'));
    }
    return version;
  });
  const apiVersion = (signal?: AbortSignal): Promise<string> => {
    signal?.throwIfAborted();
    return knownVersion.get();
  };
  const versioned = async (path: string, signal: AbortSignal | undefined): Promise<string> =>
    `/v${await apiVersion(signal)}${path}`;

  const findJson = async (path: string, options: EngineRequest = {}): Promise<unknown> => {
    const { status, text } = await call('GET', await versioned(path, options.signal), options);
    if (status === 404) return undefined;
    if (status >= 400) throw describeRefusal(`GET ${path}`, status, text);
    return parseAnswer(text, `GET ${path}`);
  };

  return {
    findEndpoint: endpointOf,
    apiVersion,
    findJson,
    getJson: async (path, options) => {
      const found = await findJson(path, options);
      if (found === undefined) throw describeRefusal(`GET ${path}`, 404, 'not found');
      return found;
    },
    post: async (path, options = {}) => {
      const { status, text } = await call('POST', await versioned(path, options.signal), options);
      if (status >= 400) throw describeRefusal(`POST ${path}`, status, text);
      return text;
    },
    remove: async (path, options = {}) => {
      const { status, text } = await call('DELETE', await versioned(path, options.signal), options);
      if (status >= 400 && status !== 404) throw describeRefusal(`DELETE ${path}`, status, text);
    },
    stream: async (path, { method = 'GET', ...options } = {}) => {
      const endpoint = await endpointOf();
      const command = `${method} ${path}`;
      try {
        const fullPath = await versioned(path, options.signal);
        const message = await open(endpoint, method, fullPath, options, { isShared: false, isStream: true });
        if ((message.statusCode ?? 0) < 400) return message;
        throw describeRefusal(
          command,
          message.statusCode ?? 0,
          await readText(message, command, maxErrorBytes),
        );
      } catch (error) {
        options.signal?.throwIfAborted();
        throw await explain(error, endpoint, command);
      }
    },
  };
}

async function readText(message: IncomingMessage, command: string, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      message.destroy();
      throw new ExternalError('The Docker Engine answered with more than can be right', {
        command,
        hint: `More than ${maxBytes} bytes came.`,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function parseAnswer(text: string, command: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ExternalError('The Docker Engine answered with something that is not JSON', {
      command,
      tail: text.slice(0, 200),
    });
  }
}

const isSystemError = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code !== 'ABORT_ERR';

function accountName(environment: ProcessEnvironment): string {
  try {
    return userInfo().username;
  } catch {
    return environment.USER ?? '$USER';
  }
}

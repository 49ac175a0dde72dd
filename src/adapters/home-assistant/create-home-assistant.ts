/** Home Assistant over HTTP and its WebSocket, as its versions since 2023 answer. */

import { ExternalError, UserError } from '../../core/error.ts';
import type { HomeAssistant, OnboardingState, TokenCheck } from '../../ports/home-assistant.ts';
import { oneLine } from '../http/describe-unreachable.ts';
import { type Ask, type AskRequest, createAsk, type HttpAnswer } from './ask.ts';
import { converse } from './socket.ts';

export type HomeAssistantOptions = {
  /** Scheme, host and port: `http://127.0.0.1:8124`. */
  readonly url: string;
  /** For each request, and for each conversation over the WebSocket. */
  readonly requestTimeoutMs?: number;
};

/** As long as the tokens that Home Assistant's own profile page makes. */
const tokenLifespanDays = 3650;

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new UserError(`"${oneLine(text)}" is not an address of Home Assistant.`, {
      hint: 'It begins with http:// or https://, for example http://192.168.1.10:8123.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new UserError('The address of Home Assistant must not carry a user name or password.');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** What every Home Assistant says to a request without a token that it takes. */
const isOwnRefusal = ({ status, text }: HttpAnswer): boolean =>
  status === 401 && text.trim() === '401: Unauthorized';

const isPassing = ({ status }: HttpAnswer): boolean => status >= 502 && status <= 504;

function describeAnswer(answer: HttpAnswer): string {
  if (answer.status >= 300 && answer.status < 400) {
    return `a redirect to ${oneLine((answer.location ?? 'another address').replace(/[?#].*$/, ''))}`;
  }
  const what = answer.contentType.startsWith('text/html') ? 'a web page, ' : '';
  const said = oneLine(answer.text).slice(0, 80);
  return `${what}HTTP ${answer.status}${said === '' ? '' : `: ${said}`}`;
}

/** Bad answers that Home Assistant itself gives, to a caller it will not talk to. */
function describeRejection({ status }: HttpAnswer): string | undefined {
  if (status === 403) {
    return 'it answers 403: Home Assistant may have banned this machine after failed sign-ins (ip_bans.yaml)';
  }
  if (status === 400) {
    return 'it answers 400: behind a proxy, Home Assistant needs trusted_proxies in its configuration';
  }
  return undefined;
}

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;

function readSteps(
  json: unknown,
): readonly { readonly step: string; readonly isDone: boolean }[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const steps = json.map(item => ({ step: fieldOf(item, 'step'), done: fieldOf(item, 'done') }));
  return steps.every(({ step, done }) => typeof step === 'string' && typeof done === 'boolean')
    ? steps.map(({ step, done }) => ({ step: String(step), isDone: done === true }))
    : undefined;
}

async function askOnboardingState(ask: Ask, signal: AbortSignal | undefined): Promise<OnboardingState> {
  const api = await ask({ method: 'GET', path: '/api/' }, signal);
  if (api.kind === 'none') return { kind: 'not-ready', seen: api.seen };
  if (!isOwnRefusal(api)) return { kind: 'not-ready', seen: `it answers ${describeAnswer(api)}` };
  const answer = await ask({ method: 'GET', path: '/api/onboarding' }, signal);
  if (answer.kind === 'none') return { kind: 'not-ready', seen: answer.seen };
  // A Home Assistant that starts with onboarding complete does not have the view.
  if (answer.status === 404) return { kind: 'complete' };
  const steps = answer.status === 200 ? readSteps(answer.json) : undefined;
  if (steps === undefined) return { kind: 'not-ready', seen: `it answers ${describeAnswer(answer)}` };
  return steps.every(({ isDone }) => isDone)
    ? { kind: 'complete' }
    : { kind: 'open', doneSteps: steps.filter(({ isDone }) => isDone).map(({ step }) => step) };
}

/** Asks by HTTP first, then signs in over the WebSocket, which HomeIQ's ingestion needs. */
async function checkTokenAt(
  url: string,
  ask: Ask,
  timeoutMs: number,
  token: string,
  signal: AbortSignal | undefined,
): Promise<TokenCheck> {
  // Such a value cannot be sent at all.
  if (token === '' || /[^\x21-\x7e]/.test(token)) return { kind: 'refused' };
  const answer = await ask({ method: 'GET', path: '/api/config', token }, signal);
  if (answer.kind === 'none') {
    return answer.code === 'too long' || answer.code.startsWith('HPE_')
      ? { kind: 'not-home-assistant', seen: answer.seen }
      : { kind: 'unreachable', seen: answer.seen };
  }
  if (isOwnRefusal(answer)) return { kind: 'refused' };
  const rejection = describeRejection(answer);
  if (rejection !== undefined) return { kind: 'unreachable', seen: rejection };
  if (isPassing(answer)) return { kind: 'unreachable', seen: describeAnswer(answer) };
  const version = fieldOf(answer.json, 'version');
  if (answer.status !== 200 || typeof version !== 'string') {
    return { kind: 'not-home-assistant', seen: describeAnswer(answer) };
  }
  const outcome = await converse(url, token, undefined, timeoutMs, signal);
  switch (outcome.kind) {
    case 'done':
      return { kind: 'accepted', version };
    case 'refused':
      return { kind: 'refused' };
    case 'failed':
      return {
        kind: 'unreachable',
        seen: `it answers over HTTP, but its WebSocket does not work: ${outcome.seen}`,
      };
  }
}

/** Throws an ExternalError for a failed onboarding, or the reason of the caller's own signal. */
export function createHomeAssistant(options: HomeAssistantOptions): HomeAssistant {
  const url = checkUrl(options.url);
  const timeoutMs = options.requestTimeoutMs ?? 15_000;
  const ask = createAsk(url, timeoutMs);
  /** Home Assistant wants the client to be named by an address. */
  const clientId = `${url}/`;

  const demand = async (
    request: AskRequest,
    key: string,
    signal: AbortSignal | undefined,
  ): Promise<string> => {
    const command = `${request.method} ${request.path} at ${url}`;
    const answer = await ask(request, signal);
    if (answer.kind === 'none') {
      throw new ExternalError(`Home Assistant did not answer at ${url}: ${answer.seen}`, {
        command,
        code: answer.code,
      });
    }
    const value = fieldOf(answer.json, key);
    if (answer.status === 200 && typeof value === 'string' && value !== '') return value;
    const said = fieldOf(answer.json, 'message') ?? fieldOf(answer.json, 'error_description');
    const text = typeof said === 'string' ? oneLine(said) : describeAnswer(answer);
    throw new ExternalError(`Home Assistant answered ${answer.status} to its onboarding: ${text}`, {
      command,
      status: answer.status,
      tail: text,
    });
  };

  return {
    url,
    onboardingState: signal => askOnboardingState(ask, signal),
    checkToken: (token, signal) => checkTokenAt(url, ask, timeoutMs, token, signal),
    onboard: async (user, clientName, signal) => {
      const code = await demand(
        {
          method: 'POST',
          path: '/api/onboarding/users',
          body: { kind: 'json', value: { ...user, client_id: clientId } },
        },
        'auth_code',
        signal,
      );
      const accessToken = await demand(
        {
          method: 'POST',
          path: '/auth/token',
          body: {
            kind: 'form',
            fields: { client_id: clientId, grant_type: 'authorization_code', code },
          },
        },
        'access_token',
        signal,
      );
      const outcome = await converse(
        url,
        accessToken,
        {
          type: 'auth/long_lived_access_token',
          fields: { client_name: clientName, lifespan: tokenLifespanDays },
        },
        timeoutMs,
        signal,
      );
      if (outcome.kind !== 'done' || typeof outcome.result !== 'string') {
        const seen = outcome.kind === 'failed' ? outcome.seen : 'it gave none';
        throw new ExternalError(`Home Assistant at ${url} made a user, but no long-lived token: ${seen}`, {
          command: `WebSocket auth/long_lived_access_token at ${url}`,
        });
      }
      // The token exists now and must not be lost: what is left of the onboarding is only for Home Assistant's own
      // pages, may fail on a small configuration, and is not stopped half-way.
      for (const step of ['analytics', 'core_config', 'integration'] as const) {
        await ask(
          {
            method: 'POST',
            path: `/api/onboarding/${step}`,
            token: accessToken,
            body: {
              kind: 'json',
              value: step === 'integration' ? { client_id: clientId, redirect_uri: clientId } : {},
            },
          },
          undefined,
        );
      }
      return { token: outcome.result };
    },
  };
}

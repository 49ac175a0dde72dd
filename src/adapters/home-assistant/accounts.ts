/** Users, codes and tokens of Home Assistant: the first user, signing in, and long-lived tokens. */

import { ExternalError } from '../../core/error.ts';
import type { SignIn } from '../../ports/home-assistant.ts';
import { describeRefusal, fieldOf } from './answers.ts';
import type { Ask, AskRequest, HttpAnswer } from './ask.ts';
import { converse } from './socket.ts';

export type AccountTools = {
  readonly url: string;
  readonly ask: Ask;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
};

/** As long as the tokens that Home Assistant's own profile page makes. */
const tokenLifespanDays = 3650;

/** Home Assistant wants the client to be named by an address, and its redirects to be to the same host. */
const clientIdOf = ({ url }: AccountTools): string => `${url}/`;

const commandOf = ({ url }: AccountTools, { method, path }: AskRequest): string =>
  `${method} ${path.replace(/(?<=login_flow\/).+/, '<flow>')} at ${url}`;

/** Throws an ExternalError when there is no answer. */
async function demandAnswer(tools: AccountTools, request: AskRequest): Promise<HttpAnswer> {
  const answer = await tools.ask(request, tools.signal);
  if (answer.kind === 'answer') return answer;
  throw new ExternalError(`Home Assistant did not answer at ${tools.url}: ${answer.seen}`, {
    command: commandOf(tools, request),
    code: answer.code,
  });
}

function unexpected(tools: AccountTools, request: AskRequest, answer: HttpAnswer): ExternalError {
  const text = describeRefusal(answer);
  return new ExternalError(`Home Assistant answered ${answer.status} to its onboarding: ${text}`, {
    command: commandOf(tools, request),
    status: answer.status,
    tail: text,
  });
}

async function demandText(tools: AccountTools, request: AskRequest, key: string): Promise<string> {
  const answer = await demandAnswer(tools, request);
  const value = fieldOf(answer.json, key);
  if (answer.status === 200 && typeof value === 'string' && value !== '') return value;
  throw unexpected(tools, request, answer);
}

/** The code that stands for the new user. Throws an ExternalError with status 403 when there is one already. */
export const createFirstUser = (
  tools: AccountTools,
  user: {
    readonly name: string;
    readonly username: string;
    readonly password: string;
    readonly language: string;
  },
): Promise<string> =>
  demandText(
    tools,
    {
      method: 'POST',
      path: '/api/onboarding/users',
      hide: [user.password],
      body: { kind: 'json', value: { ...user, client_id: clientIdOf(tools) } },
    },
    'auth_code',
  );

/**
 * Signs in as Home Assistant's own pages do: a login flow that asks for user and password, and ends with a code.
 * Source: homeassistant/components/auth/login_flow.py, the same since 2018.
 */
export async function signInWithPassword(
  tools: AccountTools,
  user: { readonly username: string; readonly password: string },
): Promise<{ readonly kind: 'code'; readonly code: string } | Extract<SignIn, { readonly kind: 'refused' }>> {
  const clientId = clientIdOf(tools);
  const flowId = await demandText(
    tools,
    {
      method: 'POST',
      path: '/auth/login_flow',
      body: {
        kind: 'json',
        value: { client_id: clientId, handler: ['homeassistant', null], redirect_uri: clientId },
      },
    },
    'flow_id',
  );
  const request: AskRequest = {
    method: 'POST',
    path: `/auth/login_flow/${encodeURIComponent(flowId)}`,
    hide: [user.password],
    body: {
      kind: 'json',
      value: { client_id: clientId, username: user.username, password: user.password },
    },
  };
  const answer = await demandAnswer(tools, request);
  if (answer.status === 403) return { kind: 'refused', seen: describeRefusal(answer) };
  const code = fieldOf(answer.json, 'result');
  const type = fieldOf(answer.json, 'type');
  if (answer.status === 200 && type === 'create_entry' && typeof code === 'string') {
    return { kind: 'code', code };
  }
  if (answer.status === 200 && type === 'form') {
    const isWrong = fieldOf(fieldOf(answer.json, 'errors'), 'base') === 'invalid_auth';
    return {
      kind: 'refused',
      seen: isWrong ? 'it says that the user or the password is wrong' : 'it asks for more than a password',
    };
  }
  throw unexpected(tools, request, answer);
}

/** An access token for half an hour. */
export const redeemCode = (tools: AccountTools, code: string): Promise<string> =>
  demandText(
    tools,
    {
      method: 'POST',
      path: '/auth/token',
      body: {
        kind: 'form',
        fields: { client_id: clientIdOf(tools), grant_type: 'authorization_code', code },
      },
    },
    'access_token',
  );

/** A token that stays. Home Assistant refuses a second one of the same name. */
export async function createLongLivedToken(
  { url, timeoutMs, signal }: AccountTools,
  accessToken: string,
  clientName: string,
): Promise<string> {
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
  if (outcome.kind === 'done' && typeof outcome.result === 'string' && outcome.result !== '') {
    return outcome.result;
  }
  const seen = outcome.kind === 'failed' ? outcome.seen : 'it gave none';
  throw new ExternalError(`Home Assistant at ${url} has a user, but gave no long-lived token: ${seen}`, {
    command: `WebSocket auth/long_lived_access_token at ${url}`,
  });
}

/**
 * What is left of the onboarding is only for Home Assistant's own pages: it may be done already, and may fail on a small
 * configuration. By then the token exists and must not be lost, so it is not stopped half-way and nothing is thrown.
 */
export async function finishOnboarding(tools: AccountTools, accessToken: string): Promise<void> {
  const clientId = clientIdOf(tools);
  for (const step of ['analytics', 'core_config', 'integration'] as const) {
    await tools.ask(
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
}

/** Home Assistant over HTTP and its WebSocket, as its versions since 2023 answer. */

import { UserError } from '../../core/error.ts';
import type { HomeAssistant } from '../../ports/home-assistant.ts';
import { oneLine } from '../http/describe-unreachable.ts';
import {
  type AccountTools,
  createFirstUser,
  createLongLivedToken,
  finishOnboarding,
  redeemCode,
  signInWithPassword,
} from './accounts.ts';
import { createAsk } from './ask.ts';
import { findAddressOfLocalName } from './local-name.ts';
import { askOnboardingState, lookAt, toTokenCheck } from './look.ts';

export type HomeAssistantOptions = {
  /** Scheme, host and port: `http://127.0.0.1:8124`. */
  readonly url: string;
  /** For each request, and for each conversation over the WebSocket. */
  readonly requestTimeoutMs?: number;
};

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

/** Throws an ExternalError for a failed onboarding or sign-in, or the reason of the caller's own signal. */
export function createHomeAssistant(options: HomeAssistantOptions): HomeAssistant {
  const url = checkUrl(options.url);
  const timeoutMs = options.requestTimeoutMs ?? 15_000;
  const ask = createAsk(url, timeoutMs);
  const toolsFor = (signal: AbortSignal | undefined): AccountTools => ({ url, ask, timeoutMs, signal });

  /** From a code to a token that stays, and to the end of the onboarding. */
  const settle = async (tools: AccountTools, code: string, clientName: string): Promise<string> => {
    const accessToken = await redeemCode(tools, code);
    const token = await createLongLivedToken(tools, accessToken, clientName);
    await finishOnboarding(tools, accessToken);
    return token;
  };

  return {
    url,
    onboardingState: signal => askOnboardingState(ask, signal),
    look: (token, signal) => lookAt(url, ask, timeoutMs, token, signal),
    checkToken: async (token, signal) => toTokenCheck(await lookAt(url, ask, timeoutMs, token, signal)),
    onboard: async (user, clientName, signal) => {
      const tools = toolsFor(signal);
      return { token: await settle(tools, await createFirstUser(tools, user), clientName) };
    },
    signIn: async (user, clientName, signal) => {
      const tools = toolsFor(signal);
      const answer = await signInWithPassword(tools, user);
      if (answer.kind === 'refused') return answer;
      return { kind: 'signed-in', token: await settle(tools, answer.code, clientName) };
    },
    addressOfLocalName: async signal => {
      signal?.throwIfAborted();
      return findAddressOfLocalName(new URL(url).hostname);
    },
  };
}

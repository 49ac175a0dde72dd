/** Looks at an address: is it Home Assistant, and does it take the token? Changes nothing there. */

import type { HomeAssistantSight } from '../../core/home-assistant/sight.ts';
import type { OnboardingState, TokenCheck } from '../../ports/home-assistant.ts';
import { describeAnswer, fieldOf, isOwnRefusal, isPassing, isRedirect } from './answers.ts';
import type { Ask, HttpAnswer, NoAnswer } from './ask.ts';
import { converse } from './socket.ts';

function describeNone(answer: NoAnswer): HomeAssistantSight {
  const { certificate, seen } = answer;
  if (certificate !== undefined) return { kind: 'certificate', ...certificate, seen };
  if (answer.code === 'too long') return { kind: 'not-home-assistant', seen };
  return { kind: 'unreachable', reason: answer.reason, seen };
}

function redirectTarget(url: string, { location }: HttpAnswer): string | undefined {
  if (location === undefined || !URL.canParse(location, url)) return undefined;
  const target = new URL(location, url);
  return target.protocol === 'http:' || target.protocol === 'https:' ? target.origin : undefined;
}

/** What an answer without the expected content means; undefined when it is Home Assistant's own. */
function judgeAnswer(url: string, answer: HttpAnswer): HomeAssistantSight | undefined {
  const seen = describeAnswer(answer);
  if (isRedirect(answer)) return { kind: 'redirect', to: redirectTarget(url, answer), seen };
  if (answer.status === 403) {
    return {
      kind: 'banned',
      seen: 'it answers 403: Home Assistant may have banned this machine after failed sign-ins (ip_bans.yaml)',
    };
  }
  if (answer.status === 400) {
    return {
      kind: 'bad-request',
      seen: 'it answers 400: behind a proxy, Home Assistant needs trusted_proxies in its configuration',
    };
  }
  if (isPassing(answer)) return { kind: 'starting', seen };
  return undefined;
}

async function lookWithToken(
  url: string,
  ask: Ask,
  timeoutMs: number,
  token: string,
  signal: AbortSignal | undefined,
): Promise<HomeAssistantSight> {
  const answer = await ask({ method: 'GET', path: '/api/config', token }, signal);
  if (answer.kind === 'none') return describeNone(answer);
  if (isOwnRefusal(answer)) return { kind: 'refused' };
  const judged = judgeAnswer(url, answer);
  if (judged !== undefined) return judged;
  const version = fieldOf(answer.json, 'version');
  if (answer.status !== 200 || typeof version !== 'string') {
    return { kind: 'not-home-assistant', seen: describeAnswer(answer) };
  }
  // HomeIQ's ingestion needs the WebSocket: what HTTP says is not enough.
  const outcome = await converse(url, token, undefined, timeoutMs, signal);
  switch (outcome.kind) {
    case 'done':
      return { kind: 'accepted', version };
    case 'refused':
      return { kind: 'refused' };
    case 'failed':
      return { kind: 'no-web-socket', version, seen: outcome.seen };
  }
}

/** Throws only the reason of the caller's own signal. */
export async function lookAt(
  url: string,
  ask: Ask,
  timeoutMs: number,
  token: string | undefined,
  signal: AbortSignal | undefined,
): Promise<HomeAssistantSight> {
  // A value with other characters cannot be sent at all.
  const isSendable = token !== undefined && /^[\x21-\x7e]+$/.test(token);
  if (isSendable) return lookWithToken(url, ask, timeoutMs, token, signal);
  const answer = await ask({ method: 'GET', path: '/api/' }, signal);
  if (answer.kind === 'none') return describeNone(answer);
  if (isOwnRefusal(answer)) return token === undefined ? { kind: 'open' } : { kind: 'refused' };
  return judgeAnswer(url, answer) ?? { kind: 'not-home-assistant', seen: describeAnswer(answer) };
}

/** The sight as an answer to one question: is the token taken? */
export function toTokenCheck(sight: HomeAssistantSight): TokenCheck {
  switch (sight.kind) {
    case 'accepted':
      return { kind: 'accepted', version: sight.version };
    case 'refused':
    case 'open':
      return { kind: 'refused' };
    case 'redirect':
    case 'not-home-assistant':
      return { kind: 'not-home-assistant', seen: sight.seen };
    case 'no-web-socket':
      return {
        kind: 'unreachable',
        seen: `it answers over HTTP, but its WebSocket does not work: ${sight.seen}`,
      };
    case 'unreachable':
      return sight.reason === 'not-http'
        ? { kind: 'not-home-assistant', seen: sight.seen }
        : { kind: 'unreachable', seen: sight.seen };
    default:
      return { kind: 'unreachable', seen: sight.seen };
  }
}

function readSteps(
  json: unknown,
): readonly { readonly step: string; readonly isDone: boolean }[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const steps = json.map(item => ({ step: fieldOf(item, 'step'), done: fieldOf(item, 'done') }));
  return steps.every(({ step, done }) => typeof step === 'string' && typeof done === 'boolean')
    ? steps.map(({ step, done }) => ({ step: String(step), isDone: done === true }))
    : undefined;
}

export async function askOnboardingState(
  ask: Ask,
  signal: AbortSignal | undefined,
): Promise<OnboardingState> {
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

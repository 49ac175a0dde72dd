/** A Home Assistant of our own gets its first user, and this deployment a token for it. */

import { ExternalError, exitCodes, UserError } from '../../core/error.ts';
import type { HomeAssistant, OnboardingState } from '../../ports/home-assistant.ts';
import type { Clock } from '../../ports/host.ts';

export type OnboardRequest = {
  readonly homeAssistant: HomeAssistant;
  /** The value in the settings; undefined when there is none. */
  readonly storedToken: string | undefined;
  readonly clock: Clock;
  /** Already stored by the caller. */
  readonly password: string;
  /** Told the reason of waiting whenever it changes, and each thing done. */
  readonly onDetail: (text: string) => void;
  /** Default 5 minutes: its first start on a mini-PC takes one to two. */
  readonly waitLimitMs?: number;
  readonly signal?: AbortSignal;
};

export type OnboardResult = {
  /** A secret: accepted just now, or just made. */
  readonly token: string;
  readonly changed: boolean;
};

/** The first user; its password is the one that the caller stored. */
const homeAssistantUsername = 'homeiq';

const firstPauseMs = 500;
const longestPauseMs = 3000;

type Ready = Exclude<OnboardingState, { kind: 'not-ready' }>;

async function waitUntil<Answer>(
  request: OnboardRequest,
  look: () => Promise<{ readonly answer: Answer } | { readonly seen: string }>,
): Promise<Answer> {
  const { homeAssistant, clock, onDetail, waitLimitMs = 300_000, signal } = request;
  const endMs = clock.now().getTime() + waitLimitMs;
  let told: string | undefined;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const sight = await look();
    if ('answer' in sight) return sight.answer;
    if (sight.seen !== told) onDetail(`waiting for Home Assistant: ${sight.seen}`);
    told = sight.seen;
    if (clock.now().getTime() + pauseMs > endMs) {
      throw new ExternalError(
        `Home Assistant at ${homeAssistant.url} was not ready within ${Math.round(waitLimitMs / 1000)} s: ${sight.seen}.`,
        {
          hint: 'Its first start is slow on a small machine.',
          nextSteps: [
            'Look at its log: docker compose logs home-assistant-test',
            'Run this again: it goes on from here.',
          ],
        },
      );
    }
    await clock.sleep(pauseMs, signal);
  }
}

const waitForReady = (request: OnboardRequest): Promise<Ready> =>
  waitUntil(request, async () => {
    const state = await request.homeAssistant.onboardingState(request.signal);
    return state.kind === 'not-ready' ? { seen: state.seen } : { answer: state };
  });

/** True when the token is accepted, false when it is refused; waits while neither can be told. */
const isAccepted = (request: OnboardRequest, token: string): Promise<boolean> =>
  waitUntil(request, async () => {
    const check = await request.homeAssistant.checkToken(token, request.signal);
    switch (check.kind) {
      case 'accepted':
        return { answer: true };
      case 'refused':
        return { answer: false };
      case 'unreachable':
        return { seen: check.seen };
      case 'not-home-assistant':
        throw new UserError(
          `What answers at ${request.homeAssistant.url} is not Home Assistant: ${check.seen}.`,
          { hint: 'Another program may use its port.', exitCode: exitCodes.refused },
        );
    }
  });

const tokenIsLost = (url: string, hasStoredToken: boolean): UserError =>
  new UserError(
    `The test Home Assistant at ${url} has its first user already, but ${
      hasStoredToken ? 'it refuses the stored token' : 'no token for it is stored'
    }.`,
    {
      hint: 'A run was interrupted just after it made the user, or somebody else onboarded it, or the token was removed there. A token can be seen only once, when it is made.',
      nextSteps: [
        `Sign in at ${url} as ${homeAssistantUsername} with the password in .homeiq/secrets/home-assistant-test-password, make a long-lived token in your profile under Security, put it into .env as HA_TOKEN, and run this again.`,
        'Or start it afresh, which loses what this test Home Assistant holds: remove the container home-assistant-test and its volume home-assistant-test-config, and run this again.',
      ],
    },
  );

/**
 * Waits until Home Assistant answers, keeps a stored token that it accepts, else onboards it and returns a new
 * long-lived token, for the caller to store at once. Throws a UserError when the user exists and the token is lost,
 * an ExternalError when Home Assistant does not come up or fails in between.
 */
export async function ensureOnboarded(request: OnboardRequest): Promise<OnboardResult> {
  const { homeAssistant, storedToken, clock, password, onDetail, signal } = request;
  const state = await waitForReady(request);
  if (storedToken !== undefined && (await isAccepted(request, storedToken))) {
    return { token: storedToken, changed: false };
  }
  const isUserMade = state.kind === 'complete' || state.doneSteps.includes('user');
  if (isUserMade) throw tokenIsLost(homeAssistant.url, storedToken !== undefined);
  onDetail('making the first user and a token');
  try {
    const { token } = await homeAssistant.onboard(
      { name: 'HomeIQ', username: homeAssistantUsername, password, language: 'en' },
      // Home Assistant refuses a second token with the same name.
      `HomeIQ ${clock.now().toISOString()}`,
      signal,
    );
    return { token, changed: true };
  } catch (thrown) {
    // Somebody was quicker.
    if (thrown instanceof ExternalError && thrown.status === 403) {
      throw tokenIsLost(homeAssistant.url, storedToken !== undefined);
    }
    throw thrown;
  }
}

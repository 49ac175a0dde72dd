/** A Home Assistant of our own gets its first user, and this deployment a token for it. */

import { ExternalError, exitCodes, UserError } from '../../core/error.ts';
import type { HomeAssistant, OnboardingState } from '../../ports/home-assistant.ts';
import type { Clock } from '../../ports/host.ts';

export type OnboardRequest = {
  readonly homeAssistant: HomeAssistant;
  /** The value in the settings; undefined when there is none. */
  readonly storedToken: string | undefined;
  readonly clock: Clock;
  /** The stored password of its first user; undefined when there is none. */
  readonly readPassword: () => Promise<string | undefined>;
  /** Makes one and stores it. Asked for only while nobody has a password there yet. */
  readonly makePassword: () => Promise<string>;
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

/** The first user. */
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

/** The volume that holds everything of the test Home Assistant; its name consents to losing it. */
export const homeAssistantTestData = 'home-assistant-test-config';

const accountIsLost = (url: string, seen: string): UserError =>
  new UserError(
    `The test Home Assistant at ${url} belongs to somebody else: it takes neither the stored token nor the stored password (${seen}).`,
    {
      hint: 'Its password was changed, or it comes from another installation. Starting it afresh loses what it holds: its users, its devices, its history.',
      nextSteps: [
        `Sign in at ${url} with an account you know, make a long-lived token in your profile under Security, put it into .env as HA_TOKEN, and run this again.`,
        `Or let it be started afresh: homeiq setup --mode test --yes --delete-data ${homeAssistantTestData}`,
      ],
      deletesData: homeAssistantTestData,
    },
  );

/** Makes a token as the first user, or signs in when there is a user already. */
async function makeToken(request: OnboardRequest, isUserMade: boolean): Promise<string> {
  const { homeAssistant, clock, onDetail, signal } = request;
  const stored = await request.readPassword();
  // Home Assistant refuses a second token with the same name.
  const clientName = `HomeIQ ${clock.now().toISOString()}`;
  if (!isUserMade) {
    onDetail('making the first user and a token');
    const password = stored ?? (await request.makePassword());
    const user = { name: 'HomeIQ', username: homeAssistantUsername, password, language: 'en' };
    return (await homeAssistant.onboard(user, clientName, signal)).token;
  }
  // A new password would open nothing: this data was made with the old one.
  if (stored === undefined) throw accountIsLost(homeAssistant.url, 'none is stored');
  onDetail('it has its user already: signing in again for a new token');
  const answer = await homeAssistant.signIn(
    { username: homeAssistantUsername, password: stored },
    clientName,
    signal,
  );
  if (answer.kind === 'refused') throw accountIsLost(homeAssistant.url, answer.seen);
  return answer.token;
}

/** Tries before the run gives up; what each one did is found by the next. */
const mostTries = 3;

/**
 * Waits until Home Assistant answers and keeps a stored token that it accepts. Else it is onboarded, or, where a run was
 * broken off between any two calls, signed in to with the stored password; either gives a new long-lived token, for the
 * caller to store at once. Throws a UserError that names the data to delete when Home Assistant is somebody else's, an
 * ExternalError when it does not come up or goes on failing.
 */
export async function ensureOnboarded(request: OnboardRequest): Promise<OnboardResult> {
  const { storedToken, clock, onDetail, signal } = request;
  for (let tries = 1; ; tries += 1) {
    const state = await waitForReady(request);
    if (storedToken !== undefined && (await isAccepted(request, storedToken))) {
      return { token: storedToken, changed: false };
    }
    const isUserMade = state.kind === 'complete' || state.doneSteps.includes('user');
    try {
      return { token: await makeToken(request, isUserMade), changed: true };
    } catch (thrown) {
      if (!(thrown instanceof ExternalError) || tries === mostTries) throw thrown;
      onDetail(`trying again: ${thrown.message}`);
      await clock.sleep(firstPauseMs * tries, signal);
    }
  }
}

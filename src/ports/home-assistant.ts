/** Home Assistant over HTTP and WebSocket. */

import type { HomeAssistantSight } from '../core/home-assistant/sight.ts';

export type OnboardingState =
  /** The view is gone or every step is done. */
  | { readonly kind: 'complete' }
  | { readonly kind: 'open'; readonly doneSteps: readonly string[] }
  | { readonly kind: 'not-ready'; readonly seen: string };

export type TokenCheck =
  | { readonly kind: 'accepted'; readonly version: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unreachable'; readonly seen: string }
  | { readonly kind: 'not-home-assistant'; readonly seen: string };

export type SignIn =
  | { readonly kind: 'signed-in'; readonly token: string }
  /** The user or the password is wrong, or the account may not sign in from here. */
  | { readonly kind: 'refused'; readonly seen: string };

export type HomeAssistant = {
  readonly url: string;
  readonly onboardingState: (signal?: AbortSignal) => Promise<OnboardingState>;
  /** Makes the first user, finishes onboarding and returns a long-lived token. */
  readonly onboard: (
    user: {
      readonly name: string;
      readonly username: string;
      readonly password: string;
      readonly language: string;
    },
    clientName: string,
    signal?: AbortSignal,
  ) => Promise<{ readonly token: string }>;
  /** Signs in as a user that exists, finishes what is left of the onboarding and returns a new long-lived token. */
  readonly signIn: (
    user: { readonly username: string; readonly password: string },
    clientName: string,
    signal?: AbortSignal,
  ) => Promise<SignIn>;
  readonly checkToken: (token: string, signal?: AbortSignal) => Promise<TokenCheck>;
  /** What is at the address, and what it says to the token when there is one. */
  readonly look: (token: string | undefined, signal?: AbortSignal) => Promise<HomeAssistantSight>;
  /**
   * The IP address of the host, when its name is found by this machine's own means only (its hosts file, multicast
   * DNS) and not by DNS, which is all that containers have; else undefined.
   */
  readonly addressOfLocalName: (signal?: AbortSignal) => Promise<string | undefined>;
};

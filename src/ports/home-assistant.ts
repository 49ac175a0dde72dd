/** Home Assistant over HTTP and WebSocket. */

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
  readonly checkToken: (token: string, signal?: AbortSignal) => Promise<TokenCheck>;
};

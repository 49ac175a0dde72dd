/** Whether the mode's Home Assistant answers and takes the token: asked at most once a minute, and nobody waits for it. */

import type { HomeAssistantSeen } from '../../core/status/data-sample.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import type { HomeAssistant, TokenCheck } from '../../ports/home-assistant.ts';
import type { Clock } from '../../ports/host.ts';

export type HomeAssistantLook = {
  /** What the last question said; asks anew when that is a minute ago. Undefined: no answer yet. */
  readonly latest: (signal: AbortSignal) => HomeAssistantSeen | undefined;
  /** Asks now; one question at a time. */
  readonly ask: (signal: AbortSignal) => Promise<HomeAssistantSeen | undefined>;
};

const intervalMs = 60_000;
/** A token that was refused is not tried again soon: Home Assistant warns its people of every try, and may ban us. */
const refusedIntervalMs = 3_600_000;

function describeCheck(check: TokenCheck | undefined): Pick<HomeAssistantSeen, 'kind' | 'text'> {
  if (check === undefined) return { kind: 'unreachable', text: 'it does not answer' };
  switch (check.kind) {
    case 'accepted':
      return { kind: 'accepted', text: sanitiseLine(check.version) };
    case 'refused':
      return { kind: 'refused', text: 'it refuses the token' };
    default:
      return { kind: check.kind, text: sanitiseLine(check.seen) };
  }
}

export function createHomeAssistantLook(options: {
  readonly homeAssistant: HomeAssistant;
  readonly token: string;
  readonly clock: Clock;
}): HomeAssistantLook {
  const now = (): number => options.clock.now().getTime();
  let seen: HomeAssistantSeen | undefined;
  let asking: Promise<HomeAssistantSeen | undefined> | undefined;

  const askOnce = async (signal: AbortSignal): Promise<HomeAssistantSeen | undefined> => {
    const check = await options.homeAssistant.checkToken(options.token, signal).catch(() => undefined);
    if (signal.aborted) return seen;
    const askedAtMs = now();
    seen = { ...describeCheck(check), askedAtMs };
    return seen;
  };
  const ask = (signal: AbortSignal): Promise<HomeAssistantSeen | undefined> => {
    asking ??= askOnce(signal).finally(() => {
      asking = undefined;
    });
    return asking;
  };

  return {
    ask,
    latest: signal => {
      const waitMs = seen?.kind === 'refused' ? refusedIntervalMs : intervalMs;
      if (seen === undefined || Math.abs(now() - seen.askedAtMs) >= waitMs) void ask(signal);
      return seen;
    },
  };
}

/** The operator's Home Assistant as a draft names it: asked before an unattended set-up, and for the notes of a plan. */

import { exitCodes, UserError } from '../../core/error.ts';
import {
  correctedAddress,
  describeFinding,
  type HomeAssistantFinding,
  isUsable,
} from '../../core/home-assistant/finding.ts';
import { homeAssistantKeys } from '../../core/home-assistant/keys.ts';
import { describeWithoutHomeAssistant } from '../../core/home-assistant/without.ts';
import { modeFacts } from '../../core/mode/mode.ts';
import type { Ports } from '../../ports/ports.ts';
import { reachableAddress } from '../setup/reachable-address.ts';
import type { Draft } from '../wizard/wizard-types.ts';
import { checkHomeAssistant } from './check-home-assistant.ts';

type Standing =
  /** The mode brings its own, or the address is one of the sandbox that only containers can use. */
  | { readonly kind: 'not-needed' }
  | { readonly kind: 'missing'; readonly keys: readonly string[]; readonly without: string }
  | { readonly kind: 'not-asked'; readonly address: string }
  | { readonly kind: 'asked'; readonly address: string; readonly finding: HomeAssistantFinding };

const skipOption = '--skip-home-assistant-check';
const variableOf = (key: string): string => `HOMEIQ_SET_${key}`;
const untilThen = 'No events are recorded until it takes address and token.';

/** `isSkipped`: the operator wants nobody to be asked. Throws only the signal's reason. */
export async function checkDraftedHome(
  ports: Pick<Ports, 'files' | 'homeAssistant' | 'host'>,
  { plan, settings }: Pick<Draft, 'plan' | 'settings'>,
  { isSkipped, signal }: { readonly isSkipped: boolean; readonly signal: AbortSignal },
): Promise<Standing> {
  const find = (key: string) => settings.find(({ field }) => field.key === key);
  const [address, token] = [find(homeAssistantKeys.address), find(homeAssistantKeys.token)];
  const isOperators = modeFacts[plan.mode].homeAssistant === 'operator';
  if (!isOperators || address === undefined || token === undefined || address.origin === 'stand-in') {
    return { kind: 'not-needed' };
  }
  // The stand-in's token opens nothing but the stand-in.
  const given = [address, token].filter(({ value, origin }) => value !== '' && origin !== 'stand-in');
  if (isSkipped && given.length === 2) return { kind: 'not-asked', address: address.value };
  const missing = [address, token].filter(setting => !given.includes(setting));
  if (missing.length > 0) {
    const keys = missing.map(({ field }) => field.key);
    return { kind: 'missing', keys, without: describeWithoutHomeAssistant(plan.services) };
  }
  const finding = await checkHomeAssistant({
    homeAssistant: ports.homeAssistant,
    url: address.value,
    // One that cannot be sent is refused for what it looks like, later.
    token: token.problem === undefined ? token.value : undefined,
    machineAddress: reachableAddress(await ports.host.facts(ports.files.folder)),
    signal,
  });
  return { kind: 'asked', address: address.value, finding };
}

const describeMissing = (keys: readonly string[]): string =>
  `Home Assistant's ${keys.map(key => (key === homeAssistantKeys.address ? 'address' : 'token')).join(' and ')} ${
    keys.length === 1 ? 'is' : 'are'
  } not given.`;

/** What a plan or a set-up says of it, a paragraph each. */
export function describeStanding(standing: Standing): readonly string[] {
  switch (standing.kind) {
    case 'not-needed':
      return [];
    case 'missing':
      return [`${describeMissing(standing.keys)} ${standing.without}`];
    case 'not-asked':
      return [`Home Assistant at ${standing.address} was not asked (${skipOption}). ${untilThen}`];
    case 'asked': {
      const { address, finding } = standing;
      const { text, hints } = describeFinding(finding);
      const corrected = correctedAddress(finding);
      return [
        [
          isUsable(finding) ? `${address}: ${text}` : `Home Assistant at ${address}: ${text}`,
          ...hints,
          ...(corrected === undefined ? [] : [`Meant may be ${corrected}.`]),
          ...(isUsable(finding) || finding.kind === 'open' ? [] : [untilThen]),
        ].join(' '),
      ];
    }
  }
}

/** Throws a UserError (exit code 3) where a set-up should not begin unless the operator wants it all the same. */
export function refuseStanding(standing: Standing): void {
  const allTheSame = `Or go on all the same: the same command with ${skipOption}`;
  switch (standing.kind) {
    case 'not-needed':
    case 'not-asked':
      return;
    case 'missing':
      throw new UserError(describeMissing(standing.keys), {
        hint: standing.without,
        nextSteps: [
          ...standing.keys.map(
            key =>
              `Give it in the environment: ${variableOf(key)}=${key === homeAssistantKeys.address ? 'http://192.168.1.20:8123' : '…'}`,
          ),
          'Or run homeiq and type it.',
          allTheSame,
        ],
        exitCode: exitCodes.refused,
      });
    case 'asked': {
      const { address, finding } = standing;
      if (isUsable(finding) || finding.kind === 'open') return;
      const { text, hints, subject } = describeFinding(finding);
      const corrected = correctedAddress(finding);
      throw new UserError(`Home Assistant at ${address}: ${text}`, {
        ...(hints.length === 0 ? {} : { hint: hints.join(' ') }),
        nextSteps: [
          corrected === undefined
            ? `Give another ${subject} in the environment: ${variableOf(homeAssistantKeys[subject])}=…`
            : `Give the corrected address: ${variableOf(homeAssistantKeys.address)}=${corrected}`,
          'Or run homeiq, which asks while you type.',
          allTheSame,
        ],
        exitCode: exitCodes.refused,
      });
    }
  }
}

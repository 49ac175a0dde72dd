/** The operator's own Home Assistant: when it is asked, what the answer means for going on, and going on without. */

import { correctedAddress, describeFinding, isUsable } from '../../core/home-assistant/finding.ts';
import { homeAssistantKeys } from '../../core/home-assistant/keys.ts';
import { modeFacts } from '../../core/mode/mode.ts';
import { findSetting } from './current-settings.ts';
import { type HomeAssistantState, redraft, type Step, stay, type WizardState } from './wizard-state.ts';

export const noHomeAssistantSeen: HomeAssistantState = {
  request: 0,
  asked: undefined,
  isChecking: false,
  finding: undefined,
  isSkipped: false,
};

const withHomeAssistant = (state: WizardState, change: Partial<HomeAssistantState>): WizardState => ({
  ...state,
  homeAssistant: { ...state.homeAssistant, ...change },
});

type Given = {
  readonly address: string;
  readonly token: string;
  /** A value of the sandbox that only containers can use: there is nothing to ask from here. */
  readonly isStandIn: boolean;
};

/** The two values as they are now; undefined where the mode brings its own Home Assistant, or has no such settings. */
function givenValues(state: WizardState): Given | undefined {
  if (modeFacts[state.choices.mode].homeAssistant !== 'operator') return undefined;
  const address = findSetting(state, homeAssistantKeys.address);
  const token = findSetting(state, homeAssistantKeys.token);
  if (address === undefined || token === undefined) return undefined;
  return {
    address: address.problem === undefined ? address.value : '',
    token: token.problem === undefined && token.origin !== 'stand-in' ? token.value : '',
    isStandIn: address.origin === 'stand-in',
  };
}

const startCheck = (state: WizardState, address: string, token: string): Step => {
  const request = state.homeAssistant.request + 1;
  return {
    state: withHomeAssistant(state, {
      request,
      asked: { address, token },
      isChecking: true,
      finding: undefined,
      isSkipped: false,
    }),
    effects: [{ kind: 'check-home-assistant', address, token: token === '' ? undefined : token, request }],
  };
};

/** After every step of the reducer: asks Home Assistant when the settings name another one than was asked last. */
export function followHomeAssistant(step: Step): Step {
  const { state } = step;
  // A switch shows no settings when all are known: its review asks instead.
  const isAsking = state.step === 'settings' || (state.isSwitch && state.step === 'review');
  const given = isAsking && !state.isArriving ? givenValues(state) : undefined;
  if (given === undefined) return step;
  const { asked } = state.homeAssistant;
  if (given.address === '' || given.isStandIn) {
    if (asked === undefined) return step;
    const request = state.homeAssistant.request + 1;
    return { ...step, state: { ...state, homeAssistant: { ...noHomeAssistantSeen, request } } };
  }
  if (asked?.address === given.address && asked.token === given.token) return step;
  const checking = startCheck(state, given.address, given.token);
  return { state: checking.state, effects: [...step.effects, ...checking.effects] };
}

/** Asks again with the same values. */
export function checkHomeAssistantAgain(state: WizardState): Step {
  const { asked } = state.homeAssistant;
  return asked === undefined ? stay(state) : startCheck(state, asked.address, asked.token);
}

/** Which of the two settings is missing; the address first. */
export function missingHomeAssistantKey(state: WizardState): string | undefined {
  const given = givenValues(state);
  if (given === undefined || given.isStandIn) return undefined;
  if (findSetting(state, homeAssistantKeys.address)?.value === '') return homeAssistantKeys.address;
  // The stand-in's token opens nothing but the stand-in.
  return given.token === '' && findSetting(state, homeAssistantKeys.token)?.problem === undefined
    ? homeAssistantKeys.token
    : undefined;
}

/** What keeps the operator from going on; undefined when nothing does, or when he goes on all the same. */
export function homeAssistantObstacle(state: WizardState): 'missing' | 'checking' | 'finding' | undefined {
  const { isSkipped, isChecking, finding } = state.homeAssistant;
  if (isSkipped || givenValues(state) === undefined) return undefined;
  if (missingHomeAssistantKey(state) !== undefined) return 'missing';
  if (isChecking) return 'checking';
  return finding === undefined || isUsable(finding) ? undefined : 'finding';
}

export const skipHomeAssistant = (state: WizardState): WizardState =>
  withHomeAssistant(state, { isSkipped: true, isChecking: false });

/** The setting to change when the finding is to be mended by hand. */
export const settingOfFinding = ({ homeAssistant: { finding } }: WizardState): string =>
  finding !== undefined && describeFinding(finding).subject === 'token'
    ? homeAssistantKeys.token
    : homeAssistantKeys.address;

/** Takes the address that was found instead of the given one. */
export function takeCorrection(state: WizardState): Step {
  const { finding } = state.homeAssistant;
  const corrected = finding === undefined ? undefined : correctedAddress(finding);
  if (corrected === undefined) return stay(state);
  const answers = { ...state.choices.answers, [homeAssistantKeys.address]: corrected };
  return redraft({
    ...state,
    choices: { ...state.choices, answers },
    notice: `${corrected} is taken.`,
  });
}

export const takeFinding = (
  state: WizardState,
  request: number,
  finding: NonNullable<HomeAssistantState['finding']>,
): WizardState =>
  request === state.homeAssistant.request ? withHomeAssistant(state, { isChecking: false, finding }) : state;

import { type Mode, modeFacts } from '../../core/mode/mode.ts';
import type { StepId } from '../../core/plan/plan.ts';
import { bucketsStep } from './buckets-step.ts';
import { restartStep, startStep } from './container-steps.ts';
import { homeAssistantStep } from './home-assistant-step.ts';
import { imagesStep } from './images-step.ts';
import { influxdbStep } from './influxdb-step.ts';
import { operatorTokenStep } from './operator-token-step.ts';
import { servicesStep } from './services-step.ts';
import { settingsStep } from './settings-step.ts';
import type { Step } from './step.ts';
import { stopStep } from './stop-step.ts';
import { tokenUsersStep } from './token-users-step.ts';
import { verifyStep } from './verify-step.ts';

const steps: readonly Step[] = [
  settingsStep,
  imagesStep,
  influxdbStep,
  bucketsStep,
  homeAssistantStep,
  servicesStep,
  verifyStep,
  stopStep,
  restartStep,
  startStep,
  operatorTokenStep,
  tokenUsersStep,
];

export const findStep = (id: StepId): Step | undefined => steps.find(step => step.id === id);

/** The steps of a set-up, in order. Home Assistant is set up only where the mode brings its own. */
export const setupSteps = (mode: Mode): readonly StepId[] => [
  'settings',
  'images',
  'influxdb',
  'buckets',
  ...(modeFacts[mode].homeAssistant === 'container' ? (['home-assistant'] as const) : []),
  'services',
  'verify',
];

import { type Mode, modeFacts } from '../../core/mode/mode.ts';
import type { StepId } from '../../core/plan/plan.ts';
import { auditStep } from './audit-step.ts';
import { bucketsStep } from './buckets-step.ts';
import { restartStep, startStep } from './container-steps.ts';
import { deleteVolumesStep } from './delete-volumes-step.ts';
import { documentsStep } from './documents-step.ts';
import { homeAssistantStep } from './home-assistant-step.ts';
import { imagesStep } from './images-step.ts';
import { influxdbStep } from './influxdb-step.ts';
import { leaveStep } from './leave-step.ts';
import { operatorTokenStep } from './operator-token-step.ts';
import { recreateStep } from './recreate-step.ts';
import { servicesStep } from './services-step.ts';
import { settingsStep } from './settings-step.ts';
import type { Step } from './step.ts';
import { stopStep } from './stop-step.ts';
import { tokenUsersStep } from './token-users-step.ts';
import { verifyStep } from './verify-step.ts';

const steps: readonly Step[] = [
  documentsStep,
  settingsStep,
  imagesStep,
  auditStep,
  leaveStep,
  influxdbStep,
  bucketsStep,
  homeAssistantStep,
  servicesStep,
  verifyStep,
  stopStep,
  deleteVolumesStep,
  restartStep,
  startStep,
  recreateStep,
  operatorTokenStep,
  tokenUsersStep,
];

export const findStep = (id: StepId): Step | undefined => steps.find(step => step.id === id);

/** Home Assistant is set up only where the mode brings its own. */
const lastSteps = (mode: Mode): readonly StepId[] => [
  'influxdb',
  'buckets',
  ...(modeFacts[mode].homeAssistant === 'container' ? (['home-assistant'] as const) : []),
  'services',
  'verify',
];

/** The steps of a set-up, in order. Nothing starts before the audit. */
export const setupSteps = (mode: Mode): readonly StepId[] => [
  'settings',
  'images',
  'audit',
  ...lastSteps(mode),
];

/** The steps of a switch, in order: what can fail for a reason outside (images, audit) comes before anything is stopped. */
export const switchSteps = (mode: Mode): readonly StepId[] => [
  'documents',
  'images',
  'audit',
  'leave',
  'settings',
  ...lastSteps(mode),
];

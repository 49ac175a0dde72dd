/** `homeiq-setup/deployment`: a service makes sure that it runs in the mode that it was made for. No dependencies. */

export type { Mode } from '../core/mode/mode.ts';
export { DeploymentError, type DeploymentFault } from './deployment-error.ts';
export { getHealthCheckInfo, type HealthCheckInfo, logDeploymentInfo } from './deployment-info.ts';
export { type Environment, getDeploymentMode } from './deployment-mode.ts';
export { checkModeSettings } from './mode-settings.ts';
export { orExit } from './or-exit.ts';
export {
  checkDataGenerationAllowed,
  checkExternalApiAllowed,
  checkTestServiceAllowed,
  type ServiceType,
  validateDeploymentMode,
} from './service-rules.ts';

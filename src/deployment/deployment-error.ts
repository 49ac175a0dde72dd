/** What is wrong with the deployment mode of a service. */

export type DeploymentFault =
  /** `DEPLOYMENT_MODE` is no mode. */
  | 'unknown-mode'
  /** The service must not run in this mode. */
  | 'service-not-allowed'
  /** A setting belongs to the other mode. */
  | 'setting-of-other-mode';

/** Says what was seen and what to do. Carries no value of a secret: bucket, org and path of a database are none. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
  readonly fault: DeploymentFault;

  constructor(fault: DeploymentFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

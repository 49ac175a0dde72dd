import { UserError } from '../core/error.ts';

export async function runSwitch(..._given: readonly unknown[]): Promise<never> {
  throw new UserError('homeiq switch is not there.');
}

import { UserError } from '../core/error.ts';

export async function runAttach(..._given: readonly unknown[]): Promise<never> {
  throw new UserError('homeiq attach is not there.');
}

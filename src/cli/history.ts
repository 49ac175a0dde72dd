import { UserError } from '../core/error.ts';

export async function runHistory(..._given: readonly unknown[]): Promise<never> {
  throw new UserError('homeiq history is not there.');
}

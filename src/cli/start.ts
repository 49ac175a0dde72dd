import { UserError } from '../core/error.ts';

export async function runStart(..._given: readonly unknown[]): Promise<never> {
  throw new UserError('homeiq start is not there.');
}

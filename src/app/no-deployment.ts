import { exitCodes, UserError } from '../core/error.ts';

/** The refusal of everything that needs a deployment, where there is none. */
export const noDeployment = (folder: string): UserError =>
  new UserError(`There is no deployment in ${folder}.`, {
    nextSteps: ['Set one up: homeiq', 'Or name its folder: homeiq --dir FOLDER'],
    exitCode: exitCodes.nothingToAttach,
  });

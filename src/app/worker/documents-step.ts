/** Keeps the document of the wanted mode before anything is stopped: `.env` and what runs stay as they are. */

import { UserError } from '../../core/error.ts';
import { otherMode } from '../../core/mode/mode.ts';
import { refuseChangedEnv } from '../env/write-documents.ts';
import { type Step, verifyByCheck } from './step.ts';

const check: Step['check'] = async ({ ports, request }) => {
  const { mode, envText, otherEnvText } = request;
  const [own, other] = await Promise.all([
    ports.files.readModeEnv(mode),
    ports.files.readModeEnv(otherMode(mode)),
  ]);
  return own === envText && (otherEnvText === undefined || other === otherEnvText)
    ? { isDone: true, summary: 'as wanted' }
    : { isDone: false, summary: `the settings of ${mode} mode are to be kept` };
};

export const documentsStep: Step = {
  id: 'documents',
  title: ({ mode }) => `Settings of ${mode} prepared`,
  check,
  act: async ({ ports, request }) => {
    const { mode, envText, otherEnvText } = request;
    await refuseChangedEnv(ports.files, request);
    if (otherEnvText !== undefined) await ports.files.writeModeEnv(otherMode(mode), otherEnvText);
    await ports.files.writeModeEnv(mode, envText);
    return `kept in .homeiq/modes/${mode}.env`;
  },
  verify: verifyByCheck({ check }, summary => new UserError(`After they were written ${summary}.`)),
};

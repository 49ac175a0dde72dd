/** `.homeiq/deployment.json` as text. */

import { UserError } from '../../core/error.ts';
import { isMode } from '../../core/mode/mode.ts';
import { levels } from '../../core/plan/plan.ts';
import type { DeploymentRecord } from '../../ports/deployment-files.ts';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isLevel = (value: unknown): value is DeploymentRecord['level'] =>
  (levels as readonly unknown[]).includes(value);

/** What Compose takes as the name of a project; it becomes an argument and part of names. */
const projectForm = /^[a-z0-9][a-z0-9_-]{0,100}$/;

/** Throws a UserError when it is damaged or was written by a newer program. */
export function parseRecord(text: string, path: string): DeploymentRecord {
  const damaged = new UserError(`${path} is damaged`, {
    hint: 'Move it away; homeiq then treats the folder as one it has not set up yet, and keeps its settings.',
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged;
  }
  if (!isRecord(value)) throw damaged;
  const { formatVersion, level, mode, nextMode, project, sourceRevision, templateVersion } = value;
  if (typeof formatVersion === 'number' && formatVersion > 1) {
    throw new UserError(`${path} was written by a newer homeiq`, { hint: 'Update homeiq and run it again.' });
  }
  if (
    formatVersion !== 1 ||
    !isLevel(level) ||
    typeof mode !== 'string' ||
    !isMode(mode) ||
    typeof project !== 'string' ||
    !projectForm.test(project) ||
    typeof templateVersion !== 'string'
  ) {
    throw damaged;
  }
  return {
    formatVersion,
    level,
    mode,
    ...(typeof nextMode === 'string' && isMode(nextMode) ? { nextMode } : {}),
    project,
    templateVersion,
    sourceRevision: typeof sourceRevision === 'string' ? sourceRevision : undefined,
  };
}

export const formatRecord = (record: DeploymentRecord): string => `${JSON.stringify(record, undefined, 2)}\n`;

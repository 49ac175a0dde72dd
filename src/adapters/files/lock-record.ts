/** What stands in a lock file. */

import { runIdForm } from '../../core/run/run-id.ts';
import { sha256Hex } from './hex.ts';
import { isAlive, type ProcessIdentity } from './process-identity.ts';

export type LockRecord = ProcessIdentity & {
  /** Random; never used twice. */
  readonly id: string;
  readonly runId: string;
};

export const formatLockRecord = (record: LockRecord): string => `${JSON.stringify(record)}\n`;

/** Longer ones are none of ours: they are names of files. */
const idForm = /^[0-9a-f]{1,64}$/;

const textOrUndefined = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/**
 * Reads a lock file. One that is damaged (a power cut) belongs to nobody alive: it gets pid 0 and an id made from its
 * content, so that it is taken over like that of a dead process.
 */
export function parseLockRecord(text: string): LockRecord {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'id' in value && 'pid' in value && 'runId' in value) {
      const id = textOrUndefined(value.id);
      const runId = textOrUndefined(value.runId);
      if (
        id !== undefined &&
        idForm.test(id) &&
        runId !== undefined &&
        runIdForm.test(runId) &&
        Number.isSafeInteger(value.pid)
      ) {
        return {
          id,
          runId,
          pid: Number(value.pid),
          startTicks: 'startTicks' in value ? textOrUndefined(value.startTicks) : undefined,
          bootId: 'bootId' in value ? textOrUndefined(value.bootId) : undefined,
        };
      }
    }
  } catch {
    // Not JSON: damaged.
  }
  const id = sha256Hex(text).slice(0, 32);
  return { id, runId: 'unknown', pid: 0, startTicks: undefined, bootId: undefined };
}

export const isHeld = (record: LockRecord): boolean => isAlive(record);

/** Which process it is, and whether that very one still lives: pids are used again, also after a reboot. */

import { readFileSync } from 'node:fs';

export type ProcessIdentity = {
  readonly pid: number;
  /** Clock ticks between the start of the system and that of the process; undefined where there is no /proc. */
  readonly startTicks: string | undefined;
  /** Changes with every start of the system; undefined where there is no /proc. */
  readonly bootId: string | undefined;
};

type ProcessFacts = { readonly state: string; readonly startTicks: string };

/** Fields 3 and 22 of /proc/<pid>/stat; the name in field 2 may hold spaces and brackets, so read from its end. */
function readFacts(pid: number): ProcessFacts | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const startTicks = fields[19];
    return state === undefined || startTicks === undefined ? undefined : { state, startTicks };
  } catch {
    return undefined;
  }
}

function readBootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Whether any process has this pid, be it somebody else's. */
export function isProcessThere(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

export const identifyProcess = (pid: number): ProcessIdentity => ({
  pid,
  startTicks: readFacts(pid)?.startTicks,
  bootId: readBootId(),
});

/** Whether this very process runs. Without /proc, whether any process has its pid. A zombie does not run. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (!isProcessThere(identity.pid)) return false;
  const bootId = readBootId();
  if (identity.bootId !== undefined && bootId !== undefined && identity.bootId !== bootId) return false;
  const facts = readFacts(identity.pid);
  if (facts === undefined) return true;
  if (facts.state === 'Z' || facts.state === 'X') return false;
  return identity.startTicks === undefined || identity.startTicks === facts.startTicks;
}

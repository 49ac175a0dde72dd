/** What of the status has changed, figures apart: what a script that watches wants to hear of. */

import { isRunningState, type ServiceStatus, type StatusState } from './status-state.ts';

/** How it stands with this mode's data; `unknown`: it was not asked for yet, or there is nobody to ask. */
export type DataWord = 'flowing' | 'silent' | 'no answer' | 'unknown';

export type StatusChange =
  /** Undefined: it is not shown. */
  | {
      readonly kind: 'service';
      readonly name: string;
      readonly before: ServiceStatus | undefined;
      readonly after: ServiceStatus | undefined;
    }
  | { readonly kind: 'engine'; readonly answers: boolean }
  | { readonly kind: 'data'; readonly before: DataWord; readonly after: DataWord }
  /** Something is written where only the other mode may write, or not any more. */
  | { readonly kind: 'other-mode-data'; readonly isWritten: boolean };

/** All that is told of a service; the start of what runs is the container's own, so another one is a restart. */
function factsOf(service: ServiceStatus | undefined): string {
  if (service === undefined) return '';
  const { state, containerId, restartCount, wasKilledForMemory, sinceMs } = service;
  const startMs = isRunningState(state) ? sinceMs : undefined;
  return JSON.stringify([state, containerId, restartCount, wasKilledForMemory, startMs]);
}

export function dataWord({ sample, problem }: StatusState['data']): DataWord {
  if (problem !== undefined) return 'no answer';
  if (sample === undefined) return 'unknown';
  return sample.pointsPerMinute > 0 ? 'flowing' : 'silent';
}

const isOtherWritten = ({ sample }: StatusState['data']): boolean =>
  (sample?.otherModePointsPerMinute ?? 0) > 0;

/** Empty when only figures or the time differ. While the engine is gone, what it said last counts. */
export function listChanges(before: StatusState, after: StatusState): readonly StatusChange[] {
  const changes: StatusChange[] = [];
  const answered = before.engine.kind === 'answering';
  const answers = after.engine.kind === 'answering';
  if (answered !== answers) changes.push({ kind: 'engine', answers });
  const known = new Map(before.services.map(service => [service.name, service]));
  const now = new Map(after.services.map(service => [service.name, service]));
  for (const name of new Set([...known.keys(), ...now.keys()])) {
    const [old, next] = [known.get(name), now.get(name)];
    if (factsOf(old) !== factsOf(next)) changes.push({ kind: 'service', name, before: old, after: next });
  }
  const [oldWord, word] = [dataWord(before.data), dataWord(after.data)];
  if (oldWord !== word) changes.push({ kind: 'data', before: oldWord, after: word });
  const isWritten = isOtherWritten(after.data);
  if (isOtherWritten(before.data) !== isWritten) changes.push({ kind: 'other-mode-data', isWritten });
  return changes;
}

/** Which ends of containers somebody asked for: a signal was sent, and the end is what that signal brings about. Pure. */

import type { EngineEventSeen } from './status-input.ts';
import { pushBounded, type StatusState } from './status-state.ts';

/** A process that was asked to end may take its time; what ends later ends by itself. */
const longestGraceMs = 600_000;
const mostKept = 100;

/** Keeps that a container was sent a signal, until it ends. */
export function hearSignal(state: StatusState, { containerId, signal, atMs }: EngineEventSeen): StatusState {
  if (signal === undefined) return state;
  // After a lost connection a signal is told once more, whose end is known. An end that only the container tells of is still
  // to come: the engine tells it after the signal.
  const isOver = state.events.some(
    event =>
      event.containerId === containerId &&
      event.what.kind === 'ended' &&
      event.isFromContainer !== true &&
      event.atMs >= atMs,
  );
  const isKnown = state.stopsAsked.some(
    asked => asked.containerId === containerId && asked.signal === signal && asked.atMs === atMs,
  );
  if (isOver || isKnown) return state;
  const asked = { containerId, signal, atMs };
  return { ...state, stopsAsked: pushBounded(state.stopsAsked, asked, mostKept) };
}

/** The container ended well, or by the signal (128 and its number) that it was sent before. */
export const isAskedFor = (
  { stopsAsked }: StatusState,
  { containerId, exitCode, atMs }: EngineEventSeen,
): boolean =>
  stopsAsked.some(
    asked =>
      asked.containerId === containerId &&
      atMs - asked.atMs <= longestGraceMs &&
      (exitCode === 0 || exitCode === 128 + asked.signal),
  );

export const withoutSignalsTo = (state: StatusState, containerId: string): StatusState => {
  const stopsAsked = state.stopsAsked.filter(asked => asked.containerId !== containerId);
  return stopsAsked.length === state.stopsAsked.length ? state : { ...state, stopsAsked };
};

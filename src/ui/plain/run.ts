/** A run in lines that are only ever appended: for pipes, logs, dumb terminals and screen readers. */

import type { Transfer } from '../../core/images/transfer.ts';
import type { RunEvent } from '../../core/run/journal-event.ts';
import { blockingStep, type RunState } from '../../core/run/reduce-run.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import { levelWord, modeWord } from '../present/common.ts';
import { formatCount, formatDuration, formatTransfer } from '../present/format.ts';
import { serviceCounts } from '../present/run.ts';
import { journalPath, wentBackText } from '../present/run-end.ts';
import { errorLines } from './error.ts';

function startLines(state: RunState): readonly string[] {
  const { plan } = state;
  if (plan === undefined) return [];
  const word = levelWord(plan.level);
  const { all } = serviceCounts(state);
  // A run that is not about services has none in its plan.
  const count = all === 0 ? '' : `: ${formatCount(all, 'service')}`;
  return [
    `HomeIQ in ${modeWord(plan.mode)} mode${word === undefined ? '' : ` (${word})`}${count}, folder ${plan.folder}`,
  ];
}

function finishLines(state: RunState): readonly string[] {
  const path = journalPath(state);
  const log = path === undefined ? [] : [`Log: ${path}`];
  switch (state.status) {
    case 'done': {
      const { summary } = state;
      return [
        state.changed === false ? 'Done. Nothing had to be changed.' : 'Done.',
        ...(summary?.addresses.map(({ name, url }) => `Open ${name}: ${url}`) ?? []),
        ...(summary?.credentials.map(({ what, file }) => `${what}: ${file}`) ?? []),
        ...(summary?.leftOut.map(({ service, reason }) => `Left out: ${service}: ${reason}`) ?? []),
        ...(summary?.notes.map(note => `Note: ${note}`) ?? []),
      ];
    }
    case 'rolled-back': {
      const failed = blockingStep(state)?.title;
      return [`Failed${failed === undefined ? '' : ` at: ${failed}`}. ${wentBackText(state)}.`, ...log];
    }
    case 'stopped':
      return ['Stopped as asked. Finished steps stay; the next start goes on from here.', ...log];
    default:
      return ['Failed. Finished steps stay; the next start goes on from here.', ...log];
  }
}

function eventLines(state: RunState, event: RunEvent): readonly string[] {
  switch (event.kind) {
    case 'run-started':
      return startLines(state);
    case 'step-started': {
      const index = state.steps.findIndex(step => step.id === event.step);
      return [`Step ${index + 1} of ${state.steps.length}: ${state.steps[index]?.title ?? event.step}`];
    }
    case 'step-detail':
      return [`  ${event.text}`];
    case 'image':
      return [
        `  Image of ${event.service}: ${[
          event.phase,
          ...(event.detail === undefined ? [] : [event.detail]),
          ...(event.transfer === undefined ? [] : [formatTransfer(event.transfer)]),
        ].join(
          ', ',
        )}${event.allTransfer === undefined ? '' : ` (${formatTransfer(event.allTransfer)} in all)`}`,
      ];
    case 'service': {
      const { up, all } = serviceCounts(state);
      const detail = event.detail === undefined ? '' : `, ${event.detail}`;
      return [`  ${event.service}: ${event.phase}${detail} (${up} of ${all} up)`];
    }
    case 'step-finished': {
      const already = event.changed ? '' : 'already as wanted, ';
      const summary = event.summary === '' ? '' : `: ${event.summary}`;
      return [`  Done: ${already}${formatDuration(event.durationMs)}${summary}`];
    }
    case 'step-failed':
      return errorLines(event.error).map(text => `  ${text}`);
    case 'rollback-started':
      return [`Going back to ${modeWord(event.plan.mode)} mode.`];
    case 'run-finished':
      return finishLines(state);
  }
}

/** Every quarter of an image is worth a line. */
const quarter = (transfer: Transfer | undefined): number =>
  transfer?.totalBytes === undefined || transfer.totalBytes === 0
    ? 0
    : Math.floor((4 * transfer.currentBytes) / transfer.totalBytes);

/** What an event is about, and how far that is: progress within one phase is not worth a line each. */
function phaseOf(event: RunEvent): readonly [topic: string, phase: string] | undefined {
  switch (event.kind) {
    case 'image':
      return [`image ${event.service}`, `${event.phase} ${event.detail ?? ''} ${quarter(event.transfer)}`];
    case 'service':
      return [`service ${event.service}`, event.phase];
    case 'step-detail':
      return [`step ${event.step}`, event.text];
    default:
      return undefined;
  }
}

/** Gives the lines for each event; `state` is the one after it. An event that says nothing new gives none. */
export function createRunPrinter(): (state: RunState, event: RunEvent) => readonly string[] {
  const told = new Map<string, string>();
  return (state, event) => {
    const phase = phaseOf(event);
    if (phase !== undefined) {
      if (told.get(phase[0]) === phase[1]) return [];
      told.set(phase[0], phase[1]);
    }
    return eventLines(state, event).map(sanitiseLine);
  };
}

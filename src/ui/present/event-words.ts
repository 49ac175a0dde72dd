/** What happened, in words and with a tone. */

import type { StatusEvent } from '../../core/status/status-state.ts';
import type { Tone } from './tone.ts';

/** What happened, as a sentence without a full stop: `data-api ended, exit 137 (killed)`. */
export function eventText({ service, what }: StatusEvent): string {
  const name = service ?? 'a container';
  switch (what.kind) {
    case 'created':
      return `${name} was created`;
    case 'started':
      return `${name} started`;
    case 'healthy':
      return `${name} is healthy`;
    case 'unhealthy':
      return `${name} is unhealthy`;
    case 'removed':
      return `${name} was removed`;
    case 'out-of-memory':
      return `${name} ran into its memory limit`;
    case 'paused':
      return `${name} was paused`;
    case 'unpaused':
      return `${name} goes on`;
    case 'ended':
      return `${name} ended${exitText(what.exitCode)}`;
    case 'engine-gone':
      return 'Docker stopped answering';
    case 'engine-back':
      return 'Docker answers again';
  }
}

export function eventTone({ what }: StatusEvent): Tone {
  switch (what.kind) {
    case 'unhealthy':
    case 'out-of-memory':
    case 'engine-gone':
      return 'bad';
    case 'ended':
      return what.exitCode === 0 || what.exitCode === 143 ? 'plain' : 'bad';
    case 'healthy':
    case 'engine-back':
      return 'good';
    default:
      return 'plain';
  }
}

/** 137 and 143 are 128 plus the signal's number. */
function exitText(exitCode: number | undefined): string {
  if (exitCode === undefined) return '';
  const meaning = exitCode === 137 ? ' (killed)' : exitCode === 143 ? ' (asked to end)' : '';
  return `, exit ${exitCode}${meaning}`;
}

/** What happened, in words and with a tone. */

import type { EndSeen, Happening, MemoryKill } from '../../core/status/happenings.ts';
import type { Tone } from './tone.ts';

/** `1 s`, `2 min`, `3 h`: how long something took. */
function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 1) return 'under 1 s';
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

const killWords = ({ limitMiB }: MemoryKill): string =>
  limitMiB === undefined ? 'killed for memory' : `killed for memory at ${Math.round(limitMiB)} MiB`;

/** 137 and 143 are 128 plus the signal's number. Of a stop that was asked for the code says nothing. */
function endWords({ exitCode, memory, wasAskedFor }: EndSeen): string {
  if (wasAskedFor) return '';
  const meaning =
    exitCode === 143 ? ' (asked to end)' : exitCode === 137 && memory === undefined ? ' (killed)' : '';
  return [
    ...(exitCode === undefined ? [] : [`, exit ${exitCode}${meaning}`]),
    ...(memory === undefined ? [] : [`, ${killWords(memory)}`]),
  ].join('');
}

const healthWords = (healthyAfterMs: number | undefined): string =>
  healthyAfterMs === undefined ? '' : `, healthy after ${duration(healthyAfterMs)}`;

function happened({ what, atMs, lastAtMs }: Happening): string {
  switch (what.kind) {
    case 'created':
      return 'was created';
    case 'started':
      return `${what.wasNew ? 'was created and started' : 'started'}${healthWords(what.healthyAfterMs)}`;
    case 'healthy':
      return what.afterMs === undefined ? 'is healthy' : `is healthy again after ${duration(what.afterMs)}`;
    case 'unhealthy':
      return 'is unhealthy';
    case 'removed':
      return what.end?.wasAskedFor === true
        ? 'was stopped and removed'
        : `was removed${what.end === undefined ? '' : endWords(what.end)}`;
    case 'out-of-memory':
      return `goes on, but a process in it was ${killWords(what.memory)}`;
    case 'paused':
      return 'was paused';
    case 'unpaused':
      return 'goes on';
    case 'ended':
      return what.wasAskedFor ? 'was stopped' : `ended${endWords(what)}`;
    case 'restarted': {
      const times = what.count === 1 ? '' : ` ${what.count} times in ${duration(lastAtMs - atMs)}`;
      const away = what.count === 1 ? 'away' : 'last away';
      return `${what.wasAskedFor ? 'was ' : ''}restarted${times}${endWords(what)}, ${away} ${duration(what.awayMs)}${healthWords(what.healthyAfterMs)}`;
    }
    case 'recreated': {
      const end = what.end === undefined ? '' : endWords(what.end);
      const away = what.awayMs === undefined ? '' : `, away ${duration(what.awayMs)}`;
      return `was recreated${end}${away}${healthWords(what.healthyAfterMs)}`;
    }
    case 'engine-gone':
      return 'stopped answering';
    case 'engine-back':
      return 'answers again';
  }
}

/** A sentence without a full stop: `data-api restarted, exit 137, killed for memory at 1024 MiB, away 1 s`. */
export const happeningText = (happening: Happening): string =>
  `${happening.service ?? 'Docker'} ${happened(happening)}`;

/** An end that was asked for, or a one-shot's good one. */
const isCalm = (end: EndSeen | undefined): boolean =>
  end === undefined ||
  end.wasAskedFor ||
  (end.memory === undefined && (end.exitCode === 0 || end.exitCode === 143));

export function happeningTone({ what }: Happening): Tone {
  switch (what.kind) {
    case 'unhealthy':
    case 'out-of-memory':
    case 'engine-gone':
      return 'bad';
    case 'ended':
    case 'restarted':
      return isCalm(what) ? 'plain' : 'bad';
    case 'removed':
    case 'recreated':
      return isCalm(what.end) ? 'plain' : 'bad';
    case 'healthy':
    case 'engine-back':
      return 'good';
    default:
      return 'plain';
  }
}

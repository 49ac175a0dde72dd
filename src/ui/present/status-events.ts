/** What happened, as lines of the screen. */

import type { StatusView } from '../../app/monitor/status-view.ts';
import type { StatusState } from '../../core/status/status-state.ts';
import { eventText, eventTone } from './event-words.ts';
import { clockTime } from './status-words.ts';
import { type Line, line, span } from './tone.ts';

/** The newest event first. */
export function eventLines(state: StatusState, view: StatusView, room: number): readonly Line[] {
  const { events } = state;
  const newest = events.toReversed().slice(view.eventScroll, view.eventScroll + room - 1);
  const title = line(
    span('What happened', 'strong'),
    span('  since this screen was opened, newest first', 'dim'),
  );
  if (events.length === 0) return [title, line(span('Nothing yet.', 'dim'))];
  return [
    title,
    ...newest.map(event =>
      line(span(`${clockTime(event.atMs)} `, 'dim'), span(eventText(event), eventTone(event))),
    ),
  ];
}

/** What happened, as lines of the screen. */

import type { StatusView } from '../../app/monitor/status-view.ts';
import { type Happening, tellHappenings } from '../../core/status/happenings.ts';
import { eventsSinceMs, type StatusState } from '../../core/status/status-state.ts';
import { contentWidth, type Viewport } from './compose-screen.ts';
import { happeningText, happeningTone } from './event-words.ts';
import { wrapWords } from './format.ts';
import { momentText } from './moment.ts';
import { isWide } from './status-head.ts';
import { type Line, line, span } from './tone.ts';

/** What goes on and on is told where it was last seen, everything else where it began. */
const shownAtMs = ({ atMs, lastAtMs, what }: Happening): number =>
  what.kind === 'restarted' && what.count > 1 ? lastAtMs : atMs;

/** A long sentence goes on under itself. */
function happeningLines(happening: Happening, nowMs: number, viewport: Viewport): readonly Line[] {
  const time = `${momentText(shownAtMs(happening), nowMs)} `;
  const tone = happeningTone(happening);
  return wrapWords(happeningText(happening), contentWidth(viewport) - time.length).map((text, index) =>
    line(span(index === 0 ? time : ' '.repeat(time.length), 'dim'), span(text, tone)),
  );
}

/** The newest first; `room` lines at most. */
export function eventLines(
  state: StatusState,
  view: StatusView,
  room: number,
  viewport: Viewport,
): readonly Line[] {
  const { nowMs, services } = state;
  const limitOf = (name: string): number | undefined =>
    services.find(service => service.name === name)?.limitMiB;
  const happenings = tellHappenings(state.events, limitOf).toSorted((a, b) => shownAtMs(b) - shownAtMs(a));
  const since = momentText(eventsSinceMs(state), nowMs);
  const hasEarlier = state.events.some(({ isFromContainer }) => isFromContainer === true);
  const order = `, newest first${hasEarlier ? '; before that the last of each service' : ''}`;
  const title = line(
    span('What happened', 'strong'),
    span(`  since ${since}${isWide(viewport) ? order : ''}`, 'dim'),
  );
  if (happenings.length === 0) return [title, line(span('Nothing yet.', 'dim'))];
  const shown = happenings
    .slice(view.eventScroll, view.eventScroll + room - 1)
    .flatMap(happening => happeningLines(happening, nowMs, viewport));
  return [title, ...shown].slice(0, room);
}

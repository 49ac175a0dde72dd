/** How the operator looks at a log, and what keys change of it. Pure; effects are data. */

import { type LogLevel, logLevels } from '../../core/logs/log-level.ts';
import { countToBottom, visibleLines } from '../../core/logs/log-sight.ts';
import { findLines } from '../../core/logs/search.ts';
import { editText, type TextBuffer, type TextEdit, textBuffer } from '../../core/text/text-buffer.ts';
import type { LogState } from './log-follower.ts';

/** `auto`: local where there is room for it. */
export type LogTimes = 'auto' | 'local' | 'utc' | 'off';

export type LogView = {
  /** The log has the whole screen, and keys of its own. */
  readonly isFull: boolean;
  /** Of all services, whichever is selected. */
  readonly isOfAll: boolean;
  /** The id of the last line that is shown; undefined: it follows. */
  readonly bottom: number | undefined;
  readonly search: TextBuffer;
  /** The search is being typed. */
  readonly isSearching: boolean;
  /** The id of the found line that is looked at. */
  readonly found: number | undefined;
  /** Less serious lines are left out. */
  readonly level: LogLevel | undefined;
  readonly isWrapped: boolean;
  readonly times: LogTimes;
};

export type LogIntent =
  | {
      readonly kind:
        | 'log-pause'
        | 'log-search'
        | 'log-keep-search'
        | 'log-clear-search'
        | 'log-level'
        | 'log-wrap'
        | 'log-times';
    }
  /** To the next line with the searched words: down is towards the newest. */
  | { readonly kind: 'log-find'; readonly towards: 'up' | 'down' }
  | { readonly kind: 'log-scroll'; readonly by: number }
  | { readonly kind: 'log-edit-search'; readonly edit: TextEdit };

export const firstLogView: LogView = {
  isFull: false,
  isOfAll: false,
  bottom: undefined,
  search: textBuffer(''),
  isSearching: false,
  found: undefined,
  level: undefined,
  isWrapped: false,
  times: 'auto',
};

const nextOf = <Value>(values: readonly Value[], value: Value): Value | undefined =>
  values[(values.indexOf(value) + 1) % values.length];

const levelChoices: readonly (LogLevel | undefined)[] = [undefined, ...logLevels.slice(1)];
const timesOrder: readonly LogTimes[] = ['local', 'utc', 'off'];

function scroll(view: LogView, by: number, { lines }: LogState): LogView {
  const visible = visibleLines(lines, view);
  const next = countToBottom(lines, visible, view) - 1 + by;
  if (next >= visible.length - 1 && by > 0) return { ...view, bottom: undefined, found: undefined };
  return {
    ...view,
    found: undefined,
    bottom: visible[Math.max(0, Math.min(visible.length - 1, next))]?.id,
  };
}

/** So many lines under a found one are shown with it. */
const linesUnderFound = 3;

/** Looks at a found line: what comes does not move it away. Past either end it goes on at the other, as in a pager. */
function find(view: LogView, towards: 'up' | 'down', { lines }: LogState): LogView {
  const visible = visibleLines(lines, view);
  const found = new Set(findLines(visible, view.search.text));
  if (found.size === 0) return { ...view, found: undefined };
  const places = visible.flatMap((entry, place) => (found.has(entry) ? [place] : []));
  const now = visible.findIndex(({ id }) => id === view.found);
  // From the line that was found last; else from the last one shown, which counts itself.
  const from = now >= 0 ? now : countToBottom(lines, visible, view) - (towards === 'up' ? 0 : 1);
  const place =
    towards === 'up'
      ? (places.findLast(each => each < from) ?? places.at(-1))
      : (places.find(each => each > from) ?? places[0]);
  if (place === undefined) return view;
  const bottom = visible[Math.min(visible.length - 1, place + linesUnderFound)];
  return { ...view, found: visible[place]?.id, bottom: bottom?.id };
}

/** The view of the log after an intent. */
export function reduceLogView(view: LogView, intent: LogIntent, logs: LogState): LogView {
  switch (intent.kind) {
    case 'log-pause': {
      if (view.bottom !== undefined) return { ...view, bottom: undefined, found: undefined };
      return { ...view, bottom: visibleLines(logs.lines, view).at(-1)?.id ?? -1 };
    }
    case 'log-scroll':
      return scroll(view, intent.by, logs);
    case 'log-search':
      return { ...view, isSearching: true };
    case 'log-keep-search':
      return find({ ...view, isSearching: false, found: undefined }, 'up', logs);
    case 'log-clear-search':
      return { ...view, isSearching: false, search: textBuffer(''), found: undefined };
    case 'log-edit-search':
      return { ...view, search: editText(view.search, intent.edit), found: undefined };
    case 'log-find':
      return find(view, intent.towards, logs);
    case 'log-level':
      return { ...view, level: nextOf(levelChoices, view.level), found: undefined };
    case 'log-wrap':
      return { ...view, isWrapped: !view.isWrapped };
    case 'log-times':
      return { ...view, times: nextOf(timesOrder, view.times === 'auto' ? 'local' : view.times) ?? 'local' };
  }
}

/** A run as JSON: one event a line, as it is in the journal. */

import type { RunEvent } from '../../core/run/journal-event.ts';
import { toJsonLine } from './escape.ts';

/** The line for an event, without its line end. */
export const runEventLine = (event: RunEvent): string => toJsonLine(event);

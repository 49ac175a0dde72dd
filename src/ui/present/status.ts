/** The status as lines of the terminal: from its state to exactly what is drawn. */

import type { StatusSessionState } from '../../app/monitor/status-session.ts';
import { rowsOf, type StatusView, selectedRow } from '../../app/monitor/status-view.ts';

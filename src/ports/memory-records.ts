/** What was measured of the services' memory, and what estimates count with. */

import type { EstimateBasis } from '../core/memory/measured-estimates.ts';
import type { MemoryHistory } from '../core/memory/memory-history.ts';

export type MemoryRecords = {
  /** `.homeiq/memory.json`, for messages. */
  readonly path: string;
  /** Throws a UserError that names the file when it is damaged or was written by a newer program. */
  readonly read: () => Promise<MemoryHistory>;
  /**
   * Reads, changes and replaces the file. One that is damaged is kept aside under another name, which is returned, and a
   * new one is begun. One by a newer program stays, and throws.
   */
  readonly update: (
    change: (history: MemoryHistory) => MemoryHistory,
  ) => Promise<{ readonly history: MemoryHistory; readonly keptAside: string | undefined }>;
  /** `.homeiq/estimates.json`; `expected` where there is none. Throws a UserError when it is damaged. */
  readonly readBasis: () => Promise<EstimateBasis>;
  readonly writeBasis: (basis: EstimateBasis) => Promise<void>;
};

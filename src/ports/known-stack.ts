/** What Compose said of a deployment last time, for a screen that shall not wait until it says so again. */

import type { Stack } from '../core/stack/stack.ts';
import type { ComposeTarget } from './compose.ts';

export type KnownStack = {
  /**
   * Undefined when nothing is known, or when a file of the folder was changed since. Without the environment of the
   * services, which holds secrets. Never throws: it only saves time.
   */
  readonly recall: (target: ComposeTarget) => Promise<Stack | undefined>;
  /** Never throws. */
  readonly keep: (target: ComposeTarget, stack: Stack) => Promise<void>;
};

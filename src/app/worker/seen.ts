import type { ServicePhase } from '../../core/run/journal-event.ts';
import type { Service } from '../../core/stack/stack.ts';
import type { Container } from '../../ports/engine.ts';

/** A service of the mode, and where it is. */
export type Seen = {
  readonly service: Service;
  readonly phase: ServicePhase;
  readonly container: Container | undefined;
};

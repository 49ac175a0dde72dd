/**
 * The containers of the project while much happens to them. To look at all of them costs the engine as much as a good
 * part of a start: between two such looks only those are looked at that an event names.
 */

import type { Container } from '../../ports/engine.ts';
import { projectContainers } from './containers.ts';
import type { StepContext } from './step.ts';

/** All are looked at this often all the same: events may be missed. */
const wholeLookEveryMs = 2000;

/** `isBusy`: containers are being started, which the engine does not let anybody look at before it is done with them. */
export function createContainerView(context: StepContext, isBusy: () => boolean) {
  const { engine, clock } = context.ports;
  let known: ReadonlyMap<string, Container> | undefined;
  let wholeAtMs = 0;
  let isFed = false;
  const touched = new Set<string>();

  const lookAtAll = async (nowMs: number): Promise<ReadonlyMap<string, Container>> => {
    touched.clear();
    const all = await projectContainers(context);
    wholeAtMs = nowMs;
    return new Map(all.map(container => [container.id, container]));
  };
  const lookAtTouched = async (
    before: ReadonlyMap<string, Container>,
  ): Promise<ReadonlyMap<string, Container>> => {
    const ids = [...touched];
    touched.clear();
    const now = new Map(before);
    const seen = await Promise.all(ids.map(id => engine.container(id, context.signal)));
    for (const [index, id] of ids.entries()) {
      const container = seen[index];
      if (container === undefined) now.delete(id);
      else now.set(id, container);
    }
    return now;
  };

  return {
    look: async (): Promise<readonly Container[]> => {
      const nowMs = clock.now().getTime();
      const ageMs = nowMs - wholeAtMs;
      // A clock that was set back makes it look as old as it may be.
      const isOld = known === undefined || !isFed || ageMs < 0 || (ageMs >= wholeLookEveryMs && !isBusy());
      try {
        known = known === undefined || isOld ? await lookAtAll(nowMs) : await lookAtTouched(known);
      } catch (thrown) {
        // What was touched is not known any more.
        known = undefined;
        throw thrown;
      }
      return [...known.values()];
    },
    /** Says that something happened to it, which its event may tell later. */
    touch: (id: string): void => void touched.add(id),
    /** Something happened to it since the last look. */
    isTouched: (id: string): boolean => touched.has(id),
    /** Feeds it with the events of the project, until the signal or the engine ends them; tells of each. */
    feed: async (onEvent: () => void): Promise<void> => {
      try {
        const events = engine.events(context.plan.project, context.signal);
        isFed = true;
        for await (const { containerId } of events) {
          touched.add(containerId);
          onEvent();
        }
      } catch {
        // The next look says what is wrong with the engine.
      } finally {
        isFed = false;
      }
    },
  };
}

import type { HealthAnswer } from '../health/health-answer.ts';

/** What a container said on its health path when it was asked last. */
export type HealthSeen = {
  /** Of this container: another one has not answered yet. */
  readonly containerId: string;
  readonly askedAtMs: number;
  /** Undefined: it did not answer. */
  readonly answer: HealthAnswer | undefined;
  /** Of Home Assistant's events, between this answer and the one before; undefined where they are not counted. */
  readonly eventsPerMinute?: number;
};

/** What one look at the data says. Fields that nobody could look at are absent or undefined. */

import type { OtherModeWriter } from './other-mode-writers.ts';

export type DataFlowSample = {
  readonly pointsPerMinute: number;
  /** At the latest; undefined when there is none in the window that was asked. */
  readonly lastPointAtMs: number | undefined;
  /** Points into the other mode's buckets; undefined when nobody could look. */
  readonly otherModePointsPerMinute: number | undefined;
  /** Who wrote them, as far as that can be found out; absent while there are none. */
  readonly strays?: Strays;
  /** Of this mode, the main one first. */
  readonly buckets?: readonly BucketSight[];
  /** The Home Assistant of the mode; absent: it was not asked. */
  readonly homeAssistant?: HomeAssistantSeen;
  readonly cost?: DataCost;
};

export type Strays = {
  readonly writers: readonly OtherModeWriter[];
  /** The measurements that they write, the most written first. */
  readonly measurements: readonly string[];
};

export type BucketSight = {
  readonly name: string;
  /** 0: for ever. */
  readonly retentionSeconds: number;
  readonly bytes: number | undefined;
};

export type HomeAssistantSeen = {
  readonly kind: 'accepted' | 'refused' | 'unreachable' | 'not-home-assistant';
  /** Its version when the token was accepted, else what was seen. */
  readonly text: string;
  readonly askedAtMs: number;
};

/** What looking costs InfluxDB. */
export type DataCost = {
  /** `counters`: its own metrics. `query`: it publishes none, and is asked with Flux. */
  readonly by: 'counters' | 'query';
  /** Requests since the screen was opened, Flux queries among them. */
  readonly requests: number;
  readonly queries: number;
  /** Of the last request, from the call to the whole answer. */
  readonly lastMs: number;
  /** Of all requests together. */
  readonly totalMs: number;
  /** Of the last answer; undefined for a query, whose answer is two short lines. */
  readonly answerBytes: number | undefined;
};

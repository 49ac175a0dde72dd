/** Folds what was heard from the engine and the database into the status. Pure: the clock comes with the inputs. */

import { addUsage } from './add-usage.ts';
import { addReading, type DiskSight, type MachineReading } from './box-state.ts';
import type { DataFlowSample } from './data-sample.ts';
import { earlierEvents, withoutTold } from './earlier-events.ts';
import type { HealthSeen } from './health-seen.ts';
import { joinAnswer, withEventRate } from './health-state.ts';
import { listServices } from './list-services.ts';
import type { ContainerSeen, EngineEventSeen, UsageSeen } from './status-input.ts';
import {
  eventLimit,
  historyLength,
  pushBounded,
  type StatusEvent,
  type StatusState,
} from './status-state.ts';
import { hearSignal, isAskedFor, withoutSignalsTo } from './stops-asked.ts';

export type StatusInput =
  | { readonly kind: 'listed'; readonly atMs: number; readonly containers: readonly ContainerSeen[] }
  | { readonly kind: 'engine-event'; readonly event: EngineEventSeen }
  /** By container id. `askable`: the figures of others may be missing because nobody asked; undefined: all were asked. */
  | {
      readonly kind: 'usage';
      readonly atMs: number;
      readonly samples: ReadonlyMap<string, UsageSeen>;
      readonly askable?: ReadonlySet<string> | undefined;
    }
  | { readonly kind: 'data'; readonly atMs: number; readonly sample: DataFlowSample }
  /** By service. */
  | { readonly kind: 'health'; readonly atMs: number; readonly seen: ReadonlyMap<string, HealthSeen> }
  | {
      readonly kind: 'box';
      readonly atMs: number;
      readonly machine: MachineReading;
      /** Undefined: as before. */
      readonly disks: readonly DiskSight[] | undefined;
    }
  | { readonly kind: 'tokens'; readonly problems: readonly string[] }
  | { readonly kind: 'data-failed'; readonly atMs: number; readonly message: string }
  | {
      readonly kind: 'engine-gone';
      readonly atMs: number;
      readonly message: string;
      readonly retryAtMs: number;
    }
  | { readonly kind: 'tick'; readonly atMs: number };

/** In the order of time, wherever it comes from. */
function withEvent(state: StatusState, event: StatusEvent): StatusState {
  const { events } = state;
  const place = events.findLastIndex(({ atMs }) => atMs <= event.atMs) + 1;
  if (place === events.length) return { ...state, events: pushBounded(events, event, eventLimit) };
  return { ...state, events: events.toSpliced(place, 0, event).slice(-eventLimit) };
}

function whatHappened(state: StatusState, event: EngineEventSeen): StatusEvent['what'] | undefined {
  switch (event.action) {
    case 'create':
      return { kind: 'created' };
    case 'start':
      return { kind: 'started' };
    case 'die':
      return {
        kind: 'ended',
        exitCode: event.exitCode,
        ...(isAskedFor(state, event) ? { wasAskedFor: true } : {}),
      };
    case 'oom':
      return { kind: 'out-of-memory' };
    case 'destroy':
      return { kind: 'removed' };
    case 'pause':
      return { kind: 'paused' };
    case 'unpause':
      return { kind: 'unpaused' };
    case 'health':
      return event.health === 'healthy' || event.health === 'unhealthy' ? { kind: event.health } : undefined;
    case 'kill':
    case 'rename':
      return undefined;
  }
}

function hearEvent(state: StatusState, event: EngineEventSeen): StatusState {
  if (event.action === 'kill') return hearSignal(state, event);
  const what = whatHappened(state, event);
  if (what === undefined) return state;
  const { atMs, containerId } = event;
  // After a connection was lost, what came shortly before is told once more.
  const isKnown = state.events.some(
    known => known.atMs === atMs && known.containerId === containerId && known.what.kind === what.kind,
  );
  if (isKnown) return state;
  const service = event.service ?? state.services.find(each => each.containerId === containerId)?.name;
  const told: StatusEvent = { atMs, service, containerId, what };
  const heard = what.kind === 'ended' ? withoutSignalsTo(state, containerId) : state;
  return withEvent({ ...heard, events: withoutTold(state.events, told) }, told);
}

const killedRecentlyMs = 30_000;

/** Some kills for memory have no event of their own: the container says it when it is looked at after its end. */
function markKills(state: StatusState, services: StatusState['services'], atMs: number): StatusState {
  let { events } = state;
  for (const { name, wasKilledForMemory } of services) {
    if (!wasKilledForMemory) continue;
    const place = events.findLastIndex(
      event => event.service === name && event.what.kind === 'ended' && atMs - event.atMs <= killedRecentlyMs,
    );
    const event = events[place];
    if (event?.what.kind !== 'ended' || event.what.wasKilledForMemory === true) continue;
    events = events.with(place, { ...event, what: { ...event.what, wasKilledForMemory: true } });
  }
  return events === state.events ? state : { ...state, events };
}

function hearList(state: StatusState, atMs: number, containers: readonly ContainerSeen[]): StatusState {
  const wasGone = state.engine.kind === 'gone';
  const services = listServices(state, atMs, containers);
  const listed: StatusState = {
    ...markKills(state, services, atMs),
    services,
    engine: { kind: 'answering' },
    listedAtMs: atMs,
  };
  if (state.listedAtMs === undefined) return earlierEvents(containers, services).reduce(withEvent, listed);
  return wasGone ? withEvent(listed, { atMs, service: undefined, what: { kind: 'engine-back' } }) : listed;
}

function loseEngine(state: StatusState, atMs: number, message: string, retryAtMs: number): StatusState {
  if (state.engine.kind === 'gone') return { ...state, engine: { ...state.engine, message, retryAtMs } };
  return withEvent(
    { ...state, engine: { kind: 'gone', sinceMs: atMs, message, retryAtMs } },
    { atMs, service: undefined, what: { kind: 'engine-gone' } },
  );
}

function hearHealth(state: StatusState, seen: ReadonlyMap<string, HealthSeen>): StatusState {
  const services = state.services.map(service => {
    const told = seen.get(service.name);
    if (told === undefined || told.containerId !== service.containerId) return service;
    const health = withEventRate(service.health, told);
    const { engineState = service.state, sinceMs } = service;
    const upMs = sinceMs === undefined ? undefined : state.nowMs - sinceMs;
    return { ...service, health, state: joinAnswer(engineState, health.answer, state.mode, upMs) };
  });
  return { ...state, services };
}

const at = (state: StatusState, atMs: number): StatusState =>
  atMs > state.nowMs ? { ...state, nowMs: atMs } : state;

export function reduceStatus(state: StatusState, input: StatusInput): StatusState {
  switch (input.kind) {
    case 'listed':
      return hearList(at(state, input.atMs), input.atMs, input.containers);
    case 'engine-event':
      return hearEvent(state, input.event);
    case 'usage':
      return addUsage(at(state, input.atMs), input.samples, input.askable);
    case 'data': {
      const { sample, atMs } = input;
      const data = {
        ...state.data,
        sample: { ...sample, sampledAtMs: atMs },
        history: pushBounded(state.data.history, sample.pointsPerMinute, historyLength),
        problem: undefined,
      };
      return { ...at(state, atMs), data };
    }
    case 'health':
      return hearHealth(at(state, input.atMs), input.seen);
    case 'box': {
      const { machine, disks, atMs } = input;
      return { ...at(state, atMs), box: addReading(state.box, machine, disks, atMs) };
    }
    case 'tokens':
      return { ...state, tokenProblems: input.problems };
    case 'data-failed':
      return { ...at(state, input.atMs), data: { ...state.data, problem: input.message } };
    case 'engine-gone':
      return loseEngine(at(state, input.atMs), input.atMs, input.message, input.retryAtMs);
    case 'tick':
      return at(state, input.atMs);
  }
}

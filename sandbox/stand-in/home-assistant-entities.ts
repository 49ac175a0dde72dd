/** The few entities of the stand-in's home, and the changes that happen to them. */

type EntityState = {
  readonly entity_id: string;
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly last_changed: string;
  readonly last_updated: string;
};

type StateChange = {
  readonly entity_id: string;
  readonly old_state: EntityState | null;
  readonly new_state: EntityState;
};

export type EntityRegistry = {
  readonly all: () => readonly EntityState[];
  readonly find: (entityId: string) => EntityState | undefined;
  /** Tells every listener; the answer's `old_state` is null for an entity that is new. */
  readonly set: (
    entityId: string,
    state: string,
    attributes?: Readonly<Record<string, unknown>>,
  ) => StateChange;
  readonly onChange: (listener: (change: StateChange) => void) => void;
  /** Lets the next entity of the home change as time goes by. */
  readonly tick: () => void;
};

type Motion = {
  readonly entityId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly stateAt: (tick: number) => string;
};

const wave = (tick: number, period: number): number => Math.sin((2 * Math.PI * tick) / period);

const motions: readonly Motion[] = [
  {
    entityId: 'sensor.living_room_temperature',
    attributes: { unit_of_measurement: '°C', device_class: 'temperature', friendly_name: 'Living room' },
    stateAt: tick => (21 + 1.5 * wave(tick, 97)).toFixed(1),
  },
  {
    entityId: 'sensor.house_power',
    attributes: { unit_of_measurement: 'W', device_class: 'power', friendly_name: 'House power' },
    stateAt: tick => (420 + 180 * wave(tick, 61)).toFixed(0),
  },
  {
    entityId: 'sensor.outdoor_humidity',
    attributes: { unit_of_measurement: '%', device_class: 'humidity', friendly_name: 'Outdoor humidity' },
    stateAt: tick => (62 + 9 * wave(tick, 211)).toFixed(0),
  },
  {
    entityId: 'binary_sensor.front_door',
    attributes: { device_class: 'door', friendly_name: 'Front door' },
    stateAt: tick => (tick % 40 < 5 ? 'on' : 'off'),
  },
  {
    entityId: 'light.kitchen',
    attributes: { friendly_name: 'Kitchen' },
    stateAt: tick => (tick % 30 < 15 ? 'on' : 'off'),
  },
];

export function createEntityRegistry(): EntityRegistry {
  const states = new Map<string, EntityState>();
  const listeners: ((change: StateChange) => void)[] = [];
  let ticks = 0;

  function set(entityId: string, state: string, attributes?: Readonly<Record<string, unknown>>): StateChange {
    const now = new Date().toISOString();
    const old = states.get(entityId);
    const next: EntityState = {
      entity_id: entityId,
      state,
      attributes: attributes ?? old?.attributes ?? {},
      last_changed: old?.state === state ? old.last_changed : now,
      last_updated: now,
    };
    states.set(entityId, next);
    const change = { entity_id: entityId, old_state: old ?? null, new_state: next };
    for (const listener of listeners) {
      listener(change);
    }
    return change;
  }

  for (const motion of motions) {
    set(motion.entityId, motion.stateAt(0), motion.attributes);
  }

  return {
    all: () => [...states.values()],
    find: entityId => states.get(entityId),
    set,
    onChange: listener => {
      listeners.push(listener);
    },
    tick: () => {
      ticks += 1;
      const motion = motions[ticks % motions.length];
      if (motion !== undefined) {
        set(motion.entityId, motion.stateAt(ticks), motion.attributes);
      }
    },
  };
}

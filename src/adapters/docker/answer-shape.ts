/** Reads the engine's answers without trust: behind its socket may be a proxy, another program, or a fault. */

import { ExternalError } from '../../core/error.ts';

/** Throws an ExternalError that names `place` when the value has another shape. */
export type Read<Value> = (value: unknown, place: string) => Value;

type Shape = Readonly<Record<string, Read<unknown>>>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function misshapen(place: string, expected: string): ExternalError {
  return new ExternalError(
    `The Docker Engine answered in a way that it does not: ${place} is not ${expected}`,
    {
      hint: 'A proxy or another program may answer in its place.',
      nextSteps: ['Look at it by hand: docker info', 'Check DOCKER_HOST and the Docker context in use.'],
      code: 'unexpected answer',
    },
  );
}

export const text: Read<string> = (value, place) => {
  if (typeof value === 'string') return value;
  throw misshapen(place, 'a text');
};

/** What stands in a path of a later request, or in that of a control group: letters, digits, `_`, `.` and `-`. */
export const identifier: Read<string> = (value, place) => {
  if (typeof value === 'string' && /^\w[\w.-]{0,127}$/.test(value)) return value;
  throw misshapen(place, 'an id');
};

export const number: Read<number> = (value, place) => {
  if (typeof value === 'number') return value;
  throw misshapen(place, 'a number');
};

export const flag: Read<boolean> = (value, place) => {
  if (typeof value === 'boolean') return value;
  throw misshapen(place, 'true or false');
};

/** What this program can do without: undefined when it is absent, and when it has another shape. */
export const optional =
  <Value>(read: Read<Value>): Read<Value | undefined> =>
  (value, place) => {
    if (value === undefined || value === null) return undefined;
    try {
      return read(value, place);
    } catch {
      return undefined;
    }
  };

export const list =
  <Item>(read: Read<Item>): Read<readonly Item[]> =>
  (value, place) => {
    if (!Array.isArray(value)) throw misshapen(place, 'a list');
    return value.map((item: unknown, index) => read(item, `${place}[${index}]`));
  };

/** A map by names that are not known before; an entry of another shape is left out. */
export const mapOf =
  <Value>(read: Read<Value>): Read<Readonly<Record<string, Value>>> =>
  (value, place) => {
    if (!isRecord(value)) throw misshapen(place, 'a map');
    const entries = Object.entries(value).map(([key, entry]) => [key, optional(read)(entry, place)] as const);
    return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined)) as Record<string, Value>;
  };

/** A map with these keys; others are passed over. */
export const fields =
  <Known extends Shape>(shape: Known): Read<{ readonly [Key in keyof Known]: ReturnType<Known[Key]> }> =>
  (value, place) => {
    if (!isRecord(value)) throw misshapen(place, 'a map');
    const read = Object.entries(shape).map(([key, readField]) => [
      key,
      readField(Object.hasOwn(value, key) ? value[key] : undefined, `${place}.${key}`),
    ]);
    return Object.fromEntries(read) as { [Key in keyof Known]: ReturnType<Known[Key]> };
  };

/** `undefined` stays: the engine does not know what was asked for. */
export const known = <Value>(value: unknown, read: Read<Value>, place: string): Value | undefined =>
  value === undefined ? undefined : read(value, place);

/** Reads a value of unknown shape piece by piece; what is not as expected becomes an error that names the place. */

import { UserError } from '../error.ts';

export type Reader = {
  /** Where it stands, for example `services.data-api.ports[0]`. */
  readonly place: string;
  readonly value: unknown;
};

type ModelRecord = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is ModelRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A UserError that names the place and what was expected, never the value: it may be a secret. */
export function misshapen(place: string, expected: string): UserError {
  return new UserError(`The resolved Compose model cannot be used: ${place} is not ${expected}.`, {
    hint: 'Compose resolved the files of the deployment to something this program does not understand.',
    nextSteps: ['Look at it with: docker compose config', 'Check compose.override.yaml, if there is one.'],
  });
}

/** A key as part of a place: whatever a file calls it, it must not reach a terminal raw. */
const asSegment = (key: string): string => key.slice(0, 80).replaceAll(/[^\w.@/-]/g, '?');

/** The member `key`. What is not there has no members either: the value is undefined all the way down. */
export function member(reader: Reader, key: string): Reader {
  const place = reader.place === '' ? asSegment(key) : `${reader.place}.${asSegment(key)}`;
  if (isAbsent(reader)) return { place, value: undefined };
  const record = asRecord(reader);
  return { place, value: Object.hasOwn(record, key) ? record[key] : undefined };
}

export function asRecord({ place, value }: Reader): ModelRecord {
  if (!isRecord(value)) throw misshapen(place === '' ? 'the whole' : place, 'a map');
  return value;
}

export const isAbsent = ({ value }: Reader): boolean => value === undefined || value === null;

/** The members in the order of the model; none when there is no map. */
export function membersOf(reader: Reader): readonly (readonly [string, Reader])[] {
  if (isAbsent(reader)) return [];
  return Object.keys(asRecord(reader)).map(key => [key, member(reader, key)] as const);
}

/** The items of a list; none when there is no list. */
export function itemsOf(reader: Reader): readonly Reader[] {
  if (isAbsent(reader)) return [];
  if (!Array.isArray(reader.value)) throw misshapen(reader.place, 'a list');
  return reader.value.map((value: unknown, index) => ({ place: `${reader.place}[${index}]`, value }));
}

export function asText({ place, value }: Reader): string {
  if (typeof value !== 'string') throw misshapen(place, 'a text');
  return value;
}

export const asOptionalText = (reader: Reader): string | undefined =>
  isAbsent(reader) ? undefined : asText(reader);

export function asBoolean({ place, value }: Reader): boolean {
  if (typeof value !== 'boolean') throw misshapen(place, 'true or false');
  return value;
}

/** A whole number that is not negative, also when it is written as a text. */
export function asCount({ place, value }: Reader): number {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) {
    throw misshapen(place, 'a whole number');
  }
  return number;
}

export function asOneOf<Word extends string>(reader: Reader, words: readonly Word[]): Word {
  const text = asText(reader);
  const word = words.find(candidate => candidate === text);
  if (word === undefined) throw misshapen(reader.place, `one of ${words.join(', ')}`);
  return word;
}

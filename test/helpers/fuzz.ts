/** Feeds a part of the program with inputs that nobody in his right mind would send, until a time is over. */

import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../src/core/error.ts';
import { terminalAttacks } from './terminal-attacks.ts';

/** `scripts/test --long` takes its time. */
const budgetMs = process.env.HOMEIQ_TEST_LONG === 'true' ? 60_000 : 1200;
const longestMs = 60_000;

/**
 * Calls `act` with one input after another. It may return, or throw what the program throws for what somebody else did
 * wrong; anything else, and an input that has no end, is a failure. Tells how many inputs there were.
 */
export async function fuzz<Input>(
  t: TestContext,
  what: string,
  inputs: fc.Arbitrary<Input>,
  act: (input: Input) => unknown,
  examples: readonly Input[] = [],
): Promise<void> {
  let count = 0;
  const property = fc.asyncProperty(inputs, async input => {
    count += 1;
    try {
      await act(input);
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
    }
  });
  const endMs = performance.now() + budgetMs;
  // In small heaps, so that a slow machine gets through at least one.
  do {
    await fc.assert(property, {
      numRuns: 20,
      timeout: longestMs,
      examples: count === 0 ? examples.map(example => [example] as [Input]) : [],
      endOnFailure: true,
    });
  } while (performance.now() < endMs);
  t.diagnostic(`${what}: ${count} inputs`);
}

const deep = (depth: number, leaf: unknown): unknown => {
  let value = leaf;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

/** What may stand where something sound was expected. Functions, because some are large. */
const strangers: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1e308,
  () => 0.5,
  () => Number.MAX_SAFE_INTEGER,
  () => '',
  () => 'x',
  () => '../../etc/passwd',
  () => '-rf',
  () => 'constructor',
  () => '__proto__',
  () => 'x'.repeat(70_000),
  () => '\n'.repeat(500),
  () => [],
  () => [null],
  () => [[]],
  () => ({}),
  () => ({ length: 1e9 }),
  () => JSON.parse('{"__proto__":{"polluted":true}}') as unknown,
  () => deep(3000, 'x'),
  ...terminalAttacks.map(
    ({ text }) =>
      () =>
        text,
  ),
];

type Path = readonly (string | number)[];

function listPaths(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, entry]) => listPaths(entry, [...path, key]))];
}

type Change = 'replace' | 'remove' | 'rename' | 'repeat';

function changeAt(value: unknown, path: Path, change: Change, stranger: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change === 'repeat' ? [value, value] : stranger;
  if (typeof value !== 'object' || value === null) return value;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string | number, unknown>;
  if (rest.length > 0 || change === 'replace' || change === 'repeat') {
    copy[key] = changeAt(copy[key], rest, change, stranger);
    return copy;
  }
  const taken = copy[key];
  delete copy[key];
  if (change === 'rename') {
    // Assigning to `__proto__` would be something else than JSON does.
    const name = typeof stranger === 'string' ? stranger.slice(0, 200) : '__proto__';
    Object.defineProperty(copy, name, { value: taken, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

const strangerValue = fc.constantFrom(...strangers).map(make => make());

/** A sound value with up to three things in it that are not. */
export function spoiled(sound: unknown): fc.Arbitrary<unknown> {
  const paths = listPaths(sound);
  const change = fc.record({
    path: fc.constantFrom(...paths),
    kind: fc.constantFrom<Change>('replace', 'replace', 'replace', 'remove', 'rename', 'repeat'),
    stranger: strangerValue,
  });
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map(changes =>
      changes.reduce((value, { path, kind, stranger }) => changeAt(value, path, kind, stranger), sound),
    );
}

const fragments: readonly string[] = [
  '\0',
  '\r',
  '\n',
  '\r\n',
  '\ufeff',
  '\ufffd',
  '"',
  "'",
  '\\',
  '=',
  '#',
  '$',
  '$' + '{',
  '$' + '{A:-$' + '{A}}',
  '{',
  '}',
  '[',
  ']',
  ',',
  ': ',
  '__proto__',
  '[['.repeat(2000),
  '{"a":'.repeat(2000),
  'x'.repeat(5000),
  ...terminalAttacks.map(({ text }) => text),
];

/** A sound text in which pieces were cut out, doubled, or put in. */
export function spoiledText(sound: string): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.nat({ max: sound.length }),
    length: fc.oneof(fc.nat({ max: 8 }), fc.nat({ max: sound.length })),
    kind: fc.constantFrom('cut', 'insert', 'insert', 'double', 'end'),
    piece: fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: 'binary', maxLength: 20 })),
  });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map(changes =>
    changes.reduce((text, { at, length, kind, piece }) => {
      switch (kind) {
        case 'cut':
          return text.slice(0, at) + text.slice(at + length);
        case 'double':
          return text.slice(0, at + length) + text.slice(at);
        case 'end':
          return text.slice(0, at);
        default:
          return text.slice(0, at) + piece + text.slice(at);
      }
    }, sound),
  );
}

/** The same as bytes, which need not be UTF-8 any more. */
export const spoiledBytes = (sound: string): fc.Arbitrary<Buffer> =>
  fc
    .tuple(
      spoiledText(sound),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0x80, max: 0xff })), { maxLength: 3 }),
    )
    .map(([text, bytes]) => {
      const buffer = Buffer.from(text);
      for (const [at, byte] of bytes) if (buffer.length > 0) buffer[at % buffer.length] = byte;
      return buffer;
    });

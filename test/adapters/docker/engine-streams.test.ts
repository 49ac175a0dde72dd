import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readJsonLines, readLogLines } from '../../../src/adapters/docker/engine-streams.ts';
import type { LogLine } from '../../../src/ports/engine.ts';

const at = '2026-11-23T22:51:26.158222074Z';

function frame(stream: 'stdout' | 'stderr', text: string): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream === 'stderr' ? 2 : 1;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

/** The bytes in pieces of the given sizes, the last one as long as it needs to be. */
async function* cut(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let start = 0;
  for (const size of sizes) {
    if (start >= bytes.length) return;
    yield bytes.subarray(start, start + size);
    start += size;
  }
  if (start < bytes.length) yield bytes.subarray(start);
}

async function collect<Value>(values: AsyncIterable<Value>): Promise<readonly Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

const lines: fc.Arbitrary<readonly LogLine[]> = fc.array(
  fc.record(
    {
      at: fc.constant(at),
      stream: fc.constantFrom('stdout' as const, 'stderr' as const),
      text: fc.string({ unit: 'grapheme' }).filter(text => !/[\r\n]/.test(text)),
    },
    { noNullPrototype: true },
  ),
);

test('framed lines come out as they went in, wherever the chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(lines, fc.array(fc.integer({ min: 1, max: 40 })), async (written, sizes) => {
      const bytes = Buffer.concat(written.map(line => frame(line.stream, `${at} ${line.text}\n`)));
      assert.deepEqual(await collect(readLogLines(cut(bytes, sizes), 'framed')), written);
    }),
  );
});

test('raw lines come out as they went in, wherever the chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(lines, fc.array(fc.integer({ min: 1, max: 40 })), async (written, sizes) => {
      const bytes = Buffer.from(written.map(line => `${at} ${line.text}\r\n`).join(''));
      assert.deepEqual(
        await collect(readLogLines(cut(bytes, sizes), 'raw')),
        written.map(line => ({ ...line, stream: 'stdout' })),
      );
    }),
  );
});

test('a long line that the engine stored in parts is one line with one time', async () => {
  const bytes = Buffer.concat([
    frame('stdout', `${at} first `),
    frame('stderr', `${at} in between\n`),
    frame('stdout', `${at} second `),
    frame('stdout', `${at} third\n`),
    frame('stdout', `${at} without an end`),
  ]);
  assert.deepEqual(await collect(readLogLines(cut(bytes, []), 'framed')), [
    { at, stream: 'stderr', text: 'in between' },
    { at, stream: 'stdout', text: 'first second third' },
    { at, stream: 'stdout', text: 'without an end' },
  ]);
});

test('a line without end does not fill the memory', async () => {
  async function* endless(): AsyncGenerator<Buffer> {
    for (let index = 0; index < 64; index += 1) yield frame('stdout', 'x'.repeat(16 * 1024));
  }
  const told = await collect(readLogLines(endless(), 'framed'));
  assert.ok(told.length >= 3);
  assert.ok(told.every(line => line.text.length <= 300 * 1024));
});

test('JSON values come out whole, wherever the chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ text: fc.string({ unit: 'grapheme' }), count: fc.integer() }, { noNullPrototype: true }),
      ),
      fc.array(fc.integer({ min: 1, max: 20 })),
      async (values, sizes) => {
        const bytes = Buffer.from(values.map(value => `${JSON.stringify(value)}\n`).join(''));
        assert.deepEqual(await collect(readJsonLines(cut(bytes, sizes))), values);
      },
    ),
  );
});

test('what is no JSON is left out', async () => {
  const bytes = Buffer.from('{"a":1}\nnonsense\n\n{"b":2}');
  assert.deepEqual(await collect(readJsonLines(cut(bytes, []))), [{ a: 1 }, { b: 2 }]);
});

/** What the engine streams: JSON objects a line, and logs with or without the header of each piece. */

import { StringDecoder } from 'node:string_decoder';
import { ExternalError } from '../../core/error.ts';
import type { LogLine } from '../../ports/engine.ts';

/** A longer line is told in pieces, so that memory stays bounded. */
const longestLineBytes = 256 * 1024;
/** The engine cuts what a container writes into pieces of 16 KiB. */
const longestFrameBytes = 4 * 1024 * 1024;

/** One value a line, wherever the chunks are cut. Lines that are not JSON are left out. */
export async function* readJsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new StringDecoder('utf8');
  let pending = '';
  for await (const chunk of chunks) {
    const text = decoder.write(chunk);
    pending += text;
    // Without a line end there is nothing to cut, and cutting costs as much as what has gathered is long.
    if (text.includes('\n')) {
      const lines = pending.split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) {
        const value = parseOrNothing(line);
        if (value !== undefined) yield value;
      }
    }
    if (pending.length > longestLineBytes) pending = '';
  }
  const last = parseOrNothing(pending);
  if (last !== undefined) yield last;
}

function parseOrNothing(line: string): unknown {
  if (line.trim() === '') return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

type Stream = LogLine['stream'];
type Piece = { readonly stream: Stream; readonly bytes: Buffer };

/**
 * Log lines of a container. `framed` is the form without a terminal: each piece has 8 bytes before it (1 for the
 * stream, 3 unused, 4 for its length; Engine API, "attach"). With a terminal the bytes come as they are.
 * Expects the engine's time stamps before each line.
 */
export async function* readLogLines(
  chunks: AsyncIterable<Buffer>,
  form: 'framed' | 'raw',
): AsyncGenerator<LogLine> {
  const pending: Record<Stream, PendingLine> = { stdout: noLine, stderr: noLine };
  for await (const { stream, bytes } of form === 'framed' ? readFrames(chunks) : readRaw(chunks)) {
    const before = pending[stream];
    // The engine stores a long line in parts and puts its time before each of them.
    const isContinued = form === 'framed' && before.length > 0;
    let rest = addTo(before, isContinued ? withoutTimeStamp(bytes) : bytes);
    if (bytes.includes(10)) {
      let whole = Buffer.concat(rest.pieces);
      for (let end = whole.indexOf(10); end !== -1; end = whole.indexOf(10)) {
        yield toLogLine(stream, whole.subarray(0, end));
        whole = whole.subarray(end + 1);
      }
      rest = addTo(noLine, whole);
    }
    if (rest.length > longestLineBytes) {
      yield toLogLine(stream, Buffer.concat(rest.pieces));
      rest = noLine;
    }
    pending[stream] = rest;
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    const { pieces, length } = pending[stream];
    if (length > 0) yield toLogLine(stream, Buffer.concat(pieces));
  }
}

/** A line whose end has not come yet, in pieces: put together once, however many they are. */
type PendingLine = { readonly pieces: Buffer[]; readonly length: number };

const noLine: PendingLine = { pieces: [], length: 0 };

function addTo({ pieces, length }: PendingLine, bytes: Buffer): PendingLine {
  if (bytes.length === 0) return { pieces, length };
  if (length === 0) return { pieces: [bytes], length: bytes.length };
  pieces.push(bytes);
  return { pieces, length: length + bytes.length };
}

async function* readRaw(chunks: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  for await (const bytes of chunks) yield { stream: 'stdout', bytes };
}

async function* readFrames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 8) {
      const kind = rest[0] ?? 0;
      const length = rest.readUInt32BE(4);
      if (kind > 2 || length > longestFrameBytes) {
        throw new ExternalError('The Docker Engine sent a log that is none', {
          command: 'GET /containers/ID/logs',
          hint: `A piece of kind ${kind} and of ${length} bytes came.`,
        });
      }
      if (rest.length < 8 + length) break;
      yield { stream: kind === 2 ? 'stderr' : 'stdout', bytes: rest.subarray(8, 8 + length) };
      rest = rest.subarray(8 + length);
    }
  }
}

/** RFC 3339 with nanoseconds, in UTC or with an offset, then a space. */
const timeStamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) /;
const longestTimeStamp = 40;

function toLogLine(stream: Stream, bytes: Buffer): LogLine {
  const text = bytes.toString('utf8');
  const found = timeStamp.exec(text);
  const rest = found === null ? text : text.slice(found[0].length);
  return { at: found?.[1], stream, text: rest.endsWith('\r') ? rest.slice(0, -1) : rest };
}

function withoutTimeStamp(bytes: Buffer): Buffer {
  const found = timeStamp.exec(bytes.toString('latin1', 0, longestTimeStamp));
  return found === null ? bytes : bytes.subarray(found[0].length);
}

/** What the engine streams: JSON objects a line, and logs with or without the header of each piece. */

import { StringDecoder } from 'node:string_decoder';
import { BugError } from '../../core/error.ts';
import type { LogLine } from '../../ports/engine.ts';

/** A longer line is told in pieces, so that memory stays bounded. */
const longestLineBytes = 256 * 1024;

/** One value a line, wherever the chunks are cut. Lines that are not JSON are left out. */
export async function* readJsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new StringDecoder('utf8');
  let pending = '';
  for await (const chunk of chunks) {
    const lines = (pending + decoder.write(chunk)).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      const value = parseOrNothing(line);
      if (value !== undefined) yield value;
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
  const pending: Record<Stream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  for await (const piece of form === 'framed' ? readFrames(chunks) : readRaw(chunks)) {
    const before = pending[piece.stream];
    // The engine stores a long line in parts and puts its time before each of them.
    const isContinued = form === 'framed' && before.length > 0;
    const bytes = isContinued ? withoutTimeStamp(piece.bytes) : piece.bytes;
    let rest = before.length === 0 ? bytes : Buffer.concat([before, bytes]);
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      yield toLogLine(piece.stream, rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
    if (rest.length > longestLineBytes) {
      yield toLogLine(piece.stream, rest);
      rest = Buffer.alloc(0);
    }
    pending[piece.stream] = rest;
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    if (pending[stream].length > 0) yield toLogLine(stream, pending[stream]);
  }
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
      if (kind > 2) throw new BugError(`A log frame of kind ${kind}: the container's log has no frames`);
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

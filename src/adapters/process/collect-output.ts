/** Gathers what a child writes: the last bytes as text, and its lines as they come. */

import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A line longer than this (in UTF-16 units) is told in pieces, so that memory stays bounded. */
const longestLine = 1024 * 1024;

export type CollectedOutput = {
  readonly text: () => string;
  readonly isTruncated: () => boolean;
};

/** Reads `stream` to its end, keeps its last `maxBytes` bytes and calls `onLine` for each line without its line end. */
export function collectOutput(
  stream: Readable | null,
  maxBytes: number,
  onLine: (line: string) => void,
): CollectedOutput {
  const chunks: Buffer[] = [];
  let keptBytes = 0;
  let isTruncated = false;
  let pending = '';
  const decoder = new StringDecoder('utf8');

  const keep = (chunk: Buffer): void => {
    chunks.push(chunk);
    keptBytes += chunk.length;
    while (keptBytes > maxBytes) {
      isTruncated = true;
      const first = chunks[0];
      if (first === undefined) return;
      const excess = keptBytes - maxBytes;
      if (first.length > excess) {
        chunks[0] = first.subarray(excess);
        keptBytes -= excess;
      } else {
        chunks.shift();
        keptBytes -= first.length;
      }
    }
  };
  const tell = (text: string): void => {
    pending += text;
    // Without a line end there is nothing to cut, and cutting costs as much as what has gathered is long.
    if (text.includes('\n')) {
      const lines = pending.split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    if (pending.length > longestLine) {
      onLine(pending);
      pending = '';
    }
  };

  stream?.on('data', (chunk: Buffer) => {
    keep(chunk);
    tell(decoder.write(chunk));
  });
  stream?.once('close', () => {
    tell(decoder.end());
    if (pending !== '') onLine(pending);
    pending = '';
  });
  return {
    text: () => Buffer.concat(chunks).toString('utf8'),
    isTruncated: () => isTruncated,
  };
}

/** A journal on disk: one JSON object a line, appended by one process, read by any number. */

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../core/error.ts';
import { journalVersion, type RunEvent, type RunEventBody } from '../../core/run/journal-event.ts';
import { formatJournalLine, parseJournalLine } from '../../core/run/journal-line.ts';
import type { Journal } from '../../ports/runs.ts';
import { explainFileError, hasCode } from './file-errors.ts';
import { releaseReserve } from './reserve.ts';
import { privateFileMode } from './write-file.ts';

const longestLineBytes = 4 * 1024 * 1024;
const chunkBytes = 256 * 1024;

/** After these a power cut must not make us forget; the others are only news. */
const durableKinds: readonly RunEventBody['kind'][] = [
  'run-started',
  'step-started',
  'step-finished',
  'step-failed',
  'run-finished',
];

/** Makes a new journal at `path`; fails when there is one already. Appends wait for one another. */
export async function createJournalFile(path: string, runId: string, now: () => Date): Promise<Journal> {
  let seq = 0;
  let last: Promise<void> = Promise.resolve();
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW;
  const withFile = async (extra: number, act: (file: FileHandle) => Promise<void>): Promise<void> => {
    try {
      const file = await open(path, flags | extra, privateFileMode);
      try {
        await act(file);
      } finally {
        await file.close();
      }
    } catch (error) {
      throw explainFileError(error, path);
    }
  };
  /** A part of the line that still found room stays: a reader may have it already. */
  const writeLine = async (file: FileHandle, line: Uint8Array): Promise<void> => {
    const { size: startBytes } = await file.stat();
    try {
      await file.writeFile(line);
    } catch (error) {
      const isFull = hasCode(error, 'ENOSPC', 'EDQUOT');
      const { size } = await file.stat();
      if (isFull && (await releaseReserve(dirname(path)))) {
        await file.writeFile(line.subarray(size - startBytes));
        return;
      }
      // Half a line in the middle would make all of it unreadable.
      await file.truncate(startBytes);
      throw error;
    }
  };
  const appendNow = (body: RunEventBody): Promise<void> =>
    withFile(0, async file => {
      const event: RunEvent = { v: journalVersion, seq: seq + 1, at: now().toISOString(), ...body };
      await writeLine(file, Buffer.from(formatJournalLine(event)));
      if (durableKinds.includes(body.kind)) await file.sync();
      seq += 1;
    });
  await withFile(constants.O_CREAT | constants.O_EXCL, file => file.sync());
  return {
    runId,
    append: body => {
      const done = last.then(() => appendNow(body));
      last = done.catch(() => undefined);
      return done;
    },
  };
}

export type JournalReader = {
  /** The events that came since the last call. Throws a UserError for a journal that cannot be read. */
  readonly readNew: () => Promise<readonly RunEvent[]>;
};

/**
 * Reads a journal from its start, a piece at a time. A last line without its end is still being written, or was cut
 * by a crash: it waits. A damaged line is an error unless it is the last.
 */
export function createJournalReader(path: string): JournalReader {
  let offset = 0;
  let lineNumber = 0;
  let rest: Buffer = Buffer.alloc(0);
  let damaged: UserError | undefined;

  const takeLine = (text: string): readonly RunEvent[] => {
    lineNumber += 1;
    if (damaged !== undefined) throw damaged;
    const line = parseJournalLine(text);
    if (line.kind === 'event') return [line.event];
    if (line.kind === 'unreadable') {
      damaged = new UserError(`Line ${lineNumber} of ${path} cannot be read: ${line.reason}`, {
        hint: 'The run itself is not harmed. Run the command again: it continues with what is missing.',
      });
    }
    return [];
  };
  const takeChunk = (chunk: Buffer): readonly RunEvent[] => {
    const text = Buffer.concat([rest, chunk]);
    const end = text.lastIndexOf(0x0a);
    rest = text.subarray(end + 1);
    if (rest.length > longestLineBytes) {
      throw new UserError(`${path} is no journal: line ${lineNumber + 1} is over 4 MiB long`);
    }
    return end === -1 ? [] : text.subarray(0, end).toString('utf8').split('\n').flatMap(takeLine);
  };

  return {
    readNew: async () => {
      const events: RunEvent[] = [];
      try {
        const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
        try {
          const facts = await file.stat();
          if (!facts.isFile()) throw new UserError(`${path} is not a regular file`);
          if (facts.size < offset) throw new UserError(`${path} became shorter while it was read`);
          const buffer = Buffer.alloc(chunkBytes);
          for (;;) {
            const { bytesRead } = await file.read(buffer, 0, chunkBytes, offset);
            if (bytesRead === 0) return events;
            offset += bytesRead;
            events.push(...takeChunk(Buffer.from(buffer.subarray(0, bytesRead))));
          }
        } finally {
          await file.close();
        }
      } catch (error) {
        throw explainFileError(error, path);
      }
    },
  };
}

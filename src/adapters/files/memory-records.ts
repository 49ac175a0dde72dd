/**
 * `.homeiq/memory.json` and `.homeiq/estimates.json`: two files, so that the operator's choice is not lost to a measurement
 * that is written at the same moment.
 */

import { rename } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '../../core/error.ts';
import { type EstimateBasis, estimateBases } from '../../core/memory/measured-estimates.ts';
import { noHistory } from '../../core/memory/memory-history.ts';
import {
  formatMemoryHistory,
  type ParsedHistory,
  parseMemoryHistory,
} from '../../core/memory/memory-history-text.ts';
import type { MemoryRecords } from '../../ports/memory-records.ts';
import { deploymentPaths } from './deployment-paths.ts';
import { explainingFileErrors } from './file-errors.ts';
import { readSmallFile, readText } from './read-text.ts';
import { writeFileAtomically } from './write-file.ts';

function parseBasis(text: string, path: string): EstimateBasis {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const use = typeof value === 'object' && value !== null && 'use' in value ? value.use : undefined;
  const basis = estimateBases.find(name => name === use);
  if (basis !== undefined) return basis;
  throw new UserError(`${path} is damaged`, {
    hint: 'It only says what estimates count with. Say it again: homeiq memory --use measured, or --use expected',
  });
}

/** `now` names the files that are kept aside. */
export function createMemoryRecords(folder: string, now: () => Date = () => new Date()): MemoryRecords {
  const paths = deploymentPaths(resolve(folder));
  const path = paths.memory;

  const parse = async (): Promise<ParsedHistory> => {
    // What is no UTF-8 is damaged, not a reason to stop: its replacement characters are no JSON of ours.
    const bytes = await readSmallFile(path);
    return bytes === undefined
      ? { kind: 'history', history: noHistory }
      : parseMemoryHistory(bytes.toString('utf8'));
  };
  const newer = (): UserError =>
    new UserError(`${path} was written by a newer homeiq`, { hint: 'Update homeiq and run it again.' });
  /** The damaged file under another name. */
  const keepAside = async (): Promise<string> => {
    const aside = `${path}.damaged-${now().toISOString().replaceAll(/[:.]/g, '-')}`;
    await explainingFileErrors(path, () => rename(path, aside));
    return aside;
  };

  return {
    path,
    read: async () => {
      const parsed = await parse();
      if (parsed.kind === 'history') return parsed.history;
      if (parsed.kind === 'newer') throw newer();
      throw new UserError(`${path} is damaged`, {
        hint: 'It holds nothing but measured memory. The next measurement keeps it aside and begins a new one: homeiq sample',
      });
    },
    update: async change => {
      const parsed = await parse();
      if (parsed.kind === 'newer') throw newer();
      const keptAside = parsed.kind === 'damaged' ? await keepAside() : undefined;
      const before = parsed.kind === 'history' ? parsed.history : noHistory;
      const history = change(before);
      await writeFileAtomically(path, formatMemoryHistory(history));
      return { history, keptAside };
    },
    readBasis: async () => {
      const text = await readText(paths.estimates);
      return text === undefined ? 'expected' : parseBasis(text, paths.estimates);
    },
    writeBasis: async basis => {
      await writeFileAtomically(paths.estimates, `${JSON.stringify({ formatVersion: 1, use: basis })}\n`);
    },
  };
}

/** Whether a deployment's secrets show where they must not: in arguments of processes, journals and containers. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from '../../src/core/env/parse.ts';
import { parseTemplate } from '../../src/core/env/template.ts';
import { documentValues } from '../../src/core/env/values.ts';
import { type Mode, modes } from '../../src/core/mode/mode.ts';

const templates = join(import.meta.dirname, '..', '..', 'env-templates');
/** Shorter values (`admin`, an empty one) would be found by chance. */
const leastLength = 12;

export type Secret = { readonly name: string; readonly value: string };

/** Those of `.env`, or of another document, by the template's word, and all of `.homeiq/secrets`. */
export function readSecrets(folder: string, mode: Mode, document = '.env'): readonly Secret[] {
  const { fields } = parseTemplate(readFileSync(join(templates, `${mode}.env`), 'utf8'));
  const values = documentValues(parseEnv(readFileSync(join(folder, document), 'utf8')));
  const secretFiles = join(folder, '.homeiq', 'secrets');
  return [
    ...fields.filter(({ isSecret }) => isSecret).map(({ key }) => ({ name: key, value: values[key] ?? '' })),
    ...(existsSync(secretFiles) ? readdirSync(secretFiles) : []).map(name => ({
      name,
      value: readFileSync(join(secretFiles, name), 'utf8').trim(),
    })),
  ].filter(({ value }) => value.length >= leastLength && !value.startsWith('sandbox-'));
}

/** Those of the documents that each mode has of its own. */
export const readSecretsOfBothModes = (folder: string): readonly Secret[] =>
  modes.flatMap(mode =>
    readSecrets(folder, mode, `.homeiq/modes/${mode}.env`).map(({ name, value }) => ({
      name: `${name} of ${mode}`,
      value,
    })),
  );

/** Names of the secrets that occur in any of the texts. */
export const findSecrets = (secrets: readonly Secret[], texts: Iterable<string>): readonly string[] => {
  const all = [...texts];
  return secrets.filter(({ value }) => all.some(text => text.includes(value))).map(({ name }) => name);
};

/** Names of the secrets that have another value now, or none. */
export function changedSecrets(before: readonly Secret[], now: readonly Secret[]): readonly string[] {
  const values = new Map(now.map(({ name, value }) => [name, value]));
  return before.filter(({ name, value }) => values.get(name) !== value).map(({ name }) => name);
}

/** Everything the runs of a folder have written: journals and logs. */
export function readRunFiles(folder: string): readonly string[] {
  const runs = join(folder, '.homeiq', 'runs');
  return readdirSync(runs).map(name => readFileSync(join(runs, name), 'utf8'));
}

/** Collects the command line of every process of the machine until it is stopped. */
export function watchArguments(intervalMs = 50): { readonly stop: () => ReadonlySet<string> } {
  const seen = new Set<string>();
  const look = (): void => {
    for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch {
        // It has ended.
      }
    }
  };
  const timer = setInterval(look, intervalMs);
  // A test that fails before it stops this must end all the same.
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      return seen;
    },
  };
}

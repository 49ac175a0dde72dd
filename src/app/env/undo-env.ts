/** `homeiq env undo`: the settings as they were before the last change. */

import { isToldByRun } from '../../core/env/compose-document.ts';
import { identifyEnv, modeOfDocument } from '../../core/env/env-identity.ts';
import { parseEnv } from '../../core/env/parse.ts';
import { serialiseEnv } from '../../core/env/serialise.ts';
import { parseTemplate } from '../../core/env/template.ts';
import { documentValues, type EnvValues, setValues } from '../../core/env/values.ts';
import { exitCodes, UserError } from '../../core/error.ts';
import type { Mode } from '../../core/mode/mode.ts';
import type { RunDocuments } from '../../core/run/run-request.ts';
import type { Ports } from '../../ports/ports.ts';
import { requireActiveMode } from './env-mode.ts';

export type EnvUndo = RunDocuments & {
  readonly mode: Mode;
  /** What is put back, for people: the name of a backup, or the document of the mode. */
  readonly from: string;
  /** Newer backups that are of the other mode, and are passed over. */
  readonly otherModes: number;
};

/**
 * The newest backup of the deployment's mode that says something else than `.env`, with the tokens of now: those are
 * the servers' word, not a setting. Of a `.env` that is another mode's, what was last written for the recorded one.
 * Throws a UserError when there is nothing to put back.
 */
export async function findUndo(ports: Ports): Promise<EnvUndo> {
  const { files } = ports;
  const mode = await requireActiveMode(files);
  const [text, record, written, own, backups, templateText] = await Promise.all([
    files.readEnv(),
    files.readRecord(),
    files.readWrittenEnv(mode),
    files.readModeEnv(mode),
    files.envBackups(),
    ports.program.template(mode),
  ]);
  const now = text === undefined ? undefined : parseEnv(text);
  const envSeen = text === undefined ? {} : { text };
  if (now === undefined || identifyEnv(now, record).kind !== 'known') {
    const last = own ?? written;
    if (last !== undefined) {
      return { mode, envText: last, envSeen, from: `the settings of ${mode} mode`, otherModes: 0 };
    }
  }
  const values = now === undefined ? {} : documentValues(now);
  const told = parseTemplate(templateText).fields.filter(isToldByRun);
  const tokens: EnvValues = Object.fromEntries(
    told.flatMap(({ key }) => (values[key] === undefined ? [] : [[key, values[key]] as const])),
  );
  let otherModes = 0;
  for (const { name, text: kept } of backups) {
    const document = parseEnv(kept);
    if (modeOfDocument(document) !== mode) {
      otherModes += 1;
      continue;
    }
    const restored = setValues(document, tokens);
    const envText = serialiseEnv(restored);
    if (envText !== text && !hasSameValues(documentValues(restored), values)) {
      return { mode, envText, envSeen, from: name, otherModes };
    }
  }
  throw new UserError(
    otherModes === 0
      ? 'There is nothing to undo: no earlier settings are kept.'
      : `No earlier settings of ${mode} mode are kept, only of the other mode.`,
    {
      hint: 'A change of the mode is not undone here: homeiq setup --mode M --yes changes it.',
      exitCode: otherModes === 0 ? exitCodes.failed : exitCodes.refused,
    },
  );
}

function hasSameValues(a: EnvValues, b: EnvValues): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every(key => a[key] === b[key]);
}

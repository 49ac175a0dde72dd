/** `homeiq env import FILE`: takes over the settings of a HomeIQ `.env`. */

import { findPublishedSecrets } from '../../core/env/check-document.ts';
import { modeOfDocument } from '../../core/env/env-identity.ts';
import { type ImportedValues, importValues } from '../../core/env/import-document.ts';
import { parseEnv } from '../../core/env/parse.ts';
import { findProblems } from '../../core/env/problems.ts';
import { createSecretTest } from '../../core/env/secret-keys.ts';
import { parseTemplate } from '../../core/env/template.ts';
import { checkValue } from '../../core/env/validate.ts';
import { documentValues, type EnvValues } from '../../core/env/values.ts';
import { BugError } from '../../core/error.ts';
import type { Mode } from '../../core/mode/mode.ts';
import type { RunDocuments } from '../../core/run/run-request.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Drafting, firstChoices } from '../setup/drafting.ts';
import { activeModeOf } from './env-mode.ts';

export type EnvImport = Omit<ImportedValues, 'values'> & {
  /** The mode whose settings it becomes. */
  readonly mode: Mode;
  readonly values: EnvValues;
  /** Keys whose value HomeIQ publishes, and that are secrets. */
  readonly published: readonly string[];
  /** Said before writing: lines that cannot be read, values that cannot be used. */
  readonly warnings: readonly string[];
};

/** HomeIQ's own default where nothing names the mode is production. */
export async function readImport(ports: Ports, text: string, asked: Mode | undefined): Promise<EnvImport> {
  const document = parseEnv(text);
  const mode = asked ?? modeOfDocument(document) ?? 'production';
  const { fields } = parseTemplate(await ports.program.template(mode));
  const { values, renamed, dropped } = importValues(documentValues(document), fields, mode);
  const suspicious = findProblems(document).filter(({ kind }) => kind !== 'inherited');
  const invalid = fields.flatMap(field => {
    const problem = checkValue(field, values[field.key] ?? '');
    return problem === undefined ? [] : [`${field.key}: ${problem}`];
  });
  return {
    mode,
    values,
    renamed,
    dropped,
    published: await findPublishedSecrets(values, createSecretTest(fields)),
    warnings: [...suspicious.map(({ message }) => message), ...invalid],
  };
}

/** With new secrets in place of the published ones; what only a person can give is left out. */
export async function replacePublished(ports: Ports, imported: EnvImport): Promise<EnvImport> {
  const { fields } = parseTemplate(await ports.program.template(imported.mode));
  const values = { ...imported.values };
  for (const key of imported.published) {
    delete values[key];
    if (fields.some(field => field.key === key && field.isGenerated)) values[key] = ports.random.secret(32);
  }
  return { ...imported, values, published: [] };
}

export type ImportDocuments = RunDocuments & {
  /** The mode that `.env` is, or becomes. */
  readonly mode: Mode;
  /** The document of the imported mode with and without the import, which for a new one is what a set-up would write. */
  readonly before: string;
  readonly after: string;
};

/**
 * The documents with the imported values. While the other mode is the deployment's, `.env` stays that mode's: only what
 * both share changes in it.
 */
export async function draftImport(
  ports: Ports,
  drafting: Drafting,
  imported: EnvImport,
): Promise<ImportDocuments> {
  const { mode, values } = imported;
  const { files } = ports;
  const active = await activeModeOf(files);
  const without = await drafting.settings(firstChoices(mode));
  const { documents } = await drafting.settings({ ...firstChoices(mode), answers: values });
  const before = without.documents.envText;
  const after = documents.envText;
  if (active === undefined || active === mode) return { ...documents, mode, before, after };
  const own = documents.otherEnvText ?? (await files.readModeEnv(active));
  if (own === undefined) throw new BugError(`No document of ${active} mode`);
  return {
    envText: own,
    otherEnvText: after,
    ...(documents.envSeen === undefined ? {} : { envSeen: documents.envSeen }),
    mode: active,
    before,
    after,
  };
}

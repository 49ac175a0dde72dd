/** The keys that mean something to a deployment, so that a slip of the fingers can be told from a setting. */

import { parseEnv } from '../../core/env/parse.ts';
import { parseTemplate } from '../../core/env/template.ts';
import { documentValues } from '../../core/env/values.ts';
import { modes } from '../../core/mode/mode.ts';
import type { Level } from '../../core/plan/plan.ts';
import type { Ports } from '../../ports/ports.ts';

const overrideFile = 'compose.override.yaml';

/** Variables that the text of a Compose file refers to. */
const referencesIn = (text: string): readonly string[] =>
  [...text.matchAll(/\$\{?(?<key>[A-Za-z_][A-Za-z0-9_]*)/g)].flatMap(({ groups }) => groups?.key ?? []);

/** What the stack's files refer to beyond the templates, what the level sets, and Compose's own. */
export async function stackKeys(
  { program, files }: Pick<Ports, 'program' | 'files'>,
  level: Level,
): Promise<readonly string[]> {
  const [stackFiles, override, ...standIns] = await Promise.all([
    program.stackFiles(level),
    files.readProgramFile(overrideFile),
    ...modes.map(mode => program.standInValues(level, mode)),
  ]);
  return [
    'COMPOSE_FILE',
    'COMPOSE_PARALLEL_LIMIT',
    ...[...Object.values(stackFiles), override ?? ''].flatMap(referencesIn),
    ...standIns.flatMap(text => Object.keys(documentValues(parseEnv(text)))),
  ];
}

/** Those, the keys of both templates, and what the operator has added to `.env`. */
export async function knownKeys(
  ports: Pick<Ports, 'program' | 'files'>,
  level: Level,
): Promise<readonly string[]> {
  const [stack, env, ...templates] = await Promise.all([
    stackKeys(ports, level),
    ports.files.readEnv(),
    ...modes.map(mode => ports.program.template(mode)),
  ]);
  const fields = templates.flatMap(text => parseTemplate(text).fields);
  const added = env === undefined ? [] : Object.keys(documentValues(parseEnv(env)));
  return [...new Set([...fields.map(({ key }) => key), ...stack, ...added])];
}

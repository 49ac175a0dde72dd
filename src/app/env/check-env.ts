/** `homeiq env check`: what is wrong with the settings of a deployment. Only looks. */

import { checkDocument, type EnvFinding } from '../../core/env/check-document.ts';
import { describeForeignEnv } from '../../core/env/env-identity.ts';
import { parseEnv } from '../../core/env/parse.ts';
import { parseTemplate } from '../../core/env/template.ts';
import type { Mode } from '../../core/mode/mode.ts';
import type { Level } from '../../core/plan/plan.ts';
import type { ExposedFile } from '../../ports/deployment-files.ts';
import type { Ports } from '../../ports/ports.ts';
import { requireActiveMode } from './env-mode.ts';
import { stackKeys } from './known-keys.ts';

export type EnvCheck = {
  readonly mode: Mode;
  readonly findings: readonly EnvFinding[];
  readonly isGood: boolean;
};

const exposures: Readonly<Record<ExposedFile['fault'], (path: string) => readonly [string, string]>> = {
  'world-readable': path => [`${path} can be read by every account of this machine.`, `chmod 600 ${path}`],
  'group-readable': path => [`${path} can be read by the group of its owner.`, `chmod 600 ${path}`],
  'writable-by-others': path => [
    `Other accounts can put files of their own into ${path}.`,
    `chmod go-w ${path}`,
  ],
  'foreign-owner': path => [
    `${path} belongs to another account than the folder.`,
    `As root: chown --reference=. ${path}`,
  ],
};

function describeExposed({ path, fault }: ExposedFile): EnvFinding {
  const [message, mend] = exposures[fault](path);
  return { kind: 'exposed', severity: 'problem', key: undefined, message, mend };
}

/** Throws a UserError (exit code 4) when there are no settings yet. */
export async function checkEnv(ports: Ports, level: Level): Promise<EnvCheck> {
  const { files } = ports;
  const mode = await requireActiveMode(files);
  const [text, record, templateText, exposed, otherKeys] = await Promise.all([
    files.readEnv(),
    files.readRecord(),
    ports.program.template(mode),
    files.exposedFiles(),
    stackKeys(ports, level),
  ]);
  const document = parseEnv(text ?? '');
  const foreign = describeForeignEnv(text === undefined ? undefined : document, record);
  const absent: EnvFinding = {
    kind: 'missing',
    severity: 'problem',
    key: undefined,
    message: `There is no .env in ${files.folder}.`,
    mend: `homeiq setup --mode ${mode} --yes writes it again.`,
  };
  const content: readonly EnvFinding[] =
    foreign === undefined
      ? await checkDocument(document, parseTemplate(templateText).fields, otherKeys)
      : [
          {
            kind: 'foreign',
            severity: 'problem',
            key: undefined,
            message: foreign.text,
            mend: foreign.mend.join('; '),
          },
        ];
  const findings = [...(text === undefined ? [absent] : content), ...exposed.map(describeExposed)];
  return { mode, findings, isGood: findings.every(({ severity }) => severity === 'note') };
}

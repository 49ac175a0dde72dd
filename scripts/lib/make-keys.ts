/** docs/keys.md from the templates: every setting once, with what it is in each mode. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { formatDuration } from '../../src/core/env/duration.ts';
import { parseTemplate } from '../../src/core/env/template.ts';
import type { TemplateField } from '../../src/core/env/template-field.ts';
import { type Mode, modes } from '../../src/core/mode/mode.ts';

export const keysPath = 'docs/keys.md';

/** Text of a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function typeOf({ type, choices, minimum, maximum }: TemplateField): string {
  if (choices.length > 0) return choices.map(choice => `\`${choice}\``).join(', ');
  const isTime = type === 'duration' || type === 'retention';
  const bound = (value: number): string => (isTime ? formatDuration(value) : String(value));
  const from = minimum === undefined ? '' : ` from ${bound(minimum)}`;
  const to = maximum === undefined ? '' : ` to ${bound(maximum)}`;
  return `${type}${from}${to}`;
}

function whoseOf(field: TemplateField): string {
  return [
    field.scope === 'shared' ? 'both modes' : 'each mode',
    ...(field.isSecret ? ['secret'] : []),
    ...(field.isGenerated ? ['made by homeiq'] : []),
    ...(field.isFixed ? ['follows'] : []),
    ...(field.isRequired && !field.isGenerated && !field.isFixed ? ['needed'] : []),
  ].join(', ');
}

const defaultOf = ({ defaultValue, isSecret }: TemplateField): string =>
  defaultValue === '' || isSecret ? '' : `\`${cell(defaultValue)}\``;

function defaultsOf(fields: Readonly<Record<Mode, TemplateField>>): string {
  const [test, production] = [defaultOf(fields.test), defaultOf(fields.production)];
  if (test === production) return test;
  return `test: ${test || 'none'}, production: ${production || 'none'}`;
}

function helpOf(fields: Readonly<Record<Mode, TemplateField>>): string {
  const [test, production] = [fields.test.help.join(' '), fields.production.help.join(' ')];
  return cell(test === production ? test : `In production: ${production} In test: ${test}`);
}

/** The whole document. */
export function makeKeys(programFolder: string): string {
  const read = (mode: Mode): readonly TemplateField[] =>
    parseTemplate(readFileSync(path.join(programFolder, 'env-templates', `${mode}.env`), 'utf8')).fields;
  const [test = [], production = []] = modes.map(read);
  const sections = [...new Set(production.map(({ section }) => section))];
  const rows = (section: string): readonly string[] =>
    production
      .filter(field => field.section === section)
      .map(field => {
        const pair = { production: field, test: test.find(({ key }) => key === field.key) ?? field };
        return `| \`${field.key}\` | **${cell(field.label)}.** ${helpOf(pair)} | ${typeOf(field)} | ${whoseOf(field)} | ${defaultsOf(pair)} |`;
      });
  return [
    '# Settings',
    '',
    `Every key of \`.env\`, ${production.length} in all. Made from \`env-templates/\` by \`npm run keys\`; the words of the last columns: *both modes* have one value, *each mode* its own; *follows* is written by this program and not to be changed; *made by homeiq* is asked of nobody.`,
    '',
    ...sections.flatMap(section => [
      `## ${section}`,
      '',
      '| key | what | type | whose | default |',
      '|---|---|---|---|---|',
      ...rows(section),
      '',
    ]),
  ].join('\n');
}

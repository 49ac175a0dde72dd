/** Reads an env template: the file that is both the first `.env` of a mode and the form of the wizard. */

import { UserError } from '../error.ts';
import { isMode, type Mode } from '../mode/mode.ts';
import { nearestWord } from '../text/nearest-word.ts';
import { parseEnv } from './parse.ts';
import { type FieldType, fieldTypes, type TemplateField } from './template-field.ts';

export type Template = {
  /** Rises with every change that an existing document should learn of. */
  readonly version: number;
  readonly mode: Mode;
  /** The headings, in order. */
  readonly sections: readonly string[];
  readonly fields: readonly TemplateField[];
  /** The text as it was read: what a new document starts from. */
  readonly text: string;
};

const headerPattern = /^#! homeiq template version (?<version>\d{1,6}) for (?<mode>\S+)$/;
const annotationPattern = /^#: "(?<label>[^"]+)"(?<words>(?: \S+)*)$/;
const optionPattern = /^(?<name>choices|min|max|from)=(?<value>\S+)$/;

const scopes = ['shared', 'mode'] as const;
const flags = ['required', 'secret', 'generated', 'advanced', 'fixed', 'placeholder'] as const;
type Flag = (typeof flags)[number];

type Annotation = Omit<TemplateField, 'key' | 'section' | 'help' | 'defaultValue'>;

const includes = <Word extends string>(words: readonly Word[], text: string): text is Word =>
  (words as readonly string[]).includes(text);

/** A UserError that says where: templates are files that people edit. */
function templateError(line: number, problem: string): UserError {
  return new UserError(`Env template, line ${line}: ${problem}.`, {
    hint: 'The README describes the format of the templates.',
  });
}

const knownWords: readonly string[] = [
  ...fieldTypes,
  ...scopes,
  ...flags,
  'choices=',
  'min=',
  'max=',
  'from=',
];

function readNumber(text: string, line: number): number {
  const number = Number(text);
  if (!Number.isFinite(number)) throw templateError(line, `${JSON.stringify(text)} is no number`);
  return number;
}

type Found = {
  type: FieldType | undefined;
  scope: TemplateField['scope'] | undefined;
  readonly flags: Set<Flag>;
  readonly options: Map<string, string>;
};

function collectWords(words: readonly string[], line: number): Found {
  const found: Found = { type: undefined, scope: undefined, flags: new Set(), options: new Map() };
  for (const word of words) {
    const option = optionPattern.exec(word)?.groups;
    if (includes(fieldTypes, word) && found.type === undefined) found.type = word;
    else if (includes(scopes, word) && found.scope === undefined) found.scope = word;
    else if (includes(flags, word) && !found.flags.has(word)) found.flags.add(word);
    else if (option?.name !== undefined && !found.options.has(option.name)) {
      found.options.set(option.name, option.value ?? '');
    } else if (knownWords.some(known => word === known || (known.endsWith('=') && word.startsWith(known)))) {
      throw templateError(line, `${JSON.stringify(word)} is one word too many of its kind`);
    } else {
      const nearest = nearestWord(word, knownWords);
      const guess = nearest === undefined ? '' : ` (${nearest}?)`;
      throw templateError(line, `unknown word ${JSON.stringify(word)}${guess}`);
    }
  }
  return found;
}

function readAnnotation(text: string, line: number): Annotation {
  const match = annotationPattern.exec(text)?.groups;
  if (match?.label === undefined) throw templateError(line, 'expected #: "Label" type scope …');
  const found = collectWords((match.words ?? '').split(' ').filter(Boolean), line);
  const { type, scope } = found;
  if (type === undefined) throw templateError(line, `no type; one of ${fieldTypes.join(', ')}`);
  if (scope === undefined) throw templateError(line, 'no scope: shared or mode');
  const choices = found.options.get('choices')?.split(',') ?? [];
  if ((type === 'choice') !== choices.length > 1) {
    throw templateError(line, 'a choice, and nothing else, has choices=one,two');
  }
  const [minimum, maximum] = ['min', 'max'].map(name => {
    const option = found.options.get(name);
    return option === undefined ? undefined : readNumber(option, line);
  });
  const derivedFrom = found.options.get('from');
  if (derivedFrom !== undefined && !found.flags.has('fixed')) {
    throw templateError(line, 'a value that follows another key is fixed');
  }
  return {
    label: match.label,
    type,
    scope,
    isRequired: found.flags.has('required'),
    isSecret: found.flags.has('secret'),
    isGenerated: found.flags.has('generated'),
    isAdvanced: found.flags.has('advanced'),
    isFixed: found.flags.has('fixed'),
    isPlaceholder: found.flags.has('placeholder'),
    choices,
    minimum,
    maximum,
    ...(derivedFrom === undefined ? {} : { derivedFrom }),
  };
}

const headingText = (line: string): string | undefined => /^## (?<heading>.+)$/.exec(line)?.groups?.heading;

function readField(
  raw: string,
  line: number,
  annotation: Annotation | undefined,
  context: { readonly section: string | undefined; readonly help: readonly string[] },
): TemplateField {
  const entry = parseEnv(raw).lines[0];
  if (entry?.kind !== 'entry' || entry.isInterpolated) {
    throw templateError(line, 'expected a comment or KEY=value without references');
  }
  const { key, value: defaultValue } = entry;
  if (annotation === undefined) throw templateError(line, `${key} has no #: line above it`);
  if (context.section === undefined) throw templateError(line, `${key} stands before the first ## heading`);
  if (context.help.length === 0) throw templateError(line, `${key} has no comment for people`);
  if (annotation.type === 'choice' && defaultValue !== '' && !annotation.choices.includes(defaultValue)) {
    throw templateError(line, `the value of ${key} is none of its choices`);
  }
  if (annotation.isSecret && defaultValue !== '' && !annotation.isPlaceholder) {
    throw templateError(line, `${key} is a secret and has a value: a template must not ship one`);
  }
  return { key, section: context.section, help: context.help, defaultValue, ...annotation };
}

function readHeader(line: string | undefined): Pick<Template, 'version' | 'mode'> {
  const header = headerPattern.exec(line ?? '')?.groups;
  const mode = header?.mode ?? '';
  if (header?.version === undefined || !isMode(mode)) {
    throw templateError(1, 'expected "#! homeiq template version N for test" (or production)');
  }
  return { version: Number(header.version), mode };
}

/** Throws a UserError with the number of the line for everything that the format (README, "Templates") does not allow. */
export function parseTemplate(text: string): Template {
  const lines = text.split(/\r?\n/);
  const fields: TemplateField[] = [];
  const sections: string[] = [];
  let help: string[] = [];
  let annotation: Annotation | undefined;
  for (const [index, raw] of lines.entries()) {
    const number = index + 1;
    const heading = headingText(raw);
    if (index === 0) continue;
    if (raw.trim() === '' || heading !== undefined) {
      if (annotation !== undefined) throw templateError(number, 'the #: line above has no key');
      if (heading !== undefined) sections.push(heading);
      help = [];
    } else if (raw.startsWith('#:')) {
      if (annotation !== undefined) throw templateError(number, 'the #: line above has no key');
      annotation = readAnnotation(raw, number);
    } else if (raw.startsWith('#')) {
      if (annotation !== undefined) throw templateError(number, 'a comment stands above its #: line');
      help.push(raw.replace(/^# ?/, ''));
    } else {
      const field = readField(raw, number, annotation, { section: sections.at(-1), help });
      if (fields.some(({ key }) => key === field.key))
        throw templateError(number, `${field.key} is there twice`);
      fields.push(field);
      annotation = undefined;
      help = [];
    }
  }
  if (annotation !== undefined) throw templateError(lines.length, 'the #: line above has no key');
  return { ...readHeader(lines[0]), sections, fields, text };
}

/** What is wrong with an env document, measured by its template. Messages never hold a value. */

import { homeAssistantKeys } from '../home-assistant/keys.ts';
import { nearestWord } from '../text/nearest-word.ts';
import type { EnvDocument } from './env-document.ts';
import { findProblems } from './problems.ts';
import { isPublishedSecret } from './published-secrets.ts';
import { createSecretTest } from './secret-keys.ts';
import type { TemplateField } from './template-field.ts';
import { checkValue } from './validate.ts';
import { documentValues, type EnvValues } from './values.ts';

export type EnvFinding = {
  readonly kind:
    | 'missing'
    | 'unknown'
    | 'malformed'
    | 'duplicate'
    | 'inherited'
    | 'unset-reference'
    | 'invalid'
    | 'published-secret'
    | 'foreign'
    | 'exposed';
  /** A `problem` makes the check fail; a `note` is only worth knowing. */
  readonly severity: 'problem' | 'note';
  readonly key: string | undefined;
  readonly message: string;
  readonly mend: string | undefined;
};

/** Given out by a service that the operator leaves out: nothing will ask for it, and no set-up adds it. */
const isOfLeftOut = (key: string, values: EnvValues): boolean =>
  key === homeAssistantKeys.token && values.HOMEIQ_HOME_ASSISTANT_TEST_ON === '0';

function findMissing(fields: readonly TemplateField[], document: EnvDocument): readonly EnvFinding[] {
  const values = documentValues(document);
  return fields.flatMap((field): readonly EnvFinding[] => {
    const { key, isRequired, isGenerated } = field;
    if ((values[key] ?? '') !== '' || (Object.hasOwn(values, key) && !isRequired)) return [];
    if (isGenerated && isOfLeftOut(key, values)) return [];
    return [
      {
        kind: 'missing',
        severity: isRequired ? 'problem' : 'note',
        key,
        message: `${key} (${field.label}) is ${Object.hasOwn(values, key) ? 'empty' : 'missing'}.`,
        mend: isRequired && !isGenerated ? 'Give it a value: homeiq' : 'A set-up adds it.',
      },
    ];
  });
}

/** Of more keys than this the operator has not mistyped each. */
const mostSuggested = 100;

function findUnknown(
  document: EnvDocument,
  fields: readonly TemplateField[],
  otherKeys: readonly string[],
): readonly EnvFinding[] {
  const known = new Set([...fields.map(({ key }) => key), ...otherKeys]);
  return Object.keys(documentValues(document))
    .filter(key => !known.has(key))
    .map((key, index) => {
      const nearest = index < mostSuggested ? nearestKey(key, [...known]) : undefined;
      return {
        kind: 'unknown',
        severity: 'note',
        key,
        message: `${key} is no setting of homeiq; it is kept.`,
        mend: nearest === undefined ? undefined : `Did you mean ${nearest}?`,
      };
    });
}

/** The known key that was probably meant. */
export function nearestKey(key: string, known: readonly string[]): string | undefined {
  const byLowerCase = new Map(known.map(name => [name.toLowerCase(), name]));
  const nearest = nearestWord(key, [...byLowerCase.keys()]);
  return nearest === undefined ? undefined : byLowerCase.get(nearest);
}

const lineFindings = {
  unreadable: { kind: 'malformed', severity: 'problem', mend: undefined },
  duplicate: { kind: 'duplicate', severity: 'problem', mend: undefined },
  inherited: { kind: 'inherited', severity: 'note', mend: undefined },
  'unset-reference': {
    kind: 'unset-reference',
    severity: 'note',
    mend: 'If the dollar belongs to the value, put the value in single quotes.',
  },
} as const;

const findLineProblems = (document: EnvDocument): readonly EnvFinding[] =>
  findProblems(document).map(({ kind, key, message }) => ({ ...lineFindings[kind], key, message }));

function findInvalid(fields: readonly TemplateField[], document: EnvDocument): readonly EnvFinding[] {
  const values = documentValues(document);
  return fields.flatMap((field): readonly EnvFinding[] => {
    const problem = checkValue(field, values[field.key] ?? '');
    if (problem === undefined) return [];
    const message = `${field.key}: ${problem}`;
    return [{ kind: 'invalid', severity: 'problem', key: field.key, message, mend: undefined }];
  });
}

/** The keys whose value is a secret that everybody knows. */
export async function findPublishedSecrets(
  values: Readonly<Record<string, string>>,
  isSecret: (key: string) => boolean,
): Promise<readonly string[]> {
  const keys = Object.keys(values).filter(isSecret);
  const judged = await Promise.all(keys.map(key => isPublishedSecret(values[key] ?? '')));
  return keys.filter((_, index) => judged[index]);
}

/** `otherKeys`: what the stack reads besides the template's keys. */
export async function checkDocument(
  document: EnvDocument,
  fields: readonly TemplateField[],
  otherKeys: readonly string[],
): Promise<readonly EnvFinding[]> {
  const published = await findPublishedSecrets(documentValues(document), createSecretTest(fields));
  return [
    ...findLineProblems(document),
    ...findMissing(fields, document),
    ...findInvalid(fields, document),
    ...published.map(
      (key): EnvFinding => ({
        kind: 'published-secret',
        severity: 'problem',
        key,
        message: `${key} has a value that HomeIQ publishes: everybody knows it.`,
        mend: 'Give it one of your own, or empty it and run a set-up: homeiq makes what it can.',
      }),
    ),
    ...findUnknown(document, fields, otherKeys),
  ];
}

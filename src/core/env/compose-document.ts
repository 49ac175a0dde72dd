/** From a template, what is there, and what is answered to the env document of a mode. Pure: chance comes in. */

import { deriveKeys } from './derive.ts';
import type { EnvDocument } from './env-document.ts';
import {
  addMissingKeys,
  commentOutUnreadable,
  startFromTemplate,
  type TemplateText,
} from './merge-template.ts';
import { findProblems } from './problems.ts';
import type { TemplateField, ValueOrigin } from './template-field.ts';
import { documentValues, type EnvValues, setValues } from './values.ts';

export type ComposeInput = {
  readonly template: TemplateText;
  /** The mode's own document, as the operator left it. */
  readonly current?: EnvDocument | undefined;
  /** The other mode's document: shared keys have one value for both. */
  readonly sharedFrom?: EnvDocument | undefined;
  /** The other mode is the one that runs: its shared values are newer than the current document's. */
  readonly isOtherActive?: boolean;
  /** What was typed or given from outside; wins over everything but what the mode fixes. */
  readonly answers: EnvValues;
  /** What stands in for what only a person could give (sandbox, rehearsal); also what a level fixes. */
  readonly standIns: EnvValues;
  /** What this machine knows, for example `TZ`. */
  readonly machine: EnvValues;
  /** A new secret; asked only for keys that have none. */
  readonly generate: (key: string) => string;
};

export type ComposedDocument = {
  readonly document: EnvDocument;
  /** As Compose reads them; keys that the template does not know included. */
  readonly values: EnvValues;
  /** For every key of `values`. */
  readonly origins: Readonly<Record<string, ValueOrigin>>;
  /** Said to the operator: what could not be kept as it was. Without values of secrets. */
  readonly notes: readonly string[];
};

type Chosen = { readonly value: string; readonly origin: ValueOrigin };

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

/** Tokens that a server gives out during a run; every other generated secret is random and made here. */
const keysToldByRun: readonly string[] = ['INFLUXDB_TOKEN', 'HA_TOKEN'];

/** Made by a server for the mode, and stored when a run is told. */
export const isToldByRun = (field: TemplateField): boolean =>
  field.isGenerated && keysToldByRun.includes(field.key);

const isRandom = (field: TemplateField): boolean =>
  field.isGenerated && field.isSecret && !isToldByRun(field);

/** Follows from the mode and from nothing else. What both modes share may be the operator's decision after all. */
const isOfMode = (field: TemplateField): boolean =>
  field.isFixed && field.scope === 'mode' && field.derivedFrom === undefined;

/** The plan decides these anew after every change of a setting. */
const isOfPlan = (field: TemplateField): boolean => /^HOMEIQ_\w+_HELD$/.test(field.key);

function chooseOfMode(field: TemplateField, input: ComposeInput): Chosen {
  const standIn = input.standIns[field.key];
  return standIn === undefined
    ? { value: field.defaultValue, origin: 'default' }
    : { value: standIn, origin: 'stand-in' };
}

/** Where a value that was there before came from in the first place, as far as it can be told. */
function originOfKept(field: TemplateField, value: string, input: ComposeInput): ValueOrigin {
  if (field.isGenerated) return isRandom(field) ? 'generated' : 'run';
  if (value === input.standIns[field.key]) return 'stand-in';
  return value === field.defaultValue ? 'default' : 'current';
}

function chooseFree(
  field: TemplateField,
  input: ComposeInput,
  current: EnvValues,
  shared: EnvValues,
): Chosen {
  const { key } = field;
  const answer = input.answers[key];
  if (answer !== undefined) return { value: answer, origin: 'answer' };
  const other = field.scope === 'shared' ? shared[key] : undefined;
  const kept = (input.isOtherActive === true ? [other, current[key]] : [current[key], other]).find(isSet);
  if (kept !== undefined) return { value: kept, origin: originOfKept(field, kept, input) };
  const standIn = input.standIns[key];
  if (isSet(standIn)) return { value: standIn, origin: 'stand-in' };
  if (isRandom(field)) return { value: input.generate(key), origin: 'generated' };
  // Emptied by the operator, and the mode can do without.
  if (current[key] === '' && !field.isRequired) return { value: '', origin: 'none' };
  const known = input.machine[key];
  if (isSet(known)) return { value: known, origin: 'machine' };
  return field.defaultValue === ''
    ? { value: '', origin: 'none' }
    : { value: field.defaultValue, origin: 'default' };
}

/** Says so where somebody changed what follows from the mode. */
function describeOfMode(
  field: TemplateField,
  value: string,
  current: EnvValues,
  answers: EnvValues,
): string[] {
  if (isOfPlan(field)) return [];
  const had = current[field.key];
  const show = (text: string): string => (field.isSecret ? 'the other value' : JSON.stringify(text));
  return [
    ...(isSet(had) && had !== value
      ? [`${field.key} follows from the mode: ${show(had)} becomes ${show(value)}.`]
      : []),
    ...(answers[field.key] !== undefined && answers[field.key] !== value
      ? [
          `${field.key} follows from the mode and cannot be set: ${show(answers[field.key] ?? '')} is not used.`,
        ]
      : []),
  ];
}

/** Values that follow from others. A WebSocket address written by hand stays while what it follows from stays. */
function derive(fields: readonly TemplateField[], chosen: Map<string, Chosen>, current: EnvValues): void {
  const values = Object.fromEntries([...chosen].map(([key, { value }]) => [key, value]));
  const derived: EnvValues = deriveKeys(values);
  for (const { key, derivedFrom } of fields) {
    if (derivedFrom === undefined) continue;
    const had = current[key] ?? '';
    const isKept = values[derivedFrom] === current[derivedFrom] && /^wss?:\/\//i.test(had);
    const value = isKept ? had : derived[key];
    if (value !== undefined)
      chosen.set(key, { value, origin: value === derived[key] ? 'default' : 'current' });
  }
}

/** Keys beyond the template: from the level and the answers; what the operator added is in the document anyway. */
function chooseExtra(
  input: ComposeInput,
  current: EnvValues,
  known: ReadonlySet<string>,
): Map<string, Chosen> {
  const extra = new Map<string, Chosen>();
  for (const [key, value] of Object.entries(current)) {
    if (!known.has(key)) extra.set(key, { value, origin: 'current' });
  }
  for (const [key, value] of Object.entries(input.standIns)) {
    if (!known.has(key) && !isSet(current[key])) extra.set(key, { value, origin: 'stand-in' });
  }
  for (const [key, value] of Object.entries(input.answers)) {
    if (!known.has(key)) extra.set(key, { value, origin: 'answer' });
  }
  return extra;
}

/**
 * The document that would be written. It is the operator's own with the keys that the template has more; without one,
 * the template's text. Of a key's values wins: the answer, the current one, the other mode's (shared keys), the
 * stand-in, a generated secret, what the machine knows, the template's. A secret that exists is never made anew.
 */
export function composeDocument(input: ComposeInput): ComposedDocument {
  const { template } = input;
  const base =
    input.current === undefined
      ? startFromTemplate(template)
      : addMissingKeys(commentOutUnreadable(input.current), template);
  const current = input.current === undefined ? {} : documentValues(input.current);
  const shared = input.sharedFrom === undefined ? {} : documentValues(input.sharedFrom);
  const notes = (input.current === undefined ? [] : findProblems(input.current)).flatMap(problem =>
    problem.kind === 'unreadable' ? [`.env: ${problem.message} It is kept as a comment.`] : [],
  );

  const chosen = new Map<string, Chosen>();
  for (const field of template.fields) {
    const choice = isOfMode(field) ? chooseOfMode(field, input) : chooseFree(field, input, current, shared);
    chosen.set(field.key, choice);
    if (isOfMode(field)) notes.push(...describeOfMode(field, choice.value, current, input.answers));
  }
  derive(template.fields, chosen, current);
  const known = new Set(template.fields.map(({ key }) => key));
  for (const [key, extra] of chooseExtra(input, current, known)) chosen.set(key, extra);

  const wanted = Object.fromEntries([...chosen].map(([key, { value }]) => [key, value]));
  const document = setValues(base, wanted);
  return {
    document,
    values: documentValues(document),
    origins: Object.fromEntries([...chosen].map(([key, { origin }]) => [key, origin])),
    notes,
  };
}

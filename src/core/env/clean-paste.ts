/** What terminals, browsers and chat programs add to a value on its way through the clipboard. */

import type { TemplateField } from './template-field.ts';

export type CleanedPaste = {
  readonly value: string;
  /** What was taken away, one sentence each; empty when nothing was. */
  readonly notes: readonly string[];
};

type Rule = {
  readonly note: string;
  readonly apply: (text: string, field: TemplateField) => string;
};

// CSI, OSC and the two-character sequences; also the paste brackets whose ESC was eaten on the way.
const escapeSequences =
  /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|\x1b|\[20[01]~/g;
const controls = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0080-\u009f]/g;
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
const otherSpaces = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;
const quotePairs: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['\u201c', '\u201d'],
  ['\u2018', '\u2019'],
];

/** A value that may hold spaces keeps the place of a line end; any other was only wrapped. */
const isFreeText = (field: TemplateField): boolean => field.type === 'text' && !field.isSecret;

function stripQuotes(text: string): string {
  const pair = quotePairs.find(
    ([open, close]) => text.length > 1 && text.startsWith(open) && text.endsWith(close),
  );
  return pair === undefined ? text : stripQuotes(text.slice(1, -1).trim());
}

/** In the order in which they are applied; a later rule sees what an earlier one left. */
const rules: readonly Rule[] = [
  {
    note: 'Control sequences of the terminal were removed.',
    apply: text => text.replaceAll(escapeSequences, '').replaceAll(controls, ''),
  },
  {
    note: 'Invisible characters were removed.',
    apply: text => text.replaceAll(invisible, '').replaceAll(otherSpaces, ' '),
  },
  { note: 'Spaces or line ends around it were removed.', apply: text => text.trim() },
  {
    note: 'Line ends inside it were removed.',
    apply: (text, field) => text.replaceAll(/[ \t]*[\r\n]+[ \t]*/g, isFreeText(field) ? ' ' : ''),
  },
  { note: 'A tab in it became a space.', apply: text => text.replaceAll('\t', ' ') },
  {
    note: 'The name of the setting in front of it was removed.',
    apply: (text, field) => {
      const prefix = new RegExp(`^(?:export\\s+)?${field.key}\\s*=\\s*`);
      return text.replace(prefix, '');
    },
  },
  { note: 'The quotes around it were removed.', apply: stripQuotes },
  {
    note: '“Bearer” in front of the token was removed.',
    apply: (text, field) =>
      field.type === 'token' || field.isSecret
        ? text.replace(/^(?:authorization:\s*)?(?:bearer|token)\s+(?=\S)/i, '')
        : text,
  },
];

/** Takes away what cannot be meant, and says so. A value without such things comes back as it is. */
export function cleanPaste(field: TemplateField, text: string): CleanedPaste {
  const notes = new Set<string>();
  let value = text;
  // What one rule takes away may have hidden what an earlier one is for: quotes behind “Bearer”.
  for (let before: string | undefined; before !== value; ) {
    before = value;
    for (const rule of rules) {
      const next = rule.apply(value, field);
      if (next !== value) notes.add(rule.note);
      value = next;
    }
  }
  return { value, notes: [...notes] };
}

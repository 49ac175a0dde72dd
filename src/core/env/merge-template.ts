/** The text side of a new document: from a template, or an operator's document with what a newer template adds. */

import { type EnvDocument, type EnvLine, emptyDocument, findEntry, isEntry } from './env-document.ts';
import { parseEnv } from './parse.ts';
import type { TemplateField } from './template-field.ts';
import { closeLastLine, lineEndOf, withLineEnd } from './values.ts';

export type TemplateText = { readonly text: string; readonly fields: readonly TemplateField[] };

/**
 * The template without its annotations (`#:` and `#!`): they describe the form, mean nothing in a `.env`, and would
 * be out of date there as soon as a newer template came.
 */
export function startFromTemplate(template: TemplateText): EnvDocument {
  const document = parseEnv(template.text);
  const lines = document.lines.filter(line => line.kind !== 'comment' || !/^\s*#[:!]/.test(line.raw));
  return { hasByteOrderMark: false, lines: lines.slice(lines.findIndex(line => line.kind !== 'blank')) };
}

type Block = {
  readonly key: string;
  /** The comments directly above and the entry. */
  readonly lines: readonly EnvLine[];
  /** Blank lines stand above it in the template. */
  readonly isApart: boolean;
};

const isHeading = (line: EnvLine): boolean => line.kind === 'comment' && /^\s*##\s/.test(line.raw);

function blocksOf(document: EnvDocument): readonly Block[] {
  const blocks: Block[] = [];
  let above: EnvLine[] = [];
  let isApart = false;
  for (const line of document.lines) {
    if (line.kind === 'blank' || isHeading(line)) {
      above = [];
      isApart = true;
    } else if (isEntry(line)) {
      blocks.push({ key: line.key, lines: [...above, line], isApart });
      above = [];
      isApart = false;
    } else {
      above.push(line);
    }
  }
  return blocks;
}

/** After the nearest earlier key of the same section that is there; else after the section's heading; else undefined. */
function findPlace(
  lines: readonly EnvLine[],
  field: TemplateField,
  fields: readonly TemplateField[],
): number | undefined {
  const earlier = fields.slice(0, fields.indexOf(field)).filter(({ section }) => section === field.section);
  for (const { key } of earlier.toReversed()) {
    const at = lines.findLastIndex(line => isEntry(line) && line.key === key);
    if (at !== -1) return at + 1;
  }
  const heading = lines.findIndex(line => isHeading(line) && line.raw.trim() === `## ${field.section}`);
  return heading === -1 ? undefined : heading + 1;
}

/** `current` with a block from the template for every key that it lacks; nothing else changes. */
export function addMissingKeys(current: EnvDocument, template: TemplateText): EnvDocument {
  const lineEnd = lineEndOf(current);
  const blank: EnvLine = { kind: 'blank', raw: lineEnd };
  let lines = closeLastLine(current.lines, lineEnd);
  for (const block of blocksOf(startFromTemplate(template))) {
    const field = template.fields.find(({ key }) => key === block.key);
    if (field === undefined || findEntry({ ...emptyDocument, lines }, block.key) !== undefined) continue;
    const written = block.lines.map(line => ({ ...line, raw: withLineEnd(line.raw, lineEnd) }));
    const place = findPlace(lines, field, template.fields);
    if (place === undefined) {
      const heading: EnvLine = { kind: 'comment', raw: `## ${field.section}${lineEnd}` };
      const gap = lines.length === 0 ? [] : [blank];
      lines = [...lines, ...gap, heading, ...written];
    } else {
      const gap = block.isApart && lines[place - 1]?.kind === 'entry' ? [blank] : [];
      lines = [...lines.slice(0, place), ...gap, ...written, ...lines.slice(place)];
    }
  }
  return { ...current, lines };
}

/** Lines that Compose could not read become comments, so that nothing of them is lost and Compose can read the rest. */
export function commentOutUnreadable(document: EnvDocument): EnvDocument {
  return {
    ...document,
    lines: document.lines.map(line =>
      line.kind === 'unreadable' ? { kind: 'comment', raw: `# not readable: ${line.raw.trimStart()}` } : line,
    ),
  };
}

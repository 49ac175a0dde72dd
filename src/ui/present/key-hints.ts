/** Keys as data: a screen's bindings are one table, from which its footer, its help and its handling are made. */

import { fitCells, lineWidth, textWidth } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { type Line, type Span, span } from './tone.ts';

/** One command of a screen and the keys that give it. */
export type KeyBinding<Command extends string = string> = {
  readonly command: Command;
  /** Canonical names, as the key normaliser tells them. */
  readonly keys: readonly string[];
  /** What the footer says, in one or two words; undefined: in the help only. */
  readonly label: string | undefined;
  /** What the help says. */
  readonly explanation: string;
  /** How the keys are written, where the joined names would be long, for example `1–9`. */
  readonly display?: string;
};

/** One line of a table. Without a label it is in the help only. */
export const bind = <Command extends string>(
  command: Command,
  keys: readonly string[],
  label: string | undefined,
  explanation: string,
  display?: string,
): KeyBinding<Command> => ({
  command,
  keys,
  label,
  explanation,
  ...(display === undefined ? {} : { display }),
});

/** The command of `key` in a table; undefined when the screen has no use for it. */
export const findCommand = <Command extends string>(
  bindings: readonly KeyBinding<Command>[],
  key: string,
): Command | undefined => bindings.find(binding => binding.keys.includes(key))?.command;

const keyNames = (glyphs: Glyphs): Readonly<Record<string, string>> => ({
  up: glyphs.arrowUp,
  down: glyphs.arrowDown,
  right: glyphs.arrowRight,
  left: glyphs.arrowLeft,
  escape: 'esc',
  'page-up': 'pgup',
  'page-down': 'pgdn',
});

/** The keys of a binding as a person reads them. */
function keyText(binding: KeyBinding, glyphs: Glyphs): string {
  if (binding.display !== undefined) return binding.display;
  const names = keyNames(glyphs);
  return binding.keys.map(key => names[key] ?? key).join(' ');
}

/**
 * The footer: `enter continue · esc back · ? keys`. What does not fit is left out from the end;
 * the last hint (the way to all keys) is always there.
 */
export function footerLine(bindings: readonly KeyBinding[], columns: number, glyphs: Glyphs): Line {
  const hints = bindings
    .filter(binding => binding.label !== undefined)
    .map(binding => [
      span(binding.display ?? keyText({ ...binding, keys: binding.keys.slice(0, 1) }, glyphs), 'accent'),
      span(` ${binding.label ?? ''}`, 'dim'),
    ]);
  const last = hints.at(-1);
  if (last === undefined) return [];
  const gap = span(` ${glyphs.separator} `, 'dim');
  const shown: Span[] = [];
  let room = columns - lineWidth(last);
  for (const hint of hints.slice(0, -1)) {
    const width = lineWidth(hint) + textWidth(gap.text);
    if (width > room) break;
    room -= width;
    shown.push(...hint, gap);
  }
  return [...shown, ...last];
}

/** The help: one line a command, no wider than `columns`. */
export function helpLines(bindings: readonly KeyBinding[], columns: number, glyphs: Glyphs): readonly Line[] {
  const keysWidth = Math.min(
    16,
    Math.max(...bindings.map(binding => textWidth(keyText(binding, glyphs))), 1),
  );
  return bindings.map(binding => [
    span(fitCells(keyText(binding, glyphs), keysWidth, 'left', glyphs.ellipsis), 'accent'),
    span(
      `  ${fitCells(binding.explanation, Math.max(0, columns - keysWidth - 2), 'left', glyphs.ellipsis)}`.trimEnd(),
    ),
  ]);
}

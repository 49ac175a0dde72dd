/**
 * What the operator did at the keyboard, made even. Ink hands over whatever came in one read: several keys in one
 * string, a pasted text, or the two halves of an arrow key that a slow line has torn apart.
 */

import type { Key } from 'ink';

/** `key` is a canonical name: a printable character as typed, `space`, `enter`, `escape`, `up`, `ctrl-c`, `alt-x` … */
export type KeyEvent =
  | {
      readonly kind: 'key';
      readonly key: string;
      /** What it types into a text field; empty when it types nothing. */
      readonly text: string;
    }
  /** Pasted as one piece; control characters but line breaks and tabs are taken out. */
  | {
      readonly kind: 'paste';
      readonly text: string;
      /** Something was taken out. */
      readonly isCleaned?: true;
    };

export type KeyNormaliser = {
  /** To be given to Ink's `useInput`. */
  readonly input: (input: string, key: Key) => void;
  /** To be given to Ink's `usePaste`. */
  readonly paste: (text: string) => void;
  /** Drops what is held back; nothing is told afterwards. */
  readonly dispose: () => void;
};

/** How long an Escape waits for the rest of a torn sequence, in milliseconds. */
export const escapeHoldMs = 50;

const namedKeys: readonly (readonly [keyof Key, string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'page-up'],
  ['pageDown', 'page-down'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
];

/** The ends of the sequences that terminals send for keys, without their Escape (xterm, vt220, rxvt, PuTTY). */
const tails: Readonly<Record<string, string>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  '[H': 'home',
  '[F': 'end',
  '[Z': 'shift-tab',
  '[1~': 'home',
  '[3~': 'delete',
  '[4~': 'end',
  '[5~': 'page-up',
  '[6~': 'page-down',
  '[7~': 'home',
  '[8~': 'end',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  OH: 'home',
  OF: 'end',
};
const completeTail = /^(?:\[[0-9;]*[A-Za-z~]|O[A-Z])/;
const startedTail = /^(?:\[[0-9;]*|O)$/;

const pressed = (key: string, text = ''): KeyEvent => ({ kind: 'key', key, text });

const lineBreaksAndTabs: Readonly<Record<string, string>> = { '\r': 'enter', '\n': 'enter', '\t': 'tab' };

/** `ctrl-a` for the character that a terminal sends for it; undefined for any other. */
function controlKey(character: string): string | undefined {
  const letter = String.fromCharCode(character.charCodeAt(0) + 0x60);
  return /^[\x01-\x1a]$/.test(character) ? `ctrl-${letter}` : undefined;
}

/** The keys in a string that came in one read. Control characters that are no key are left out. */
export function splitTyped(input: string): readonly KeyEvent[] {
  const events: KeyEvent[] = [];
  for (const character of input.replaceAll('\r\n', '\r')) {
    const name = lineBreaksAndTabs[character] ?? controlKey(character);
    if (name !== undefined) events.push(pressed(name));
    else if (character === ' ') events.push(pressed('space', ' '));
    else if (!/\p{Control}/u.test(character)) events.push(pressed(character, character));
  }
  return events;
}

/** A pasted text that can do no harm in a terminal: escape sequences and control characters are gone. */
const cleanPaste = (text: string): string =>
  text
    .replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)/g, '')
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, '');

/** One call of Ink's `useInput` as keys, without regard to what came before. */
function readInput(input: string, key: Key): readonly KeyEvent[] {
  if (key.escape) return [pressed('escape')];
  if (key.tab && input === '') return [pressed(key.shift ? 'shift-tab' : 'tab')];
  const named = namedKeys.find(([flag]) => key[flag] === true);
  if (named !== undefined) return [pressed(named[1])];
  if (key.ctrl && input !== '') return [pressed(`ctrl-${input === ' ' ? 'space' : input.toLowerCase()}`)];
  if (key.meta && input !== '') return [pressed(`alt-${input}`)];
  return splitTyped(input);
}

/**
 * Makes key events from Ink's input. An Escape is held back for `escapeHoldMs`: if the rest of an arrow key follows,
 * the arrow key is told, else the Escape. Nothing is lost and nothing is typed by a torn sequence.
 */
export function createKeyNormaliser(emit: (event: KeyEvent) => void): KeyNormaliser {
  let held: { tail: string; timer: ReturnType<typeof setTimeout> } | undefined;

  const release = (): void => {
    if (held === undefined) return;
    clearTimeout(held.timer);
    held = undefined;
    // A tail that was started and never ended is the rubbish of a broken line: only the Escape is told.
    emit(pressed('escape'));
  };

  const hold = (): void => {
    held = { tail: '', timer: setTimeout(release, escapeHoldMs) };
  };

  /** True when `input` belongs to the sequence that the held Escape began. */
  const continueHeld = (input: string): boolean => {
    if (held === undefined || input === '') return false;
    const tail = held.tail + input;
    const complete = completeTail.exec(tail)?.[0];
    if (complete !== undefined) {
      clearTimeout(held.timer);
      held = undefined;
      const name = tails[complete];
      if (name !== undefined) emit(pressed(name));
      for (const event of splitTyped(tail.slice(complete.length))) emit(event);
      return true;
    }
    if (!startedTail.test(tail)) return false;
    held.tail = tail;
    return true;
  };

  return {
    input: (input, key) => {
      if (!key.escape && continueHeld(input)) return;
      release();
      for (const event of readInput(input, key)) {
        if (event.kind === 'key' && event.key === 'escape') hold();
        else emit(event);
      }
    },
    paste: text => {
      release();
      const clean = cleanPaste(text);
      if (clean === '') return;
      emit({ kind: 'paste', text: clean, ...(clean === text ? {} : { isCleaned: true as const }) });
    },
    dispose: () => {
      if (held !== undefined) clearTimeout(held.timer);
      held = undefined;
    },
  };
}

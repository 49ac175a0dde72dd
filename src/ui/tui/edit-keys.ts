/** Keys as changes of a line of text that is being typed. The same in every text field. */

import type { TextEdit } from '../../core/text/text-buffer.ts';
import type { KeyEvent } from './keys.ts';

const editingKeys: Readonly<Record<string, Exclude<TextEdit['kind'], 'insert'>>> = {
  backspace: 'backspace',
  'ctrl-h': 'backspace',
  delete: 'delete',
  'ctrl-d': 'delete',
  left: 'left',
  right: 'right',
  home: 'home',
  'ctrl-a': 'home',
  end: 'end',
  'ctrl-e': 'end',
  'ctrl-u': 'clear',
  'ctrl-w': 'delete-word',
};

/** Undefined: the key changes no text. A value is one line: line breaks of a pasted text are taken out. */
export function readEdit(event: KeyEvent): TextEdit | undefined {
  if (event.kind === 'paste') return { kind: 'insert', text: event.text.replace(/[\r\n\t]+/g, '') };
  const kind = editingKeys[event.key];
  if (kind !== undefined) return { kind };
  return event.text === '' ? undefined : { kind: 'insert', text: event.text };
}

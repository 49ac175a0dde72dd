/** A line of text that is being edited: pure, and by characters as people see them. */

export type TextBuffer = {
  readonly text: string;
  /** Offset in `text` (UTF-16 units), always between two characters. */
  readonly cursor: number;
};

export type TextEdit =
  | { readonly kind: 'insert'; readonly text: string }
  | { readonly kind: 'backspace' | 'delete' | 'left' | 'right' | 'home' | 'end' | 'clear' | 'delete-word' };

export const textBuffer = (text: string): TextBuffer => ({ text, cursor: text.length });

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function previousBoundary(buffer: TextBuffer): number {
  const before = [...segmenter.segment(buffer.text.slice(0, buffer.cursor))];
  return before.at(-1)?.index ?? 0;
}

function nextBoundary(buffer: TextBuffer): number {
  const [first] = segmenter.segment(buffer.text.slice(buffer.cursor));
  return buffer.cursor + (first?.segment.length ?? 0);
}

const cut = (buffer: TextBuffer, from: number, to: number): TextBuffer => ({
  text: buffer.text.slice(0, from) + buffer.text.slice(to),
  cursor: from,
});

export function editText(buffer: TextBuffer, edit: TextEdit): TextBuffer {
  switch (edit.kind) {
    case 'insert':
      return {
        text: buffer.text.slice(0, buffer.cursor) + edit.text + buffer.text.slice(buffer.cursor),
        cursor: buffer.cursor + edit.text.length,
      };
    case 'backspace':
      return cut(buffer, previousBoundary(buffer), buffer.cursor);
    case 'delete':
      return cut(buffer, buffer.cursor, nextBoundary(buffer));
    case 'delete-word': {
      const start = buffer.text.slice(0, buffer.cursor).search(/\S+\s*$/);
      return cut(buffer, Math.max(0, start), buffer.cursor);
    }
    case 'left':
      return { ...buffer, cursor: previousBoundary(buffer) };
    case 'right':
      return { ...buffer, cursor: nextBoundary(buffer) };
    case 'home':
      return { ...buffer, cursor: 0 };
    case 'end':
      return { ...buffer, cursor: buffer.text.length };
    case 'clear':
      return { text: '', cursor: 0 };
  }
}

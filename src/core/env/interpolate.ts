/** References to other variables in a value, read as Compose reads them in bare and double-quoted values. */

export type Lookup = (name: string) => string | undefined;

export type Interpolated =
  | { readonly kind: 'value'; readonly value: string; readonly hasReferences: boolean }
  /** Compose refuses the file. */
  | { readonly kind: 'error'; readonly reason: string };

/** The system gives a process no longer variable; keys that double one another would fill the memory. */
const longestValue = 128 * 1024;
const deepestReference = 50;

/** With the letters that Go and Unicode fold into ASCII ones (the long s and the Kelvin sign). */
const namePattern = /[a-z_][a-z0-9_]*/iuy;

function nameAt(text: string, position: number): string | undefined {
  namePattern.lastIndex = position;
  return namePattern.exec(text)?.[0];
}

/** The index of the brace that closes the one at `open`, or -1. */
function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let index = open; index < text.length; index++) {
    if (text[index] === '{') depth++;
    if (text[index] === '}' && --depth === 0) return index;
  }
  return -1;
}

/** What stands between the braces: a name, alone or with `:-`, `-`, `:+`, `+`, `:?` or `?` and a text. */
function expandBraced(inner: string, lookup: Lookup, depth: number): Interpolated {
  const name = nameAt(inner, 0);
  const operator = /^(:?)([-+?])/.exec(inner.slice(name?.length ?? 0));
  if (name === undefined || (operator === null && name.length < inner.length)) {
    return { kind: 'error', reason: `\${${inner}} is not a reference that Compose understands` };
  }
  const found = lookup(name);
  if (operator === null) return { kind: 'value', value: found ?? '', hasReferences: true };
  const word = inner.slice(name.length + operator[0].length);
  const isMissing = found === undefined || (operator[1] === ':' && found === '');
  if (operator[2] === '?' && isMissing) {
    return { kind: 'error', reason: `${name} has no value, and this line demands one` };
  }
  const usesWord = operator[2] === '-' ? isMissing : operator[2] === '+' && !isMissing;
  if (!usesWord) return { kind: 'value', value: found ?? '', hasReferences: true };
  const nested = expand(word, lookup, depth + 1);
  return nested.kind === 'error' ? nested : { ...nested, hasReferences: true };
}

/**
 * Replaces `$NAME` and `${NAME…}` by what `lookup` finds (empty when it finds nothing) and `$$` by one dollar.
 * The rules are those of compose-go's `template.Substitute`.
 */
export const interpolate = (text: string, lookup: Lookup): Interpolated => expand(text, lookup, 0);

function expand(text: string, lookup: Lookup, depth: number): Interpolated {
  if (depth > deepestReference)
    return { kind: 'error', reason: 'references in references, too many to follow' };
  let value = '';
  let hasReferences = false;
  let position = 0;
  for (;;) {
    if (hasReferences && value.length > longestValue) {
      return { kind: 'error', reason: 'its references stand for more than a variable can hold' };
    }
    const dollar = text.indexOf('$', position);
    if (dollar === -1) return { kind: 'value', value: value + text.slice(position), hasReferences };
    value += text.slice(position, dollar);
    const next = text[dollar + 1];
    const name = nameAt(text, dollar + 1);
    if (next === '$') {
      value += '$';
      position = dollar + 2;
    } else if (name !== undefined) {
      value += lookup(name) ?? '';
      hasReferences = true;
      position = dollar + 1 + name.length;
    } else if (next === '{') {
      const close = closingBrace(text, dollar + 1);
      if (close === -1) return { kind: 'error', reason: 'a ${ that is never closed' };
      const braced = expandBraced(text.slice(dollar + 2, close), lookup, depth);
      if (braced.kind === 'error') return braced;
      value += braced.value;
      hasReferences = true;
      position = close + 1;
    } else {
      value += '$';
      position = dollar + 1;
    }
  }
}

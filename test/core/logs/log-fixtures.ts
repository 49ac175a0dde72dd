/** Lines of logs as the tests need them. */

import type { LogEntry } from '../../../src/core/logs/log-entry.ts';

export const logStartMs = Date.UTC(2026, 0, 5, 12);

/** One line a second, unless told otherwise. */
export function makeEntry(change: Partial<LogEntry> & { readonly id: number }): LogEntry {
  const atMs = change.atMs ?? logStartMs + change.id * 1_000;
  return {
    service: 'data-api',
    at: new Date(atMs).toISOString(),
    atMs,
    stream: 'stdout',
    level: undefined,
    text: `line ${change.id}`,
    ...change,
  };
}

/** What has been used against terminals, and what breaks the drawing of lines. All ends in the word `end`. */
export const attacks: Readonly<Record<string, string>> = {
  title: '\x1b]0;owned\x07end',
  'title read back': '\x1b[21t\x1b]0;;rm -rf /\x1b\\end',
  'clipboard by OSC 52': '\x1b]52;c;cm0gLXJmIC8=\x07end',
  'link that says another place': '\x1b]8;;http://evil.test\x1b\\http://good.test\x1b]8;;\x1b\\ end',
  'clear and home': '\x1b[2J\x1b[H\x1b[3Jend',
  'alternate screen and mouse': '\x1b[?1049l\x1b[?1003h\x1b[?2004lend',
  'answers typed for the operator': '\x1b[6n\x1b[c\x1b[>c\x05end',
  'scroll region and insert': '\x1b[1;2r\x1b[4h\x1b[99Aend',
  'DCS with a request': '\x1bP$q"p\x1b\\\x1bP+q544e\x1b\\end',
  'APC, PM and SOS': '\x1b_Ga=T;AAAA\x1b\\\x1b^x\x1b\\\x1bXy\x1b\\end',
  'reset of the terminal': '\x1bc\x1b#8\x1b(0end',
  'C1 forms': '\x9b2J\x9d0;owned\x9c\x90q\x9c\x85\x84end',
  'C1 strings without an end': `${'\x9d'.repeat(20_000)}\x1b[0mend`,
  'OSC broken off by an escape': '\x1b]0;owned\x1b[31mend',
  'backspaces over a word': 'ERROR\b\b\b\b\bOK   end',
  'line feed, form feed, vertical tab': 'a\nb\fc\vend',
  'carriage return over the line': 'all is lost\rall is well end',
  bells: `${'\x07'.repeat(500)}end`,
  'shift out': '\x0e\x0f\x16end',
  'right to left': '\u202etxt.exe\u202c \u2066a\u2069 end',
  'zero width and soft hyphens': 'pa\u200bss\u00adwo\u2060rd\ufeff end',
  'hidden tags': `a${String.fromCodePoint(0xe0041, 0xe0042)} end`,
  'line separators': 'a\u2028b\u2029end',
  'pile of marks': `Z${'\u0301'.repeat(3_000)}end`,
  'lone surrogates': '\ud800a\udc00 end',
  'invalid UTF-8': `${Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80]).toString('utf8')} end`,
  'null bytes': 'a\0b\0end',
  'very long line': `${'x'.repeat(300_000)} end`,
  'very long wide line': `${'\u6f22'.repeat(100_000)} end`,
  'escapes inside of JSON':
    '{"level":"error","message":"\\u001b[2Jgone\\u009b5m\\u202e","user":"\\u001b]0;x\\u0007","z":"end"}',
  'line breaks inside of JSON': '{"msg":"one\\ntwo\\r\\nthree","k\\u001b[1mey":"v","z":"end"}',
  'JSON that sets a prototype': '{"__proto__":{"level":"error"},"message":"x","z":"end"}',
};

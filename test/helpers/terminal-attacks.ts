/**
 * What a service, a registry or a file may say to do something to the operator's terminal, each with a word around it
 * that must be seen, and a search for what must not come through.
 */

export type TerminalAttack = {
  readonly name: string;
  /** What it consists of besides the words around it. */
  readonly sequence: string;
  readonly text: string;
};

const esc = '\x1b';
const st = `${esc}\\`;
// What Ink itself writes is here twice in a row, as it never does: so it can be told from Ink's own.
const around = (name: string, sequence: string): TerminalAttack => ({
  name,
  sequence,
  text: `safe${sequence}word`,
});

export const terminalAttacks: readonly TerminalAttack[] = [
  around('clipboard, ended by BEL', `${esc}]52;c;cm0gLXJmIH4=\x07`),
  around('clipboard, ended by ST', `${esc}]52;c;cm0gLXJmIH4=${st}`),
  around('clipboard, asked for', `${esc}]52;c;?\x07`),
  around('clipboard by C1', '\x9d52;c;cm0gLXJmIH4=\x9c'),
  around('window title', `${esc}]0;owned\x07`),
  around('window title, asked for', `${esc}[21t`),
  around('icon title by C1', '\x9d1;owned\x07'),
  around('hyperlink', `${esc}]8;;https://evil.example/${st}click${esc}]8;;${st}`),
  around('palette', `${esc}]4;0;rgb:ff/ff/ff${st}`),
  around('background colour', `${esc}]11;#ff0000\x07`),
  around('notification', `${esc}]9;owned\x07`),
  around('notification of rxvt', `${esc}]777;notify;owned;owned\x07`),
  around('file by iTerm', `${esc}]1337;File=name=eA==;inline=1:eA==\x07`),
  around('working folder', `${esc}]7;file://evil/${st}`),
  around('a title that never ends', `${esc}]0;owned`),
  around('colour', `${esc}[31;5m`),
  around('hidden text', `${esc}[8m`),
  around('clear', `${esc}[2J${esc}[3J${esc}[H`),
  around('cursor up and erase', `${esc}[1A${esc}[2K`),
  around('cursor to a place', `${esc}[999;999H`),
  around('scroll region', `${esc}[1;2r`),
  around('alternate screen', `${esc}[?1049l${esc}[?1049l`),
  around('mouse', `${esc}[?1003h`),
  around('bracketed paste off', `${esc}[?2004l${esc}[?2004l`),
  around('end of a bracketed paste', `${esc}[201~rm -rf ~\r${esc}[200~`),
  around('device attributes', `${esc}[c`),
  around('cursor report', `${esc}[6n`),
  around('keyboard of kitty', `${esc}[>1u`),
  around('synchronised output', `${esc}[?2026h${esc}[?2026h`),
  around('CSI by C1', '\x9b2J\x9b31m'),
  around('CSI that never ends', `${esc}[99;98;97`),
  around('CSI in bytes that are no CSI', `${esc}[${'1;'.repeat(500)}m`),
  around('sixel', `${esc}Pq#0;2;0;0;0#0~~${st}`),
  around('request of terminfo', `${esc}P+q544e${st}`),
  around('DCS by C1', '\x90$qm\x9c'),
  around('tmux passthrough', `${esc}Ptmux;${esc}${esc}]52;c;eA==\x07${st}`),
  around('screen title', `${esc}kowned${st}`),
  around('graphics of kitty', `${esc}_Ga=T,f=24;AAAA${st}`),
  around('APC by C1', '\x9fGa=T\x9c'),
  around('privacy message', `${esc}^owned${st}`),
  around('start of string', `${esc}Xowned${st}`),
  around('an escape in an escape', `${esc}${esc}[31m${esc}${esc}]0;owned\x07`),
  around('an escape cut by an escape', `${esc}]52;c;${esc}]0;owned\x07`),
  around('an escape in pieces', `${esc}${esc}\\[31m\x1b\x1b`),
  around('reset', `${esc}c`),
  around('character set', `${esc}(0${esc})0\x0e`),
  around('double height', `${esc}#3${esc}#8`),
  around('keypad', `${esc}=`),
  around('index and reverse index', `${esc}D${esc}M\x84\x8d`),
  around('bell', '\x07\x07\x07'),
  around('backspaces', '\x08\x08\x08\x08'),
  around('carriage return over the line', '\rsafe word'),
  around('line feeds and form feeds', '\x0b\x0c\x85'),
  around('shift out', '\x0e\x0f'),
  around('XON, XOFF and end of file', '\x11\x13\x04'),
  around('delete', '\x7f\x7f'),
  around('null', '\x00'),
  around('single shifts', '\x8e\x8f'),
  around('right to left override', '\u202etxt.exe\u202c'),
  around('isolates', '\u2066\u2067\u2068abc\u2069'),
  around('marks of direction', '\u200e\u200f\u061c'),
  around('line and paragraph separators', '\u2028\u2029'),
  around('zero width spaces', '\u200b\u2060\ufeff\u00ad'),
  around('tags', '\u{e0001}\u{e0041}\u{e007f}'),
  around('joined people', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}'),
  around('a joiner in a word', 'a\u200db'),
  around('a pile of marks', `e${'\u0301'.repeat(60)}`),
  around('half a surrogate', '\ud83d'),
  around('the other half', '\ude00'),
  around('replacement for an overlong sequence', Buffer.from([0xc0, 0x9b, 0xe0, 0x80, 0x9b]).toString()),
  around('replacement for broken UTF-8', Buffer.from([0x9b, 0x33, 0x31, 0x6d, 0xff, 0xfe]).toString()),
  around('C1 as UTF-8', Buffer.from([0xc2, 0x9b, 0x33, 0x31, 0x6d]).toString()),
  around('markup', '<b onload="x">bold</b>'),
];

/** Everything a terminal would act on or hide, wherever it came from. */
const harm =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/u;

/** What of a text would do harm; undefined when nothing would. Line feeds and tabs are fine. */
export const findHarm = (text: string): string | undefined => harm.exec(text)?.[0];

/** What Ink draws with: the styles of the theme, moves by a few cells, erasing, and the modes it sets and takes back. */
const drawing = [
  /\x1b\[(?:[0-9]|2[1-9]|3[0-79]|4[0-79]|9[0-7])?(?:;(?:[0-9]|2[1-9]|3[0-79]))*m/g,
  /\x1b\[\d{0,3}[ABCDEFGK]/g,
  /\x1b\[(?:\d{1,3};\d{1,3})?H/g,
  /\x1b\[[0-3]?J/g,
  /\x1b\[\?(?:7|25|1049|2004|2026)[hl]/g,
];

/** The same for all that a program wrote to its terminal while it drew screens of its own. */
export function findForeign(written: string): string | undefined {
  const rest = drawing.reduce((text, pattern) => text.replaceAll(pattern, ''), written);
  const foreign = terminalAttacks.find(
    // Half a letter outside of the basic plane is in every whole one: those are looked for as such.
    ({ sequence }) =>
      findHarm(sequence.replaceAll(/\p{Surrogate}/gu, '')) !== undefined && written.includes(sequence),
  );
  return foreign?.name ?? findHarm(rest.replaceAll('\r', ''));
}

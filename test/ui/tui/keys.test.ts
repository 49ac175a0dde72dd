import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Key } from 'ink';
import { createKeyNormaliser, escapeHoldMs, type KeyEvent, splitTyped } from '../../../src/ui/tui/keys.ts';

const noKey: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};
const key = (change: Partial<Key> = {}): Key => ({ ...noKey, ...change });
const names = (events: readonly KeyEvent[]): readonly string[] =>
  events.map(event => (event.kind === 'key' ? event.key : `paste:${event.text}`));

function listen(): { readonly told: KeyEvent[]; readonly keys: ReturnType<typeof createKeyNormaliser> } {
  const told: KeyEvent[] = [];
  return { told, keys: createKeyNormaliser(event => told.push(event)) };
}

test('single keys have one name each', () => {
  const { told, keys } = listen();
  keys.input('', key({ upArrow: true }));
  keys.input('', key({ pageDown: true }));
  keys.input('\r', key({ return: true }));
  keys.input('', key({ tab: true }));
  keys.input('', key({ tab: true, shift: true }));
  keys.input('c', key({ ctrl: true }));
  keys.input('x', key({ meta: true }));
  keys.input('', key({ backspace: true }));
  keys.input(' ', key());
  keys.input('A', key({ shift: true }));
  assert.deepEqual(names(told), [
    'up',
    'page-down',
    'enter',
    'tab',
    'shift-tab',
    'ctrl-c',
    'alt-x',
    'backspace',
    'space',
    'A',
  ]);
});

test('keys that arrive together are told apart', () => {
  const { told, keys } = listen();
  keys.input('abc\r', key());
  keys.input('\r\r', key());
  keys.input('\n', key());
  keys.input('\tx\r\ny', key());
  assert.deepEqual(names(told), [
    'a',
    'b',
    'c',
    'enter',
    'enter',
    'enter',
    'enter',
    'tab',
    'x',
    'enter',
    'y',
  ]);
});

test('a character of two units is one key; a control character that no key sends is none', () => {
  assert.deepEqual(names(splitTyped('漢\x00😀\x1f\x7f')), ['漢', '😀']);
});

test('what is typed ahead of a slow line keeps its editing keys', () => {
  const { told, keys } = listen();
  keys.input('b\x01a\x05c\x15d\x17', key());
  assert.deepEqual(names(told), ['b', 'ctrl-a', 'a', 'ctrl-e', 'c', 'ctrl-u', 'd', 'ctrl-w']);
});

test('a bare Escape is told after its hold, no later', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { told, keys } = listen();
  keys.input('', key({ escape: true }));
  t.mock.timers.tick(escapeHoldMs - 1);
  assert.deepEqual(names(told), []);
  t.mock.timers.tick(1);
  assert.deepEqual(names(told), ['escape']);
});

test('an arrow key that a slow line tore apart is still an arrow key', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  for (const pieces of [['[A'], ['[', 'A'], ['[1', '~'], ['O', 'B'], ['[A\r']]) {
    const { told, keys } = listen();
    keys.input('', key({ escape: true }));
    t.mock.timers.tick(35);
    for (const piece of pieces) keys.input(piece, key());
    t.mock.timers.tick(500);
    const expected = {
      '[A': ['up'],
      '[,A': ['up'],
      '[1,~': ['home'],
      'O,B': ['down'],
      '[A\r': ['up', 'enter'],
    };
    assert.deepEqual(names(told), expected[pieces.join(',') as keyof typeof expected]);
  }
});

test('Escape and then something else are both told, in order', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { told, keys } = listen();
  keys.input('', key({ escape: true }));
  keys.input('x', key());
  keys.input('', key({ escape: true }));
  keys.input('', key({ escape: true }));
  t.mock.timers.tick(escapeHoldMs);
  assert.deepEqual(names(told), ['escape', 'x', 'escape', 'escape']);
});

test('the rest of a sequence nobody knows types nothing', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { told, keys } = listen();
  keys.input('', key({ escape: true }));
  keys.input('[200;5u', key());
  keys.input('', key({ escape: true }));
  keys.input('[12', key());
  t.mock.timers.tick(escapeHoldMs);
  assert.deepEqual(names(told), ['escape']);
});

test('a paste is one event, without escapes and control characters', () => {
  const { told, keys } = listen();
  keys.paste('http://a\x1b[31m\x07\r\nb');
  keys.paste('\x1b[2J');
  assert.deepEqual(names(told), ['paste:http://a\r\nb']);
});

test('nothing is told after the end', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { told, keys } = listen();
  keys.input('', key({ escape: true }));
  keys.dispose();
  t.mock.timers.tick(500);
  assert.deepEqual(told, []);
});

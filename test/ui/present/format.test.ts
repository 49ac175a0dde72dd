import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatBar,
  formatClock,
  formatCount,
  formatDuration,
  formatMiB,
  formatPercent,
  formatRoundGB,
  formatSparkline,
  lineWidth,
  spread,
  truncateLine,
} from '../../../src/ui/present/format.ts';
import { asciiGlyphs, chooseGlyphs, unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import { line, lineText, span } from '../../../src/ui/present/tone.ts';

test('figures as people read them', () => {
  assert.equal(formatMiB(512), '512 MB');
  assert.equal(formatMiB(1536), '1.50 GB');
  assert.equal(formatMiB(-300), '-300 MB');
  assert.equal(formatRoundGB(8192), '8 GB');
  assert.equal(formatRoundGB(7884), '7.7 GB');
  assert.equal(formatPercent(0.07), '7 %');
  assert.equal(formatCount(1, 'service'), '1 service');
  assert.equal(formatCount(16, 'service'), '16 services');
});

test('durations', () => {
  assert.equal(formatDuration(120), '0.1 s');
  assert.equal(formatDuration(9960), '10 s');
  assert.equal(formatDuration(59_700), '1 min 00');
  assert.equal(formatDuration(90_000), '1 min 30');
  assert.equal(formatDuration(3 * 3_600_000 + 12 * 60_000), '3 h 12');
  assert.equal(formatDuration(50 * 3_600_000), '2 d 2 h');
  assert.equal(formatClock(48_900), '0:48');
  assert.equal(formatClock(3_800_000), '1:03:20');
  assert.equal(formatClock(-5), '0:00');
});

test('bars and histories keep their width', () => {
  assert.equal(formatBar(0, 4, unicodeGlyphs), '    ');
  assert.equal(formatBar(0.001, 4, unicodeGlyphs), '█   ');
  assert.equal(formatBar(7, 4, unicodeGlyphs), '████');
  assert.equal(formatSparkline([0, 5, 10], 5, unicodeGlyphs), '  ▁▅█');
  assert.equal(formatSparkline([], 3, asciiGlyphs), '   ');
  assert.equal(formatSparkline([1, 2], 1, unicodeGlyphs, 4), '▅');
});

test('a line is spread over its width, and the right part stays whole', () => {
  const left = line(span('a long text at the left', 'strong'));
  assert.equal(lineText(spread(left, line('end'), 30, unicodeGlyphs)), 'a long text at the left    end');
  assert.equal(lineText(spread(left, line('end'), 12, unicodeGlyphs)), 'a long … end');
  assert.equal(lineWidth(spread(left, line('end'), 12, unicodeGlyphs)), 12);
});

test('a line that is cut shows that it was cut, also between two pieces', () => {
  assert.equal(lineText(truncateLine(line('abc', 'def'), 6, unicodeGlyphs)), 'abcdef');
  assert.equal(lineText(truncateLine(line('abc', 'def'), 5, unicodeGlyphs)), 'abcd…');
  assert.equal(lineText(truncateLine(line('abc', 'def'), 3, unicodeGlyphs)), 'ab…');
});

test('glyphs follow the terminal', () => {
  assert.equal(chooseGlyphs({ TERM: 'xterm-256color', LANG: 'de_CH.UTF-8' }), unicodeGlyphs);
  assert.equal(chooseGlyphs({ TERM: 'xterm', LC_ALL: 'C.utf8' }), unicodeGlyphs);
  assert.equal(chooseGlyphs({ TERM: 'xterm', LANG: 'en_US.UTF-8', LC_ALL: 'C' }), asciiGlyphs);
  assert.equal(chooseGlyphs({ TERM: 'linux', LANG: 'en_US.UTF-8' }), asciiGlyphs);
  assert.equal(chooseGlyphs({ TERM: 'xterm', LANG: 'en_US.UTF-8', HOMEIQ_ASCII: '1' }), asciiGlyphs);
  assert.equal(chooseGlyphs({}), asciiGlyphs);
});

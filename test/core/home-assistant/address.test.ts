import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { correctAddress } from '../../../src/core/home-assistant/address.ts';

describe('An address of Home Assistant', () => {
  test('that is right stays as it is', () => {
    for (const url of [
      'http://192.168.1.10:8123',
      'https://ha.example.org',
      'http://ha.example.org',
      'http://[fd00::1]:8123',
      'https://abc123.ui.nabu.casa',
    ]) {
      assert.deepEqual(correctAddress(url), { url, notes: [] });
    }
  });

  test('as people paste it is corrected, with a word about each change', () => {
    const cases: readonly (readonly [string, string, RegExp])[] = [
      ['http://192.168.1.10:8123/', 'http://192.168.1.10:8123', /slash at the end/],
      ['http://192.168.1.10:8123/lovelace/0', 'http://192.168.1.10:8123', /follows the host and port/],
      ['http://192.168.1.10:8123/api', 'http://192.168.1.10:8123', /follows the host and port/],
      ['ws://192.168.1.10:8123/api/websocket', 'http://192.168.1.10:8123', /ws:\/\/ was changed/],
      ['wss://ha.example.org/api/websocket', 'https://ha.example.org', /wss:\/\/ was changed/],
      ['192.168.1.10:8123', 'http://192.168.1.10:8123', /http:\/\/ was put in front/],
      ['192.168.1.10', 'http://192.168.1.10:8123', /8123, was added/],
      ['192.168.1.10:80', 'http://192.168.1.10', /put in front/],
      ['abc123.ui.nabu.casa', 'https://abc123.ui.nabu.casa', /https:\/\/ was put in front/],
      [' "http://192.168.1.10:8123"\n', 'http://192.168.1.10:8123', /quotes/],
      ['http://me:secret@192.168.1.10:8123', 'http://192.168.1.10:8123', /user name/],
      ['HTTP://HA.Example.ORG:8123', 'http://ha.example.org:8123', /^$/],
      ['http://192.168.1.10:8123/?auth=1#x', 'http://192.168.1.10:8123', /follows the host and port/],
      ['http://homeassistant.local:8123', 'http://homeassistant.local:8123', /IP address is safer/],
    ];
    for (const [text, url, note] of cases) {
      const corrected = correctAddress(text);
      assert.equal(corrected.url, url, text);
      assert.match(corrected.notes.join(' '), note, text);
      assert.ok(!corrected.notes.join().includes('secret'));
    }
  });

  test('that means this machine would mean the container', () => {
    for (const host of ['localhost', '127.0.0.1', '127.0.1.1', '[::1]']) {
      const without = correctAddress(`http://${host}:8123`);
      assert.equal(without.url, `http://${host}:8123`);
      assert.match(without.notes.join(), /container itself/);
      assert.equal(correctAddress(`http://${host}:8123`, '192.168.1.5').url, 'http://192.168.1.5:8123');
    }
  });

  test('that is none is not guessed', () => {
    for (const text of [
      '',
      '   ',
      'http://',
      'ftp://x',
      'not an address!',
      'a b:c:d',
      'http://host:99999',
      '://x',
    ]) {
      assert.equal(correctAddress(text).url, undefined, text);
      assert.equal(correctAddress(text).notes.length > 0, true);
    }
  });

  test('once corrected needs no further correction', () => {
    const text = fc.oneof(
      fc.string(),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc
        .tuple(
          fc.constantFrom('', 'ws://', 'http://', 'https://'),
          fc.domain(),
          fc.constantFrom('', '/', ':80/x'),
        )
        .map(parts => parts.join('')),
    );
    fc.assert(
      fc.property(text, given => {
        const { url } = correctAddress(given);
        if (url === undefined) return;
        assert.equal(correctAddress(url).url, url);
        assert.ok(URL.canParse(url));
      }),
    );
  });
});

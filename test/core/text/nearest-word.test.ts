import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearestWord } from '../../../src/core/text/nearest-word.ts';

describe('nearestWord', () => {
  it('finds what was meant behind a typing error', () => {
    assert.equal(nearestWord('prodution', ['test', 'production']), 'production');
    assert.equal(nearestWord('tset', ['test', 'production']), 'test');
    assert.equal(nearestWord('Statuss', ['plan', 'setup', 'status']), 'status');
  });

  it('stays silent when nothing is near', () => {
    assert.equal(nearestWord('banana', ['test', 'production']), undefined);
    assert.equal(nearestWord('x', []), undefined);
  });
});

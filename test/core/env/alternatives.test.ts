import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listAlternatives } from '../../../src/core/env/alternatives.ts';
import { parseTemplate } from '../../../src/core/env/template.ts';

const [field] = parseTemplate(`#! homeiq template version 1 for test

## All

# The zone.
#: "Zone" text shared
ZONE=default
`).fields;
assert.ok(field);
const zone = field;
const nothing = { current: undefined, machine: undefined, standIn: undefined, generated: undefined };

test('what is now, what this machine knows, the default and a new one are offered, with where each comes from', () => {
  const known = { current: 'now', machine: 'here', standIn: 'stand-in', generated: 'new' };
  assert.deepEqual(listAlternatives(zone, 'typed', known), [
    { origin: 'current', value: 'now' },
    { origin: 'machine', value: 'here' },
    { origin: 'default', value: 'default' },
    { origin: 'stand-in', value: 'stand-in' },
    { origin: 'generated', value: 'new' },
  ]);
});

test('each value once, none that is empty, and not the one that is there', () => {
  const known = { ...nothing, current: 'now', machine: 'now', standIn: '' };
  assert.deepEqual(listAlternatives(zone, 'default', known), [{ origin: 'current', value: 'now' }]);
  assert.deepEqual(listAlternatives(zone, 'default', nothing), []);
});

test('a new secret is offered only in place of one that is there', () => {
  const known = { ...nothing, generated: 'new' };
  assert.deepEqual(listAlternatives({ ...zone, defaultValue: '' }, '', known), []);
  assert.deepEqual(listAlternatives({ ...zone, defaultValue: '' }, 'old', { ...known, current: 'old' }), [
    { origin: 'generated', value: 'new' },
  ]);
});

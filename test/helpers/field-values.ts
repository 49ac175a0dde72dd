/** Right and wrong values of each type of setting. */

import type { FieldType } from '../../src/core/env/template-field.ts';

/** What a field of each type takes. */
export const goodValues: Readonly<Record<FieldType, readonly string[]>> = {
  text: ['anything at all', 'Las Vegas', '$"\''],
  url: [
    'http://192.168.1.20:8123',
    'https://ha.example/path',
    'ws://x/api',
    'mqtt://b:1883',
    'http://[::1]:80',
  ],
  token: ['eyJ0.eyJp-_.x', '=='],
  path: ['/backups', './data', '..', '.'],
  port: ['1', '65535', '8123'],
  duration: ['10s', '1m30s', '2h', '7d', '0'],
  retention: ['7d', '1d12h', '36h', '2w', '0'],
  integer: ['-1', '0', '24'],
  number: ['1.5', '-0.25', '.5'],
  choice: ['json', 'text'],
  boolean: ['true', 'false'],
  'time-zone': ['UTC', 'Europe/Amsterdam'],
  latitude: ['52.37', '-90', '90'],
  longitude: ['-180', '4.9'],
};
/** What it refuses, and what is said of it. */
export const badValues: Readonly<Record<FieldType, readonly (readonly [string, RegExp])[]>> = {
  text: [
    ['two\nlines', /control/],
    [' padded', /spaces at its ends/],
    ['\ud800', /half a character/],
  ],
  url: [
    ['192.168.1.20:8123', /starts with http/],
    ['http://a b', /no spaces/],
    ['http://x:99999', /99999 is no port/],
    ['http://', /not an address/],
  ],
  token: [['two words', /no spaces/]],
  path: [
    ['~/data', /in full/],
    ['data', /starts with/],
  ],
  port: [
    ['0', /Between 1 and 65535/],
    ['70000', /Between/],
    ['80a', /whole number/],
  ],
  duration: [
    ['7', /unit, for example 10s, 1m30s or 2h\.$/],
    ['7 s', /unit/],
    ['1y', /unit/],
  ],
  retention: [
    ['7', /unit.*0 is for ever\.$/],
    ['7 d', /unit/],
    ['1y', /unit/],
  ],
  integer: [['1.5', /whole number/]],
  number: [['1,5', /With a dot: 1\.5/]],
  choice: [['jsn', /did you mean json/]],
  boolean: [['yes', /true or false/]],
  'time-zone': [['Amsterdam', /Europe\/Amsterdam/]],
  latitude: [
    ['91', /Between -90 and 90/],
    ['52,37', /52\.37/],
  ],
  longitude: [['181', /Between -180 and 180/]],
};

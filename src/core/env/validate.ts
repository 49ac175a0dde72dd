/** Whether a value can be what its field wants, in words for the person who typed it. Messages never hold a secret. */

import { explainReference, explainTag } from '../images/reference.ts';
import { nearestWord } from '../text/nearest-word.ts';
import { explainBindAddress, explainHost } from './check-address.ts';
import { formatDuration, parseDuration } from './duration.ts';
import type { FieldType, TemplateField } from './template-field.ts';

type Check = (value: string, field: TemplateField) => string | undefined;

const controlCharacters = /[\x00-\x1f\x7f\u0080-\u009f]/;
const decimal = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)$/;

/** Schemes whose address is nothing without a host. */
const hostSchemes = ['http:', 'https:', 'ws:', 'wss:', 'mqtt:', 'mqtts:'];

const checkUrl: Check = value => {
  if (/\s/.test(value)) return 'An address has no spaces.';
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
    return 'An address starts with http:// or https:// (or ws://, mqtt:// where it says so).';
  }
  const scheme = value.slice(0, value.indexOf(':') + 1).toLowerCase();
  if (!URL.canParse(value)) {
    const port = /:(?<port>\d+)(?:\/|$)/.exec(value.slice(scheme.length))?.groups?.port;
    return port !== undefined && Number(port) > 65_535
      ? `${port} is no port: the highest is 65535.`
      : 'This is not an address.';
  }
  return hostSchemes.includes(scheme) && new URL(value).hostname === ''
    ? 'The host is missing, for example http://192.168.1.20:8123.'
    : undefined;
};

/** Between the field's own bounds, or else the given ones. */
function checkRange(
  value: string,
  field: TemplateField,
  lowest?: number,
  highest?: number,
): string | undefined {
  const minimum = field.minimum ?? lowest;
  const maximum = field.maximum ?? highest;
  const number = Number(value);
  if (minimum !== undefined && maximum !== undefined && (number < minimum || number > maximum)) {
    return `Between ${minimum} and ${maximum}.`;
  }
  if (minimum !== undefined && number < minimum) return `At least ${minimum}.`;
  if (maximum !== undefined && number > maximum) return `At most ${maximum}.`;
  return undefined;
}

const checkNumber =
  (lowest?: number, highest?: number): Check =>
  (value, field) => {
    if (decimal.test(value)) return checkRange(value, field, lowest, highest);
    const isComma = decimal.test(value.replace(',', '.'));
    return isComma ? `With a dot: ${value.replace(',', '.')}.` : 'A number, for example 52.37.';
  };

const checkInteger =
  (lowest?: number, highest?: number): Check =>
  (value, field) =>
    /^[+-]?\d{1,15}$/.test(value) ? checkRange(value, field, lowest, highest) : 'A whole number.';

/** Its bounds are in seconds. */
const checkDuration: Check = (value, { minimum, maximum }) => {
  const seconds = parseDuration(value);
  if (seconds === undefined) return 'A number with its unit, for example 10s, 1m30s or 2h.';
  if (minimum !== undefined && seconds < minimum) return `At least ${formatDuration(minimum)}.`;
  return maximum !== undefined && seconds > maximum ? `At most ${formatDuration(maximum)}.` : undefined;
};

/** `0` is for ever, whatever the bounds are. */
const checkRetention: Check = (value, field) => {
  if (value === '0') return undefined;
  return parseDuration(value) === undefined
    ? 'A number with its unit, for example 30d, 2w or 36h; 0 is for ever.'
    : checkDuration(value, field);
};

const checkChoice: Check = (value, { choices }) => {
  if (choices.includes(value)) return undefined;
  const nearest = nearestWord(value, choices);
  return `One of ${choices.join(', ')}${nearest === undefined ? '' : `: did you mean ${nearest}?`}`;
};

const checkTimeZone: Check = value => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return undefined;
  } catch {
    return 'A time zone by its name, for example Europe/Amsterdam or UTC.';
  }
};

const checkPath: Check = value => {
  if (value.startsWith('~')) return 'Write the path in full: ~ is not understood here.';
  return /^(?:\/|\.{1,2}(?:\/|$))/.test(value) ? undefined : 'A path starts with / or with ./';
};

const checks: Readonly<Record<FieldType, Check>> = {
  text: () => undefined,
  url: checkUrl,
  'bind-address': explainBindAddress,
  host: explainHost,
  image: explainReference,
  'image-tag': explainTag,
  token: value =>
    /^[\x21-\x7e]+$/.test(value) ? undefined : 'A token has no spaces, and only letters, digits and signs.',
  path: checkPath,
  port: checkInteger(1, 65_535),
  duration: checkDuration,
  retention: checkRetention,
  integer: checkInteger(),
  number: checkNumber(),
  choice: checkChoice,
  boolean: value => (value === 'true' || value === 'false' ? undefined : 'true or false.'),
  'time-zone': checkTimeZone,
  latitude: checkNumber(-90, 90),
  longitude: checkNumber(-180, 180),
};

/**
 * Why `value` cannot be used for `field`, in one sentence; undefined when it can. An empty value is one that is not
 * set: whether the field may do without is not judged here.
 */
export function checkValue(field: TemplateField, value: string): string | undefined {
  if (value === '') return undefined;
  if (/\p{Surrogate}/u.test(value)) return 'There is half a character in it. Type it again.';
  if (controlCharacters.test(value)) return 'There are control characters in it. Type it again.';
  if (value !== value.trim()) return 'There are spaces at its ends.';
  return checks[field.type](value, field);
}

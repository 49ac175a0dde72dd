/** What a service says on its health path, read from whatever it answers. */

import { cutText, sanitiseLine } from '../text/sanitise.ts';

export type HealthAnswer = {
  /** The HTTP status. */
  readonly status: number;
  /** Its own word in lower case, such as `healthy` or `degraded`; undefined when the answer has none. */
  readonly word: string | undefined;
  /** `deployment_mode` of the answer's deployment block; undefined when there is none. */
  readonly mode: string | undefined;
  readonly version: string | undefined;
  /** Why it is not well, in its own words; undefined when it is, or does not say. */
  readonly reason: string | undefined;
  /** Undefined for everything that does not follow Home Assistant. */
  readonly events: EventsAnswer | undefined;
};

/** What an ingestion says of the events of Home Assistant. */
export type EventsAnswer = {
  readonly isConnected: boolean | undefined;
  /** Since it counts. */
  readonly count: number | undefined;
};

type Fields = Readonly<Record<string, unknown>>;

/** Longer texts are cut: an answer is no log. */
const longestText = 160;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fieldsOf = (fields: Fields, key: string): Fields => {
  const value = fields[key];
  return isFields(value) ? value : {};
};

/** One harmless line; undefined for what is empty or no text. */
function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = sanitiseLine(value.replace(/\s+/g, ' ')).trim();
  return text === '' ? undefined : text.length > longestText ? `${cutText(text, longestText)}...` : text;
}

const firstText = (fields: Fields, keys: readonly string[]): string | undefined =>
  keys.map(key => textOf(fields[key])).find(text => text !== undefined);

function parseFields(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

/** A part that says it is not connected or not well: `database is not connected`. */
function describeFaultyPart(name: string, part: unknown): string | undefined {
  if (!isFields(part)) return undefined;
  const label = firstText(part, ['name', 'service']) ?? textOf(name);
  if (part.connected === false) return `${label} is not connected`;
  const word = wordOf(part);
  return word === undefined || goodWords.includes(word)
    ? undefined
    : `${label} is ${firstText(part, ['reason', 'error']) ?? word}`;
}

function describeFaultyParts(fields: Fields): string | undefined {
  const parts = Object.entries(fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map(part => describeFaultyPart(name, part)),
  );
  return textOf(parts.filter(part => part !== undefined).join(', '));
}

const goodWords = ['healthy', 'ok', 'pass', 'up', 'ready', 'running', 'connected', 'alive'];

const wordOf = (fields: Fields): string | undefined => firstText(fields, ['status'])?.toLowerCase();

/** HomeIQ's ingestion has `connection` and `subscription`; a plainer one has `home_assistant`. */
function readEvents(fields: Fields): EventsAnswer | undefined {
  const plain = fieldsOf(fields, 'home_assistant');
  const subscription = fieldsOf(fields, 'subscription');
  const isConnected = [plain.connected, subscription.is_subscribed].find(value => typeof value === 'boolean');
  const count = [plain.events, subscription.total_events_received].find(value => Number.isSafeInteger(value));
  if (isConnected === undefined && count === undefined) return undefined;
  return {
    isConnected: typeof isConnected === 'boolean' ? isConnected : undefined,
    count: typeof count === 'number' ? count : undefined,
  };
}

/**
 * From an HTTP answer. Nothing in it is trusted: texts are cut and made harmless, and what is not JSON says nothing but
 * its status. `reason`, `error` and the parts that are not well are what HomeIQ's services put beside `degraded` and
 * `unhealthy`, often with status 200.
 */
export function readHealthAnswer(status: number, body: string): HealthAnswer {
  const fields = parseFields(body);
  const block = isFields(fields.deployment) ? fields.deployment : fields;
  const word = wordOf(fields);
  const isGood = status < 400 && (word === undefined || goodWords.includes(word));
  return {
    status,
    word,
    mode: textOf(block.deployment_mode),
    version: firstText(fields, ['version', 'service_version']),
    reason: isGood
      ? undefined
      : (firstText(fields, ['reason', 'error', 'detail', 'message']) ?? describeFaultyParts(fields)),
    events: readEvents(fields),
  };
}

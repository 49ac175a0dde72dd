/**
 * The InfluxDB packages, loaded when first needed and made to keep quiet and within limits. They stay outside the
 * bundle: bundled, they make Node warn of `url.parse()`. They are required: imported, they would bring Node's HTTP client
 * for `fetch` along (scripts/lib/bundle.mjs), which is 4 MB.
 */

import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import type { InfluxDB } from '@influxdata/influxdb-client';
import { ShapeError } from './answer-errors.ts';

/** An answer longer than this is cut off; the longest expected, a list of authorizations, stays far below. */
const answerLimitBytes = 4 * 1024 * 1024;

type RequestFunction = (
  options: RequestOptions,
  onResponse: (response: IncomingMessage) => void,
) => ClientRequest;

/** A `request` like that of node:http, whose answers end with an error beyond the limit. */
const withAnswerLimit =
  (request: RequestFunction): RequestFunction =>
  (options, onResponse) => {
    const sent = request(options, response => {
      let receivedBytes = 0;
      response.on('data', (chunk: Buffer) => {
        receivedBytes += chunk.length;
        if (receivedBytes <= answerLimitBytes || response.destroyed) return;
        // Told before the end: destroying alone would look like a connection that the server closed.
        response.emit('error', new ShapeError(`it is longer than ${answerLimitBytes / 1024 / 1024} MiB`));
        response.destroy();
      });
      onResponse(response);
    });
    return sent;
  };

const load = createRequire(import.meta.url);

export type Library = {
  readonly client: typeof import('@influxdata/influxdb-client');
  readonly apis: typeof import('@influxdata/influxdb-client-apis');
};

let library: Library | undefined;

export function loadLibrary(): Library {
  if (library === undefined) {
    library = { client: load('@influxdata/influxdb-client'), apis: load('@influxdata/influxdb-client-apis') };
    // Its logger writes to the console, in the middle of a screen.
    library.client.setLogger({ error: () => {}, warn: () => {} });
  }
  return library;
}

/** A connection that is not used for this long is closed: later it might be of a server that was restarted meanwhile. */
const idleConnectionMs = 1000;

/** Connections to one server; many calls at once share a few. */
export function createAgent(url: string): http.Agent {
  const options = { keepAlive: true, timeout: idleConnectionMs };
  return url.startsWith('https:') ? new https.Agent(options) : new http.Agent(options);
}

/** A client for one token. */
export function createClient(
  { client }: Library,
  url: string,
  token: string | undefined,
  agent: http.Agent,
): InfluxDB {
  return new client.InfluxDB({
    url,
    ...(token === undefined ? {} : { token }),
    // The package's own timeout leaves the request running; each call has a signal instead.
    timeout: 0,
    transportOptions: {
      agent,
      // The package takes any modules with a `request` here; ours count what comes in.
      'follow-redirects': {
        http: { request: withAnswerLimit(http.request) },
        https: { request: withAnswerLimit(https.request) },
      },
    },
  });
}

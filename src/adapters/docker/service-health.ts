/** Asks a service's health path on its published port. Limited in time and size; whatever goes wrong means "no answer". */

import { type IncomingMessage, request } from 'node:http';
import { readHealthAnswer } from '../../core/health/health-answer.ts';
import { isPublishedEverywhere } from '../../core/stack/service-address.ts';
import type { Container, Engine } from '../../ports/engine.ts';
import type { ServiceHealth } from '../../ports/program.ts';

const timeoutMs = 3000;
const maxBytes = 64 * 1024;

function addressOf({ publishedPorts }: Container): string | undefined {
  const [port] = publishedPorts;
  if (port === undefined) return undefined;
  const host = port.hostAddress.includes(':') ? `[${port.hostAddress}]` : port.hostAddress;
  return `http://${isPublishedEverywhere(port) ? '127.0.0.1' : host}:${port.hostPort}`;
}

/** The text of an answer up to `maxBytes`; longer answers are cut, and then do not parse. */
async function readLimited(message: IncomingMessage): Promise<string> {
  let text = '';
  message.setEncoding('utf8');
  for await (const chunk of message) {
    text += chunk;
    if (text.length > maxBytes) break;
  }
  return text;
}

/** Node's own client: the web one would take ten more megabytes for as long as the status screen is open. */
const get = (address: URL, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request(address, { signal, agent: false, headers: { accept: 'application/json' } })
      .once('response', resolve)
      .once('error', reject)
      .end();
  });

/** The same path with or without its last slash is a redirection in many frameworks; no other is followed. */
function redirectionOf(address: URL, { statusCode = 0, headers }: IncomingMessage): URL | undefined {
  if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) return undefined;
  if (!URL.canParse(headers.location, address)) return undefined;
  const { pathname } = new URL(headers.location, address);
  return pathname === `${address.pathname}/` ? new URL(pathname, address) : undefined;
}

export function createServiceHealth(engine: Pick<Engine, 'readHealth'>): ServiceHealth {
  return {
    ask: async (container, path, signal) => {
      const base = addressOf(container);
      if (base === undefined) return undefined;
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        const address = new URL(path, base);
        let message = await get(address, limit);
        const next = redirectionOf(address, message);
        if (next !== undefined) {
          message.destroy();
          message = await get(next, limit);
        }
        return readHealthAnswer(message.statusCode ?? 0, await readLimited(message));
      } catch {
        return undefined;
      }
    },
    askInside: (container, signal) => engine.readHealth(container, signal).catch(() => undefined),
  };
}

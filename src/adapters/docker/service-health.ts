/** Asks a service's health path on its published port. Limited in time and size; whatever goes wrong means "no answer". */

import type { Container } from '../../ports/engine.ts';
import type { ServiceHealth } from '../../ports/program.ts';

const timeoutMs = 3000;
const maxBytes = 64 * 1024;

/** The text of an answer up to `maxBytes`; longer answers are cut, and then do not parse. */
async function readLimited(response: Response): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxBytes) break;
  }
  return text;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `deployment_mode` of the block that HomeIQ's deployment module adds, wherever a service puts it. */
function readMode(text: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    if (!isRecord(answer)) return undefined;
    const block = isRecord(answer.deployment) ? answer.deployment : answer;
    return typeof block.deployment_mode === 'string' ? block.deployment_mode : undefined;
  } catch {
    return undefined;
  }
}

function addressOf({ publishedPorts }: Container): string | undefined {
  const [port] = publishedPorts;
  if (port === undefined) return undefined;
  const isEverywhere = port.hostAddress === '' || port.hostAddress === '0.0.0.0' || port.hostAddress === '::';
  return `http://${isEverywhere ? '127.0.0.1' : port.hostAddress}:${port.hostPort}`;
}

export function createServiceHealth(): ServiceHealth {
  return {
    ask: async (container, path, signal) => {
      const address = addressOf(container);
      if (address === undefined) return undefined;
      try {
        const response = await fetch(`${address}${path}`, {
          redirect: 'manual',
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        return { status: response.status, mode: readMode(await readLimited(response)) };
      } catch {
        return undefined;
      }
    },
  };
}

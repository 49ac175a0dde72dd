/** Asks the operator's Home Assistant whether address and token are right, and looks for what was meant. Changes nothing. */

import { correctAddress, isLoopbackAddress } from '../../core/home-assistant/address.ts';
import { type HomeAssistantFinding, isTooOld } from '../../core/home-assistant/finding.ts';
import type { HomeAssistantSight } from '../../core/home-assistant/sight.ts';
import type { HomeAssistant } from '../../ports/home-assistant.ts';

export type CheckRequest = {
  readonly homeAssistant: (url: string) => HomeAssistant;
  readonly url: string;
  /** Undefined: only the address is looked at. */
  readonly token: string | undefined;
  /** By which other machines, and containers, reach this one. */
  readonly machineAddress: string | undefined;
  readonly signal: AbortSignal;
  /** For all of it, the search for what was meant included. Default 10 s. */
  readonly limitMs?: number;
};

const defaultPort = '8123';

/** A long-lived token is a JWT: three parts with dots between them. */
const isShapedLikeToken = (token: string | undefined): boolean =>
  /^[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}$/.test(token ?? '');

type Probe = (url: string) => Promise<HomeAssistantSight>;

/** The first of the addresses at which Home Assistant answers. */
async function findHome(probe: Probe, urls: readonly string[]): Promise<string | undefined> {
  const sights = await Promise.all(urls.map(async url => ({ url, sight: await probe(url) })));
  return sights.find(({ sight }) => sight.kind === 'open')?.url;
}

const withScheme = (url: string, scheme: 'http' | 'https'): string => url.replace(/^https?/, scheme);

const withDefaultPort = (url: string): readonly string[] => {
  const { hostname, port } = new URL(url);
  return port === defaultPort
    ? []
    : [`http://${hostname}:${defaultPort}`, `https://${hostname}:${defaultPort}`];
};

const offer = (corrected: string | undefined): { readonly corrected?: string } =>
  corrected === undefined ? {} : { corrected };

/** TLS answers at the address, whatever it says. */
async function speaksTls(probe: Probe, url: string): Promise<boolean> {
  const sight = await probe(url);
  return sight.kind === 'open' || sight.kind === 'certificate';
}

/** What an address that gave no answer may have been meant to be. */
async function explainSilence(
  url: string,
  sight: Extract<HomeAssistantSight, { readonly kind: 'unreachable' }>,
  probe: Probe,
): Promise<HomeAssistantFinding> {
  const { reason, seen } = sight;
  const isHttp = url.startsWith('http:');
  if (reason === 'not-https') {
    const corrected = await findHome(probe, [withScheme(url, 'http')]);
    if (corrected !== undefined) return { kind: 'wrong-scheme', corrected };
  }
  if (isHttp && (reason === 'reset' || reason === 'not-http')) {
    const corrected = withScheme(url, 'https');
    if (await speaksTls(probe, corrected)) return { kind: 'wrong-scheme', corrected };
  }
  if (reason === 'refused') {
    const corrected = await findHome(probe, withDefaultPort(url));
    if (corrected !== undefined) return { kind: 'wrong-port', corrected };
  }
  return { kind: 'unreachable', reason, seen };
}

async function explainCertificate(
  url: string,
  { fault, names }: Extract<HomeAssistantSight, { readonly kind: 'certificate' }>,
  probe: Probe,
): Promise<HomeAssistantFinding> {
  const { port, hostname } = new URL(url);
  const end = port === '' ? '' : `:${port}`;
  const meant =
    fault === 'wrong-name'
      ? names.filter(name => !name.includes('*') && name !== hostname).map(name => `https://${name}${end}`)
      : [withScheme(url, 'http'), ...withDefaultPort(url).filter(other => other.startsWith('http:'))];
  return { kind: 'certificate', fault, names, ...offer(await findHome(probe, meant.slice(0, 4))) };
}

/** An address that answers with something else may only lack Home Assistant's own port. */
async function explainOther(url: string, seen: string, probe: Probe): Promise<HomeAssistantFinding> {
  const corrected = await findHome(probe, withDefaultPort(url));
  return corrected === undefined ? { kind: 'not-home-assistant', seen } : { kind: 'wrong-port', corrected };
}

async function judge(
  request: CheckRequest,
  probe: Probe,
  signal: AbortSignal,
): Promise<HomeAssistantFinding> {
  const { url, token } = request;
  const home = request.homeAssistant(url);
  const first = await home.look(undefined, signal);
  // The token is shown to Home Assistant only, never to what a mistyped address leads to.
  const sight = first.kind === 'open' && token !== undefined ? await home.look(token, signal) : first;
  switch (sight.kind) {
    case 'accepted':
      if (isTooOld(sight.version)) return { kind: 'too-old', version: sight.version };
      return { kind: 'accepted', version: sight.version, ...offer(await safeAddress(home, signal)) };
    case 'open':
      return { kind: 'open', ...offer(await safeAddress(home, signal)) };
    case 'refused':
      return { kind: 'token-refused', isShapedLikeToken: isShapedLikeToken(token) };
    case 'unreachable':
      return explainSilence(url, sight, probe);
    case 'certificate':
      return explainCertificate(url, sight, probe);
    case 'redirect': {
      const corrected = sight.to === undefined ? undefined : await findHome(probe, [sight.to]);
      return corrected === undefined ? explainOther(url, sight.seen, probe) : { kind: 'moved', corrected };
    }
    case 'bad-request':
      return url.startsWith('http:') && (await speaksTls(probe, withScheme(url, 'https')))
        ? { kind: 'wrong-scheme', corrected: withScheme(url, 'https') }
        : { kind: 'proxy-not-trusted' };
    case 'not-home-assistant':
      return explainOther(url, sight.seen, probe);
    case 'banned':
      return { kind: 'banned' };
    case 'starting':
      return { kind: 'starting', seen: sight.seen };
    case 'no-web-socket':
      return { kind: 'no-web-socket', seen: sight.seen };
  }
}

/** The address with the IP of its host, where containers may not find the name. A certificate is for the name. */
async function safeAddress(home: HomeAssistant, signal: AbortSignal): Promise<string | undefined> {
  if (home.url.startsWith('https:')) return undefined;
  const ip = await home.addressOfLocalName(signal);
  if (ip === undefined) return undefined;
  const { port } = new URL(home.url);
  return `http://${ip}${port === '' ? '' : `:${port}`}`;
}

/**
 * First the text of the address, then what answers there: over HTTP, and with a token over the WebSocket too. Throws only
 * the signal's reason.
 */
export async function checkHomeAssistant(request: CheckRequest): Promise<HomeAssistantFinding> {
  const { url, machineAddress, signal, limitMs = 10_000 } = request;
  const written = correctAddress(url, machineAddress);
  if (written.url !== url) return { kind: 'address', notes: written.notes, ...offer(written.url) };
  if (isLoopbackAddress(url)) return { kind: 'loopback' };
  const limit = AbortSignal.timeout(limitMs);
  const either = AbortSignal.any([signal, limit]);
  try {
    return await judge(request, other => request.homeAssistant(other).look(undefined, either), either);
  } catch (thrown) {
    signal.throwIfAborted();
    if (!limit.aborted) throw thrown;
    return { kind: 'unreachable', reason: 'timeout', seen: `no answer within ${limitMs / 1000} s` };
  }
}

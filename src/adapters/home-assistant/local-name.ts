/** Names that this machine finds by its own means only: its hosts file, or multicast DNS. Containers ask DNS alone. */

import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

const dnsLimitMs = 2000;

/** The codes with which DNS says that it knows no such name; any other failure tells nothing. */
const unknownCodes: readonly unknown[] = ['ENOTFOUND', 'ENODATA'];

async function isKnownToDns(host: string): Promise<boolean> {
  const resolver = new Resolver({ timeout: dnsLimitMs, tries: 1 });
  const codes = await Promise.all(
    [resolver.resolve4(host), resolver.resolve6(host)].map(asked =>
      asked.then(
        () => undefined,
        (error: { readonly code?: unknown }) => error.code ?? 'unknown',
      ),
    ),
  );
  return codes.some(code => !unknownCodes.includes(code));
}

/** Undefined for an address, for a name that DNS knows, and where DNS cannot be asked. */
export async function findAddressOfLocalName(host: string): Promise<string | undefined> {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) return undefined;
  const found = await lookup(bare, { family: 4 }).catch(() => undefined);
  // A name without a dot is completed with the network's own domain, in containers too.
  if (found === undefined || !bare.includes('.') || found.address.startsWith('127.')) return undefined;
  return (await isKnownToDns(bare)) ? undefined : found.address;
}

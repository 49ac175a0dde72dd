import type { HostFacts } from '../../ports/host.ts';

/** The IPv4 address by which other machines, and containers, reach this one; undefined where it has none. */
export const reachableAddress = ({ addresses }: Pick<HostFacts, 'addresses'>): string | undefined =>
  addresses.find(address => /^\d+(\.\d+){3}$/.test(address) && !address.startsWith('127.'));

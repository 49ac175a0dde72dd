/** Whether a text can be an address to listen on, or a host to talk to. Messages never hold the text. */

const byte = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^${byte}(?:\\.${byte}){3}$`);
const hostName =
  /^(?=.{1,253}\.?$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;

const isIpv6 = (text: string): boolean =>
  /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text) && URL.canParse(`http://[${text}]/`);

/** Compose puts the port behind it, so an IPv6 address needs its brackets; Docker listens on no name. */
export function explainBindAddress(value: string): string | undefined {
  if (ipv4.test(value)) return undefined;
  if (value.startsWith('[') && value.endsWith(']') && isIpv6(value.slice(1, -1))) return undefined;
  if (isIpv6(value)) return 'An IPv6 address stands in brackets, for example [::1].';
  if (/^[\d.]+:\d+$/.test(value) || /\]:\d+$/.test(value)) {
    return 'Only the address: each port has a setting of its own.';
  }
  return /^[\d.]+$/.test(value)
    ? 'An IPv4 address has four numbers up to 255, for example 192.168.1.10.'
    : 'An address of this machine in numbers, for example 0.0.0.0, 127.0.0.1 or [::]. A name is not enough.';
}

/** A host name or an IPv4 address, without anything around it. */
export function explainHost(value: string): string | undefined {
  if (value.includes('://')) return 'Only the host: nothing such as mqtt:// in front of it.';
  if (value.includes('@')) return 'Only the host: user and password have settings of their own.';
  if (value.includes('[') || isIpv6(value)) {
    return 'A host name or an IPv4 address: not every service takes an IPv6 address here.';
  }
  if (/^[^:]*:\d*$/.test(value)) return 'Only the host: the port has a setting of its own.';
  if (/^[\d.]+$/.test(value)) {
    return ipv4.test(value)
      ? undefined
      : 'An IPv4 address has four numbers up to 255, for example 192.168.1.10.';
  }
  return hostName.test(value)
    ? undefined
    : 'A host name or an IPv4 address, for example broker.lan or 192.168.1.10.';
}

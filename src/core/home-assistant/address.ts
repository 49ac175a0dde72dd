/** What people paste as the address of their Home Assistant, and what was meant. */

export type CorrectedAddress = {
  /** Scheme, host and port, without a slash at the end; undefined when no address can be seen in the text. */
  readonly url: string | undefined;
  /** What was changed or looks wrong, a sentence each; empty when the text was right as it was. */
  readonly notes: readonly string[];
};

const defaultPort = '8123';
const cloudHost = /\.ui\.nabu\.casa$/;
const loopbackHost = /^(localhost|0\.0\.0\.0|127(\.\d+){3}|\[::1?\])$/;

/** True for an address that means the machine, or the container, that asks. */
export const isLoopbackAddress = (url: string): boolean =>
  URL.canParse(url) && loopbackHost.test(new URL(url).hostname);

/**
 * Corrects a missing or WebSocket scheme, a path copied along from a browser, quotes, white space and a slash at the
 * end. With `machineAddress`, an address that means "this machine" is replaced by it: inside a container it would mean
 * the container itself.
 */
export function correctAddress(text: string, machineAddress?: string): CorrectedAddress {
  const notes: string[] = [];
  const bare = text
    .replace(/[\s\u0000-\u001f\u007f\u200b\ufeff]+/g, '')
    .replace(/^["'<(]+/, '')
    .replace(/["'>)]+$/, '');
  if (bare !== text) notes.push('White space or quotes around the address were removed.');
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(bare)?.[1]?.toLowerCase();
  const known = { http: 'http', https: 'https', ws: 'http', wss: 'https' } as const;
  if (scheme !== undefined && !(scheme in known)) {
    return { url: undefined, notes: [`An address begins with http:// or https://, not with ${scheme}://.`] };
  }
  const rest = scheme === undefined ? bare : bare.slice(scheme.length + 3);
  const unusable = { url: undefined, notes: ['This is no address, such as http://192.168.1.10:8123.'] };
  if (rest === '' || !URL.canParse(`http://${rest}`)) return unusable;
  const parsed = new URL(`http://${rest}`);
  const host = parsed.hostname;
  if (!/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/.test(host)) return unusable;

  const isCloud = cloudHost.test(host);
  const chosen = scheme === undefined ? (isCloud ? 'https' : 'http') : known[scheme as keyof typeof known];
  if (scheme === undefined) notes.push(`${chosen}:// was put in front.`);
  else if (scheme !== chosen) notes.push(`${scheme}:// was changed to ${chosen}://.`);
  if (parsed.username !== '' || parsed.password !== '')
    notes.push('The user name in the address was removed.');
  if (parsed.pathname !== '/' || parsed.search !== '' || parsed.hash !== '') {
    notes.push('What follows the host and port was removed.');
  } else if (/[/?#]$/.test(rest)) {
    notes.push('The slash at the end was removed.');
  }

  // `new URL` drops a port 80, which somebody may have meant.
  const written = /:(\d+)(?=[/?#]|$)/.exec(rest.slice(rest.lastIndexOf('@') + 1))?.[1];
  const needsPort = written === undefined && scheme === undefined && !isCloud;
  if (needsPort) notes.push(`The port of Home Assistant, ${defaultPort}, was added.`);
  const port = needsPort ? defaultPort : written === undefined ? undefined : String(Number(written));

  const isLoopback = loopbackHost.test(host);
  if (isLoopback) {
    notes.push(
      machineAddress === undefined
        ? `Inside a container ${host} means the container itself: give this machine's address in your network.`
        : `Inside a container ${host} means the container itself: ${machineAddress} is this machine.`,
    );
  } else if (host.endsWith('.local')) {
    notes.push(`Containers often cannot find names such as ${host}: an IP address is safer.`);
  }
  const finalHost = isLoopback ? (machineAddress ?? host) : host;
  const isDefaultPort = port === (chosen === 'http' ? '80' : '443');
  return {
    url: `${chosen}://${finalHost}${port === undefined || isDefaultPort ? '' : `:${port}`}`,
    notes,
  };
}

/** The parts of an image's reference, as Docker reads them (distribution/reference, "normalized" names). */

export type ImageReference = {
  /** Where it is pulled from; `docker.io` when the reference names none. */
  readonly registry: string;
  /** As it is written, without tag and digest. */
  readonly name: string;
  /** The tag, or the digest where there is one. `latest` unless given. */
  readonly version: string;
};

export function parseReference(reference: string): ImageReference {
  const at = reference.indexOf('@');
  const tagged = at === -1 ? reference : reference.slice(0, at);
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  const name = colon === -1 ? tagged : tagged.slice(0, colon);
  const tag = colon === -1 ? 'latest' : tagged.slice(colon + 1);
  const first = name.includes('/') ? (name.split('/', 1)[0] ?? '') : '';
  const isHost = first.includes('.') || first.includes(':') || first === 'localhost';
  return {
    registry: isHost ? first : 'docker.io',
    name,
    version: at === -1 ? tag : reference.slice(at + 1),
  };
}

const namePart = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const registryHost = /^(?:\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::\d{1,5})?$/i;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{64,}$/;
const longestName = 255;

/** Why `tag` can be no tag of an image, in one sentence; undefined when it can. */
export function explainTag(tag: string): string | undefined {
  if (tagPattern.test(tag)) return undefined;
  if (tag.length > 128) return 'A version has 128 characters at most.';
  return /[:/@]/.test(tag)
    ? 'Only the tag, for example 8e84c4eb: the name of the image is not part of it.'
    : 'A version has letters, digits, dots, hyphens and underscores, and starts with a letter or digit.';
}

/** Why Docker would not take `reference` for the name of an image, in one sentence; undefined when it would. */
export function explainReference(reference: string): string | undefined {
  if (reference.includes('://')) return 'An image has no http:// in front, for example influxdb:2.9.';
  const { registry, name } = parseReference(reference);
  const path = name.startsWith(`${registry}/`) ? name.slice(registry.length + 1) : name;
  const [tagged = '', digest] = reference.split('@', 2);
  if (tagged.length > name.length && explainTag(tagged.slice(name.length + 1)) !== undefined) {
    return 'What follows the colon is no tag: letters, digits, dots, hyphens and underscores.';
  }
  if (digest !== undefined && !digestPattern.test(digest)) {
    return 'What follows the @ is no digest, for example sha256: and 64 hexadecimal digits.';
  }
  if (path !== path.toLowerCase()) return 'The name of an image has no capital letters.';
  const isName =
    registryHost.test(registry) &&
    name.length <= longestName &&
    path.split('/').every(part => namePart.test(part));
  return isName ? undefined : 'The name of an image, for example influxdb:2.9 or ghcr.io/owner/name:1.0.';
}

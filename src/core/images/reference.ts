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

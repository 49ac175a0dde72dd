/** What it means that an image did not come. Texts as recorded from Engine 20.10 and Compose 2.26.1 and 5.6.0. */

import { ExternalError } from '../../core/error.ts';
import { parseReference } from '../../core/images/reference.ts';

/** For decisions: what an ExternalError of a pull carries as its `code`. */
export type ImageFailureCode =
  | 'disk-full'
  | 'image-not-found'
  | 'registry-unauthorized'
  | 'registry-rate-limit'
  | 'registry-untrusted'
  | 'registry-unreachable'
  | 'registry-failed';

type ImageRule = {
  readonly pattern: RegExp;
  readonly code: ImageFailureCode;
  /** `subject`: the image, as a sentence begins with it. */
  readonly message: (subject: string) => string;
  /** The line that was recognised says more than we can. */
  readonly isLineTold?: true;
  readonly hint?: string;
  readonly nextSteps: readonly string[];
};

const anyOf = (...patterns: readonly RegExp[]): RegExp =>
  new RegExp(patterns.map(({ source }) => source).join('|'), 'im');

/** TLS says these of a connection that ended, not of a certificate. */
const tlsEnded =
  /tls: (?:use of closed|bad record MAC|failed to send closeNotify|internal error|user canceled)/;

/**
 * What the engine says of a registry that began and broke off. Besides the recorded texts those of Go's net/http and of
 * containerd, which newer engines pull with: which of them comes is chance, it hangs on what the connection was at.
 */
const brokenOff = anyOf(
  /unexpected EOF|\bEOF$|connection reset|broken pipe|closed pipe|use of closed network connection/,
  /read: connection timed out|software caused connection abort/,
  tlsEnded,
  /server closed idle connection|transport connection broken|malformed (?:HTTP|MIME|chunked)/,
  /server sent GOAWAY|graceful shutdown GOAWAY|http2: client connection|stream error: stream ID|connection error: \w+_ERROR/,
  /unexpected HTTP status|received unexpected|status:? 5\d\d|unexpected status (?:code|from) .*\b5\d\d\b/,
  /expected HTTP 206|Content-Range header|missing or empty Content-Type header|httpReadSeeker/,
  /verification failed for digest|failed size validation|unexpected commit (?:size|digest)/,
  /error parsing HTTP \d+ response body|(?:^|: )unexpected end of JSON input$|unable to decode token response/,
);

/** In order: the first that fits counts. */
export const imageRules: readonly ImageRule[] = [
  {
    pattern: /no space left on device|disk quota exceeded/i,
    code: 'disk-full',
    message: () => 'The disk is full',
    nextSteps: ['See what Docker holds: docker system df', 'Free space on the disk, then try again.'],
  },
  {
    pattern: /toomanyrequests|too many requests|rate limit/i,
    code: 'registry-rate-limit',
    message: subject => `${subject} was not sent: the registry limits how many images may be pulled`,
    nextSteps: ['Wait and try again later.', 'Or log in to the registry for a higher limit: docker login'],
  },
  {
    pattern:
      /manifest unknown|name unknown|manifest for \S+ not found|pull access denied|requested access to the resource is denied|repository \S+ not found|failed to resolve reference .*: not found|no matching manifest/i,
    code: 'image-not-found',
    message: subject => `${subject} is not in the registry`,
    nextSteps: [
      'Check the name and the version of the image in the settings (of HomeIQ’s own: HOMEIQ_VERSION).',
    ],
  },
  {
    pattern: /unauthorized|authentication required|no basic auth credentials|(?<!permission )\bdenied\b/i,
    code: 'registry-unauthorized',
    message: subject => `${subject} may not be pulled: the registry asks for a login`,
    hint: 'Some registries say so for an image that does not exist.',
    nextSteps: ['If the image is private, log in: docker login REGISTRY', 'Or build it from source.'],
  },
  {
    pattern: anyOf(
      /x509:|certificate|server gave HTTP response to HTTPS client/,
      new RegExp(`(?!${tlsEnded.source})tls: `),
    ),
    code: 'registry-untrusted',
    message: subject => `${subject} could not be fetched: Docker does not trust the registry`,
    isLineTold: true,
    nextSteps: ['Check the clock of this machine, the name of the registry and its certificate.'],
  },
  {
    pattern: anyOf(
      /no such host|server misbehaving|network is (?:unreachable|down)|no route to host|host is down/,
      /connection refused|i\/o timeout|TLS handshake timeout|Client\.Timeout|dial tcp|deadline exceeded/,
      /timeout awaiting response headers/,
    ),
    code: 'registry-unreachable',
    message: subject => `${subject} could not be fetched: this machine cannot reach the registry`,
    isLineTold: true,
    nextSteps: ['Check the network and the name servers of this machine, then try again.'],
  },
  {
    pattern: brokenOff,
    code: 'registry-failed',
    message: subject => `${subject} could not be fetched: the registry broke off`,
    isLineTold: true,
    nextSteps: ['Try again: images that are complete are not fetched twice.'],
  },
];

/** The whole line in which something was found. */
export function lineOf({ input, index }: RegExpExecArray): string {
  const end = input.indexOf('\n', index);
  return input.slice(input.lastIndexOf('\n', index) + 1, end === -1 ? undefined : end);
}

/** Says what was seen, what it means and what to do. The error's `code` is an ImageFailureCode, or undefined. */
export function describeImageFailure(
  reference: string,
  text: string,
  details: { readonly command: string; readonly status?: number },
): ExternalError {
  const subject = `The image ${reference}`;
  const { registry } = parseReference(reference);
  const common = { ...details, tail: text };
  for (const { pattern, code, message, hint, isLineTold, nextSteps } of imageRules) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const told = isLineTold === true ? lineOf(found) : hint;
    return new ExternalError(message(subject), {
      ...common,
      code,
      ...(told === undefined ? {} : { hint: told }),
      nextSteps: nextSteps.map(step =>
        step.replace('REGISTRY', registry === 'docker.io' ? '' : registry).trim(),
      ),
    });
  }
  const reason = text.trim().split('\n').at(-1) || 'the Docker Engine gives no reason';
  return new ExternalError(`${subject} could not be pulled: ${reason}`, {
    ...common,
    nextSteps: [
      'Try again: images that are complete are not fetched twice.',
      'If it stays so, see what Docker says: sudo journalctl -u docker -n 50',
    ],
  });
}

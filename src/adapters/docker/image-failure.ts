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
    pattern: /x509:|certificate|server gave HTTP response to HTTPS client|tls: /i,
    code: 'registry-untrusted',
    message: subject => `${subject} could not be fetched: Docker does not trust the registry`,
    isLineTold: true,
    nextSteps: ['Check the clock of this machine, the name of the registry and its certificate.'],
  },
  {
    pattern:
      /no such host|server misbehaving|network is unreachable|no route to host|connection refused|i\/o timeout|TLS handshake timeout|Client\.Timeout|dial tcp|deadline exceeded/i,
    code: 'registry-unreachable',
    message: subject => `${subject} could not be fetched: this machine cannot reach the registry`,
    isLineTold: true,
    nextSteps: ['Check the network and the name servers of this machine, then try again.'],
  },
  {
    pattern:
      /connection reset|broken pipe|unexpected HTTP status|received unexpected|status:? 5\d\d|expected HTTP 206|httpReadSeeker|filesystem layer verification failed|\bEOF$/im,
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
  return new ExternalError(`${subject} could not be pulled: ${text.split('\n').at(-1) ?? ''}`, common);
}

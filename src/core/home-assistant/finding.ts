/** What a check of the operator's Home Assistant found, and the words for it. Nothing here holds a token. */

import type { CertificateFault, NoAnswerReason } from './sight.ts';

/** `corrected` is an address to take instead; where it was tried, it answers as Home Assistant does. */
export type HomeAssistantFinding =
  /** `corrected`: the name in the address is found by this machine, but may not be by containers. */
  | { readonly kind: 'accepted'; readonly version: string; readonly corrected?: string }
  /** It answers; there is no token to show it yet. */
  | { readonly kind: 'open'; readonly corrected?: string }
  | { readonly kind: 'token-refused'; readonly isShapedLikeToken: boolean }
  /** The text of the address itself is wrong. */
  | { readonly kind: 'address'; readonly notes: readonly string[]; readonly corrected?: string }
  /** The address means the container itself, and no other address of this machine is known. */
  | { readonly kind: 'loopback' }
  | { readonly kind: 'wrong-scheme'; readonly corrected: string }
  | { readonly kind: 'wrong-port'; readonly corrected: string }
  | { readonly kind: 'moved'; readonly corrected: string }
  | { readonly kind: 'unreachable'; readonly reason: NoAnswerReason; readonly seen: string }
  | {
      readonly kind: 'certificate';
      readonly fault: CertificateFault;
      readonly names: readonly string[];
      readonly corrected?: string;
    }
  | { readonly kind: 'not-home-assistant'; readonly seen: string }
  | { readonly kind: 'banned' }
  | { readonly kind: 'proxy-not-trusted' }
  | { readonly kind: 'starting'; readonly seen: string }
  | { readonly kind: 'no-web-socket'; readonly seen: string }
  | { readonly kind: 'too-old'; readonly version: string };

/** Which of the two settings a finding is about. */
export type FindingSubject = 'address' | 'token';

export type FindingText = {
  readonly subject: FindingSubject;
  readonly tone: 'good' | 'note' | 'problem';
  /** What was seen, one sentence. */
  readonly text: string;
  /** What it means or what to do; empty when nothing is left to do. */
  readonly hints: readonly string[];
};

/** Older ones are not tried with HomeIQ. */
const oldestVersion: readonly [year: number, month: number] = [2023, 1];

/** True for a version before `oldestVersion`; a version that cannot be read is not too old. */
export function isTooOld(version: string): boolean {
  const match = /^(\d+)\.(\d+)/.exec(version);
  if (match === null) return false;
  const [year, month] = [Number(match[1]), Number(match[2])];
  return year < oldestVersion[0] || (year === oldestVersion[0] && month < oldestVersion[1]);
}

/** Whether the set-up can rely on it: it takes the token over both ways. */
export const isUsable = (finding: HomeAssistantFinding): boolean => finding.kind === 'accepted';

/** The address to take instead; undefined where none is known. */
export const correctedAddress = (finding: HomeAssistantFinding): string | undefined =>
  'corrected' in finding ? finding.corrected : undefined;

const reachHints: Readonly<Record<NoAnswerReason, readonly string[]>> = {
  refused: [
    'The machine is there, but nothing listens on this port: is Home Assistant running, and is it port 8123?',
  ],
  'unknown-host': ['Check the spelling, or give the IP address.'],
  timeout: ['Is the machine on, and in this network? A firewall may drop the connection.'],
  'no-route': ['This machine has no way into that network: check the address and the cabling.'],
  reset: ['Something is there and hangs up: a proxy, or another program on this port.'],
  'not-https': ['Try it with http://.'],
  'not-http': ['Another program uses this port. Home Assistant listens on 8123 unless it was changed.'],
  other: [],
};

const reachTexts: Readonly<Record<NoAnswerReason, string>> = {
  refused: 'Nothing listens at this address (connection refused).',
  'unknown-host': 'There is no machine of this name (DNS).',
  timeout: 'No answer in time.',
  'no-route': 'There is no way to this machine.',
  reset: 'The connection was closed before an answer came.',
  'not-https': 'What answers does not speak HTTPS.',
  'not-http': 'What answers does not speak HTTP.',
  other: 'The connection failed.',
};

const certificateTexts: Readonly<Record<CertificateFault, string>> = {
  'self-signed': 'Its certificate is self-signed, so nothing of HomeIQ trusts it.',
  'unknown-authority': 'Its certificate comes from an authority that nobody here knows.',
  'wrong-name': 'Its certificate is for another name',
  expired: 'Its certificate has expired.',
  'not-yet-valid': 'Its certificate is not valid yet: is the clock of this machine right?',
};

const certificateHints: Readonly<Record<CertificateFault, readonly string[]>> = {
  'self-signed': ['In your own network http:// will do; else give it a certificate of a public authority.'],
  'unknown-authority': [
    'In your own network http:// will do; else it must send its whole certificate chain.',
  ],
  'wrong-name': ['Give the address by the name that the certificate is for.'],
  expired: ['Renew it in Home Assistant or its proxy.'],
  'not-yet-valid': [],
};

const about = (
  subject: FindingSubject,
  tone: FindingText['tone'],
  text: string,
  hints: readonly string[] = [],
): FindingText => ({ subject, tone, text, hints });

const address = (text: string, hints: readonly string[] = []): FindingText =>
  about('address', 'problem', text, hints);

const nameNote = 'This machine finds the name, but containers may not: the IP address is safer.';

/** The finding in words. The corrected address is not in them: a rendering offers it with its key. */
export function describeFinding(finding: HomeAssistantFinding): FindingText {
  switch (finding.kind) {
    case 'accepted':
      return finding.corrected === undefined
        ? about('address', 'good', `Home Assistant ${finding.version}, token accepted`)
        : about('address', 'note', `Home Assistant ${finding.version}, token accepted.`, [nameNote]);
    case 'open':
      return finding.corrected === undefined
        ? about('address', 'good', 'Home Assistant answers')
        : about('address', 'note', 'Home Assistant answers.', [nameNote]);
    case 'token-refused':
      return about('token', 'problem', 'Home Assistant refuses this token (401).', [
        finding.isShapedLikeToken
          ? 'It may have been deleted, or belong to another Home Assistant.'
          : 'It does not look like one: a long-lived token has about 180 characters, with two dots.',
        'Make a new one: your profile, Security, Long-lived access tokens.',
      ]);
    case 'address':
      return address(finding.notes.join(' '));
    case 'loopback':
      return address('Inside a container this address means the container itself.', [
        "Give this machine's address in your network.",
      ]);
    case 'wrong-scheme':
      return finding.corrected.startsWith('https:')
        ? address('Home Assistant speaks HTTPS there: http:// is the wrong scheme.')
        : address('Home Assistant speaks plain HTTP there: https:// is the wrong scheme.');
    case 'wrong-port':
      return address('Nothing listens at this address, but Home Assistant answers on its own port.');
    case 'moved':
      return address('This address only points to another one, where Home Assistant answers.');
    case 'unreachable':
      return address(reachTexts[finding.reason], reachHints[finding.reason]);
    case 'certificate': {
      const names = finding.names.slice(0, 3).join(', ');
      const text = certificateTexts[finding.fault];
      const end = finding.fault === 'wrong-name' ? (names === '' ? '.' : `: ${names}.`) : '';
      return address(`${text}${end}`, certificateHints[finding.fault]);
    }
    case 'not-home-assistant':
      return address(`What answers there is not Home Assistant: ${finding.seen}.`, [
        'Is it the address of a router or of another program? Home Assistant listens on 8123.',
      ]);
    case 'banned':
      return address('Home Assistant will not talk to this machine (403).', [
        'After failed sign-ins it bans a machine: remove it from ip_bans.yaml and restart Home Assistant.',
      ]);
    case 'proxy-not-trusted':
      return address('Home Assistant, or a proxy before it, refuses the request (400).', [
        'Behind a proxy, Home Assistant needs use_x_forwarded_for and trusted_proxies in its configuration.',
      ]);
    case 'starting':
      return address(`Home Assistant is not ready: ${finding.seen}.`, ['Check again in a minute.']);
    case 'no-web-socket':
      return address('It answers over HTTP, but not over its WebSocket, which the events need.', [
        `Seen: ${finding.seen}. A proxy must hand on WebSocket connections (Upgrade).`,
      ]);
    case 'too-old':
      return address(`This is Home Assistant ${finding.version}, which is too old.`, [
        `HomeIQ is tried with ${oldestVersion.join('.')} and later: update Home Assistant.`,
      ]);
  }
}

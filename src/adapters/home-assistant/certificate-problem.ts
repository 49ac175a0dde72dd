/** What is wrong with a certificate, by the codes of Node's TLS (those of OpenSSL). */

import type { CertificateFault } from '../../core/home-assistant/sight.ts';

export type CertificateProblem = {
  readonly fault: CertificateFault;
  /** The host names that it is for; empty where it could not be read. */
  readonly names: readonly string[];
};

const faults: Readonly<Record<string, CertificateFault>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong-name',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
};

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;

/** `DNS:ha.example.org, IP Address:192.168.1.5` as names; what is no name or address is left out. */
const readNames = (text: unknown): readonly string[] =>
  typeof text !== 'string'
    ? []
    : text
        .split(/,\s*/)
        .flatMap(part => /^(?:DNS|IP Address):([a-z0-9.:*_-]+)$/i.exec(part)?.[1] ?? [])
        .slice(0, 20);

/** `thrown` is what `fetch` threw: the TLS error stands somewhere in its chain of causes. */
export function readCertificateProblem(code: string, thrown: unknown): CertificateProblem {
  let cause = thrown;
  while (cause !== undefined && fieldOf(cause, 'code') !== code) cause = fieldOf(cause, 'cause');
  return {
    fault: faults[code] ?? 'unknown-authority',
    names: readNames(fieldOf(fieldOf(cause, 'cert'), 'subjectaltname')),
  };
}

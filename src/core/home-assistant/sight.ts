/** What is seen at an address where Home Assistant should be: observed by an adapter, judged here. */

/** Why no answer came. `not-https`: it speaks, but not TLS. `not-http`: it speaks, but not HTTP. */
export type NoAnswerReason =
  | 'refused'
  | 'unknown-host'
  | 'timeout'
  | 'no-route'
  | 'reset'
  | 'not-https'
  | 'not-http'
  | 'other';

export type CertificateFault =
  | 'self-signed'
  | 'unknown-authority'
  | 'wrong-name'
  | 'expired'
  | 'not-yet-valid';

export type HomeAssistantSight =
  /** It is Home Assistant, and it was shown no token. */
  | { readonly kind: 'open' }
  /** Over HTTP and over the WebSocket. */
  | { readonly kind: 'accepted'; readonly version: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unreachable'; readonly reason: NoAnswerReason; readonly seen: string }
  | {
      readonly kind: 'certificate';
      readonly fault: CertificateFault;
      /** The host names that the certificate is for, where it could be read. */
      readonly names: readonly string[];
      readonly seen: string;
    }
  /** `to` is the scheme, host and port it points to. */
  | { readonly kind: 'redirect'; readonly to: string | undefined; readonly seen: string }
  | { readonly kind: 'not-home-assistant'; readonly seen: string }
  /** It will not talk to this machine (403). */
  | { readonly kind: 'banned'; readonly seen: string }
  /** It answers 400: to a proxy it does not trust, or to HTTP where it speaks HTTPS. */
  | { readonly kind: 'bad-request'; readonly seen: string }
  /** A proxy without its backend, or a start that is not over. */
  | { readonly kind: 'starting'; readonly seen: string }
  | { readonly kind: 'no-web-socket'; readonly version: string; readonly seen: string };

/** What the audit of a stack has to say. It never carries the value of a secret. */

export const auditChecks = [
  'other-mode-setting',
  'other-mode-secret',
  'other-mode-data',
  'service-not-allowed',
  'no-mode',
  'neutral-with-mode',
  'operator-credential',
  'foreign-token',
  'shared-port',
  'no-memory-limit',
  'published-secret',
  'privileged',
  'host-network',
  'docker-socket',
] as const;
export type AuditCheck = (typeof auditChecks)[number];

export type AuditFinding = {
  readonly check: AuditCheck;
  /** An error stops a start; a warning is said. */
  readonly severity: 'error' | 'warning';
  readonly service: string;
  /** `key`: a key of `.env`, or the place in the resolved Compose model. */
  readonly place: { readonly file: string; readonly key: string };
  readonly reason: string;
  readonly mend: string;
};

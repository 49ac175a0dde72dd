/** What one look at a running deployment proves of the separation of the modes. It carries no secret. */

import type { Mode } from '../mode/mode.ts';
import type { Level } from '../plan/plan.ts';

export const verificationIds = [
  'containers',
  'modes-told',
  'tokens',
  'data-arrives',
  'other-mode-data',
  'audit',
] as const;
export type VerificationId = (typeof verificationIds)[number];

export type VerificationProblem = {
  /** A sentence that names the service, the key or the bucket. */
  readonly text: string;
  readonly mend: string;
};

export type VerificationCheck = {
  readonly id: VerificationId;
  /** What was looked at and seen, with figures. */
  readonly summary: string;
  /** Empty: it is as it must be. What could not be looked at is a problem too. */
  readonly problems: readonly VerificationProblem[];
};

export type Verification = {
  readonly mode: Mode;
  readonly level: Level;
  readonly project: string;
  /** ISO 8601. */
  readonly at: string;
  /** Of what was looked at, and of this program; without those that could not be asked. */
  readonly versions: Readonly<Record<string, string>>;
  readonly checks: readonly VerificationCheck[];
};

export const isVerified = ({ checks }: Verification): boolean =>
  checks.every(({ problems }) => problems.length === 0);

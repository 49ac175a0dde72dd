/** Whether a stack keeps the modes apart: looked at before every start, on what Compose resolves. */

import { auditCredentials } from './audit-credentials.ts';
import type { AuditFinding } from './audit-finding.ts';
import { auditMachine } from './audit-machine.ts';
import { auditMode } from './audit-mode.ts';
import { type AuditRequest, describeSubject } from './audit-subject.ts';

/**
 * All findings for the services that start in the mode, errors first; none on a stack that is as it should be.
 * Throws a UserError when the model has another shape than Compose gives it.
 */
export async function auditStack(request: AuditRequest): Promise<readonly AuditFinding[]> {
  const subject = describeSubject(request);
  const findings = [...auditMode(subject), ...(await auditCredentials(subject)), ...auditMachine(subject)];
  const isError = ({ severity }: AuditFinding): boolean => severity === 'error';
  return [...findings.filter(isError), ...findings.filter(finding => !isError(finding))];
}

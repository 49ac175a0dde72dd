/** The findings of an audit in lines. */

import type { DeploymentAudit } from '../../app/isolation/audit-deployment.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import { modeWord } from '../present/common.ts';
import { formatCount } from '../present/format.ts';

/** One string a line, errors first. */
export function auditLines({ mode, findings }: DeploymentAudit): readonly string[] {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const verdict =
    findings.length === 0
      ? 'nothing found'
      : `${formatCount(errors, 'error')}, ${formatCount(warnings, 'warning')}`;
  return [
    `Audit of ${modeWord(mode)}: ${verdict}`,
    ...findings.flatMap(({ severity, reason, place, mend }) => [
      `${severity === 'error' ? 'ERROR' : 'warning'}: ${reason}`,
      `  ${place.file}: ${place.key}`,
      `  ${mend}`,
    ]),
  ].map(sanitiseLine);
}

/** Refuses to start a stack that does not keep the modes apart. Only looks: there is nothing that it could do itself. */

import { exitCodes, UserError } from '../../core/error.ts';
import { type AuditFinding, auditChecks } from '../../core/isolation/audit-finding.ts';
import { auditTarget } from '../isolation/audit-deployment.ts';
import type { Step, StepContext } from './step.ts';

const describe = ({ reason, place, mend }: AuditFinding): string =>
  `${reason} (${place.file}: ${place.key}) ${mend}`;

/** One mistake is often in many services: the rest is counted. */
const toldErrors = 5;

function refuse(context: StepContext, errors: readonly AuditFinding[]): UserError {
  const [first, ...others] = errors;
  const rest = others.length > toldErrors ? [`And ${others.length - toldErrors} more.`] : [];
  return new UserError(first?.reason ?? 'The stack does not keep the modes apart.', {
    hint: `${first?.place.file}: ${first?.place.key}. ${first?.mend}`,
    nextSteps: [
      ...others.slice(0, toldErrors).map(finding => `Besides: ${describe(finding)}`),
      ...rest,
      `All of it: homeiq audit --mode ${context.request.mode}`,
    ],
    exitCode: exitCodes.refused,
  });
}

const check: Step['check'] = async context => {
  const [target, values] = await Promise.all([context.wantedTarget(), context.values()]);
  const findings = await auditTarget(context.ports, context.request.mode, { target, values }, context.signal);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw refuse(context, errors);
  const warnings = findings.length === 0 ? '' : `, ${findings.length} to look at: homeiq audit`;
  return { isDone: true, summary: `${auditChecks.length} checks passed${warnings}` };
};

/** For a run that makes containers anew only now and then, and has no step for it. Throws a UserError with exit code 3. */
export async function refuseUnsoundStack(context: StepContext): Promise<void> {
  await check(context);
}

export const auditStep: Step = {
  id: 'audit',
  title: () => 'Audit',
  check,
  act: async () => '',
  verify: async () => {},
};

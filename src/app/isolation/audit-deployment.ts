/** The audit of a deployment as it would start now, or as the other mode would. Only looks. */

import { parseEnv } from '../../core/env/parse.ts';
import { createSecretTest } from '../../core/env/secret-keys.ts';
import { parseTemplate } from '../../core/env/template.ts';
import { documentValues } from '../../core/env/values.ts';
import { UserError } from '../../core/error.ts';
import { auditStack } from '../../core/isolation/audit.ts';
import type { AuditFinding } from '../../core/isolation/audit-finding.ts';
import { type Mode, otherMode } from '../../core/mode/mode.ts';
import type { ComposeTarget } from '../../ports/compose.ts';
import type { Ports } from '../../ports/ports.ts';
import { deploymentTarget } from '../deployment-target.ts';
import { noDeployment } from '../no-deployment.ts';

export type DeploymentAudit = {
  readonly mode: Mode;
  readonly findings: readonly AuditFinding[];
};

/** The audit of what Compose makes of `target`, with `values` as the mode's document. */
export async function auditTarget(
  ports: Ports,
  mode: Mode,
  { target, values }: { readonly target: ComposeTarget; readonly values: Readonly<Record<string, string>> },
  signal?: AbortSignal,
): Promise<readonly AuditFinding[]> {
  const { files } = ports;
  const [resolved, templateText, otherText, operatorToken, replacedToken, adminPassword] = await Promise.all([
    ports.compose.resolve(target, signal),
    ports.program.template(mode),
    files.readModeEnv(otherMode(mode)),
    files.readSecret('influxdb-operator-token'),
    files.readSecret('influxdb-operator-token-before'),
    files.readSecret('influxdb-admin-password'),
  ]);
  return auditStack({
    resolved,
    mode,
    folder: files.folder,
    values,
    otherValues: otherText === undefined ? {} : documentValues(parseEnv(otherText)),
    secrets: {
      ...(operatorToken === undefined ? {} : { operatorToken }),
      ...(replacedToken === undefined ? {} : { wideTokens: [replacedToken] }),
      ...(adminPassword === undefined ? {} : { adminPassword }),
    },
    isSecretKey: createSecretTest(parseTemplate(templateText).fields),
  });
}

/**
 * Of the recorded mode unless another is given. Throws a UserError with exit code 4 when nothing is set up, and with 1
 * when the mode has no settings yet.
 */
export async function auditDeployment(
  ports: Ports,
  wanted: Mode | undefined,
  signal: AbortSignal,
): Promise<DeploymentAudit> {
  const { files } = ports;
  const record = await files.readRecord();
  if (record === undefined) throw noDeployment(files.folder);
  const mode = wanted ?? record.mode;
  const isActive = mode === record.mode;
  const text = isActive ? await files.readEnv() : await files.readModeEnv(mode);
  if (text === undefined) {
    throw new UserError(`There are no settings of ${mode} mode in ${files.folder} yet.`, {
      nextSteps: [`Make them: homeiq setup --mode ${mode} --yes`],
    });
  }
  const values = documentValues(parseEnv(text));
  const target = deploymentTarget(files.folder, record.project);
  const paths = await ports.program.stackFilePaths(record.level, files.folder);
  const wantedTarget = isActive ? target : { ...target, files: paths, environment: values };
  return { mode, findings: await auditTarget(ports, mode, { target: wantedTarget, values }, signal) };
}

/** What was expected and what was measured in a mode, and the choice between the two. */

import { parseEnv } from '../../core/env/parse.ts';
import { documentValues } from '../../core/env/values.ts';
import type { EstimateBasis } from '../../core/memory/measured-estimates.ts';
import { type MemoryReport, reportMemory } from '../../core/memory/memory-report.ts';
import type { Mode } from '../../core/mode/mode.ts';
import { planServices } from '../../core/plan/plan-services.ts';
import type { Ports } from '../../ports/ports.ts';
import { readStack } from '../monitor/describe-deployment.ts';
import { noDeployment } from '../no-deployment.ts';

/**
 * Of `mode`, else of the active one. `use`: what later estimates count with, from now on. Throws a UserError: exit code 4
 * when nothing is set up; one that names the file when it is damaged.
 */
export async function readMemoryReport(
  ports: Ports,
  asked: { readonly mode: Mode | undefined; readonly use: EstimateBasis | undefined },
): Promise<MemoryReport> {
  const record = await ports.files.readRecord();
  if (record === undefined) throw noDeployment(ports.files.folder);
  const mode = asked.mode ?? record.mode;
  const [stack, envText, history, before] = await Promise.all([
    readStack(ports, record),
    mode === record.mode ? ports.files.readEnv() : ports.files.readModeEnv(mode),
    ports.memory.read(),
    // A damaged choice is mended by a new one.
    asked.use ?? ports.memory.readBasis(),
  ]);
  if (asked.use !== undefined) await ports.memory.writeBasis(asked.use);
  const services = planServices(stack, mode, documentValues(parseEnv(envText ?? '')));
  return reportMemory(services, mode, history, before);
}

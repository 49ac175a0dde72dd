/** The doctor: asks everything that can only look, all at once, and joins what it finds. Changes nothing. */

import {
  type DoctorFinding,
  type DoctorLookName,
  type DoctorReport,
  doctorLooks,
  problemsFirst,
} from '../../core/doctor/doctor-report.ts';
import { type ErrorReport, reportError } from '../../core/error.ts';
import { describeInterrupted } from '../../core/run/run-history.ts';
import { listWaysOn } from '../../core/run/ways-on.ts';
import { explainService, judgeDeployment, judgeService } from '../../core/status/judge-deployment.ts';
import { listMends } from '../../core/status/mends.ts';
import type { StatusState } from '../../core/status/status-state.ts';
import type { DeploymentRecord } from '../../ports/deployment-files.ts';
import type { Ports } from '../../ports/ports.ts';
import { checkEnv } from '../env/check-env.ts';
import { findInterrupted } from '../history/past-runs.ts';
import { auditDeployment } from '../isolation/audit-deployment.ts';
import { describeDeployment } from '../monitor/describe-deployment.ts';
import { observeOnce } from '../monitor/observe-once.ts';
import { checkMachine } from '../setup/check-machine.ts';
import type { Drafting } from '../setup/drafting.ts';
import type { DraftingOptions } from '../setup/drafting-options.ts';
import { lookAtBuckets } from '../setup/plan-buckets.ts';

export type Patient = {
  readonly ports: Ports;
  readonly options: DraftingOptions;
  readonly drafting: Pick<Drafting, 'project'>;
};

const toFinding = ({ message, hint, nextSteps }: ErrorReport): DoctorFinding => ({
  severity: 'problem',
  text: message,
  mends: [...(hint === undefined ? [] : [hint]), ...nextSteps],
});

async function lookAtMachine({ ports, options, drafting }: Patient): Promise<readonly DoctorFinding[]> {
  const { level, folder } = options;
  const { lines } = await checkMachine(ports, { level, folder, project: drafting.project });
  return lines.flatMap(({ tone, text, mend }): readonly DoctorFinding[] =>
    tone === 'good' ? [] : [{ severity: tone, text, mends: mend }],
  );
}

async function lookAtSettings({ ports, options }: Patient): Promise<readonly DoctorFinding[]> {
  const { findings } = await checkEnv(ports, options.level);
  return findings.map(({ severity, message, mend }) => ({
    severity,
    text: message,
    mends: mend === undefined ? [] : [mend],
  }));
}

async function lookAtIsolation({ ports }: Patient, signal: AbortSignal): Promise<readonly DoctorFinding[]> {
  const { findings } = await auditDeployment(ports, undefined, signal);
  return findings.map(({ severity, reason, place, mend }) => ({
    severity: severity === 'error' ? 'problem' : 'note',
    text: `${reason} (${place.file}: ${place.key})`,
    mends: [mend],
  }));
}

async function lookAtData(
  { ports }: Patient,
  { mode, project }: DeploymentRecord,
  signal: AbortSignal,
): Promise<readonly DoctorFinding[]> {
  const containers = await ports.engine.containers(project, signal);
  const isUp = containers.some(({ service, state }) => service === 'influxdb' && state === 'running');
  if (!isUp) {
    return [{ severity: 'note', text: 'Not looked at: influxdb does not run.', mends: [] }];
  }
  const { faults } = await lookAtBuckets(ports, [mode], signal);
  return faults.map(({ message, nextSteps }) => ({ severity: 'problem', text: message, mends: nextSteps }));
}

/** Each service that is not as it should be, with where to look. */
function serviceFindings(state: StatusState): readonly DoctorFinding[] {
  const { verdict, reasons } = judgeDeployment(state);
  if (state.engine.kind !== 'answering' || verdict === 'stopped') {
    const mends = verdict === 'stopped' ? ['Start it: homeiq start'] : [];
    return reasons.map(text => ({ severity: 'problem', text: `${text}.`, mends }));
  }
  return state.services.flatMap((service): readonly DoctorFinding[] => {
    const judged = judgeService(service);
    if (judged === 'good' || judged === 'not-wanted') return [];
    const isOther = service.state.kind === 'wrong-mode';
    const log =
      service.containerId === undefined ? 'homeiq start' : `Its log says why: homeiq logs ${service.name}`;
    return [
      {
        severity: judged === 'bad' ? 'problem' : 'note',
        text: `${explainService(service)}.`,
        mends: isOther ? listMends(state) : [log],
      },
    ];
  });
}

async function lookAtServices(
  { ports, options }: Patient,
  signal: AbortSignal,
): Promise<readonly DoctorFinding[]> {
  const deployment = await describeDeployment(ports, options);
  const { engine, clock } = ports;
  const [state, interrupted] = await Promise.all([
    observeOnce({ engine, clock, ...deployment, signal }),
    findInterrupted(ports),
  ]);
  const brokenOff: readonly DoctorFinding[] =
    interrupted === undefined
      ? []
      : [{ severity: 'note', text: `${describeInterrupted(interrupted)}.`, mends: listWaysOn(interrupted) }];
  return [...serviceFindings(state), ...brokenOff];
}

/** Never throws for what it looks at: what cannot be looked at is a finding. */
export async function diagnose(patient: Patient, signal: AbortSignal): Promise<DoctorReport> {
  const { ports, options } = patient;
  const record = await ports.files.readRecord().catch(() => undefined);
  const looks: Readonly<Record<DoctorLookName, () => Promise<readonly DoctorFinding[]>>> = {
    machine: () => lookAtMachine(patient),
    settings: () => lookAtSettings(patient),
    isolation: () => lookAtIsolation(patient, signal),
    buckets: async () => (record === undefined ? [] : lookAtData(patient, record, signal)),
    services: () => lookAtServices(patient, signal),
  };
  const nothingYet: DoctorFinding = {
    severity: 'note',
    text: `Nothing is set up in ${options.folder} yet.`,
    mends: ['Set it up: homeiq', 'Or name the folder of a deployment: --dir FOLDER'],
  };
  const look = async (name: DoctorLookName) => {
    const findings = await looks[name]().catch((thrown: unknown) => {
      signal.throwIfAborted();
      return [toFinding(reportError(thrown))];
    });
    const more = record === undefined ? [nothingYet] : [];
    return { name, findings: problemsFirst([...findings, ...more]) };
  };
  const names = record === undefined ? (['machine'] as const) : doctorLooks;
  return { looks: await Promise.all(names.map(look)) };
}

/** What the doctor says, in words: the same on the screen and in lines. */

import {
  countFindings,
  type DoctorLook,
  type DoctorLookName,
  type DoctorReport,
} from '../../core/doctor/doctor-report.ts';
import { formatCount } from './format.ts';

const lookTitles: Readonly<Record<DoctorLookName, string>> = {
  machine: 'Machine',
  settings: 'Settings',
  isolation: 'The modes kept apart',
  buckets: 'InfluxDB',
  services: 'Services',
};

/** The command that takes this look alone and says more; undefined where only the doctor does. */
export const lookCommands: Readonly<Record<DoctorLookName, string | undefined>> = {
  machine: undefined,
  settings: 'homeiq env check',
  isolation: 'homeiq audit',
  buckets: 'homeiq buckets --check',
  services: 'homeiq status',
};

const counts = (problems: number, notes: number): string =>
  problems + notes === 0
    ? 'good'
    : [
        ...(problems === 0 ? [] : [formatCount(problems, 'problem')]),
        ...(notes === 0 ? [] : [formatCount(notes, 'note')]),
      ].join(', ');

/** `Settings: 2 notes`. */
export function lookTitle(look: DoctorLook): string {
  const report = { looks: [look] };
  return `${lookTitles[look.name]}: ${counts(countFindings(report, 'problem'), countFindings(report, 'note'))}`;
}

/** `1 problem, 2 notes`; `all is good`. */
export function reportTitle(report: DoctorReport): string {
  const [problems, notes] = [countFindings(report, 'problem'), countFindings(report, 'note')];
  return problems + notes === 0 ? 'all is good' : counts(problems, notes);
}

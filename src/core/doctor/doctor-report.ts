/** What the doctor has to say: the looks that there are, joined, each finding with what mends it. */

export type DoctorFinding = {
  /** A `problem` is to be mended; a `note` is worth knowing. */
  readonly severity: 'problem' | 'note';
  readonly text: string;
  /** What to do about it, the best first; empty when nobody has to do anything. */
  readonly mends: readonly string[];
};

export const doctorLooks = ['machine', 'settings', 'isolation', 'buckets', 'services'] as const;
export type DoctorLookName = (typeof doctorLooks)[number];

export type DoctorLook = {
  readonly name: DoctorLookName;
  /** The problems first. */
  readonly findings: readonly DoctorFinding[];
};

export type DoctorReport = {
  /** In the order of `doctorLooks`; without a deployment the machine alone. */
  readonly looks: readonly DoctorLook[];
};

export const countFindings = ({ looks }: DoctorReport, severity: DoctorFinding['severity']): number =>
  looks.flatMap(({ findings }) => findings).filter(finding => finding.severity === severity).length;

export const isAllRight = (report: DoctorReport): boolean => countFindings(report, 'problem') === 0;

export const problemsFirst = (findings: readonly DoctorFinding[]): readonly DoctorFinding[] =>
  findings.toSorted((a, b) => Number(a.severity === 'note') - Number(b.severity === 'note'));

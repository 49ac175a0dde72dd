/** What the doctor found, in lines. */

import type { DoctorReport } from '../../core/doctor/doctor-report.ts';
import { lookCommands, lookTitle, reportTitle } from '../present/doctor-words.ts';

/** One string a line. */
export const doctorLines = (report: DoctorReport): readonly string[] => [
  ...report.looks.flatMap(look => {
    const command = lookCommands[look.name];
    const more = command === undefined || look.findings.length === 0 ? '' : `  (${command})`;
    return [
      `${lookTitle(look)}${more}`,
      ...look.findings.flatMap(({ severity, text, mends }) => [
        `  ${severity === 'problem' ? 'PROBLEM' : 'note'}: ${text}`,
        ...mends.map(mend => `    ${mend}`),
      ]),
    ];
  }),
  `Doctor: ${reportTitle(report)}`,
];

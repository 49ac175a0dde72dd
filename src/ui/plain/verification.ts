/** The report of a verification in lines, fit to be attached to a ticket. */

import { isolationLimit } from '../../core/buckets/buckets-report.ts';
import { isVerified, type Verification, type VerificationId } from '../../core/isolation/verification.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import { modeWord } from '../present/common.ts';
import { fitCells, textWidth } from '../present/format.ts';

const titles: Readonly<Record<VerificationId, string>> = {
  containers: 'Containers',
  'modes-told': 'Modes told',
  tokens: 'Tokens in use',
  'data-arrives': 'Data arrives',
  'other-mode-data': 'Data of the other mode',
  audit: 'Audit of the stack',
};

/** One string a line. */
export function verificationLines(verification: Verification): readonly string[] {
  const { mode, level, project, at, versions, checks } = verification;
  const failed = checks.filter(({ problems }) => problems.length > 0).length;
  const width = Math.max(...Object.values(titles).map(textWidth));
  return [
    `Verification of ${modeWord(mode)}: ${isVerified(verification) ? 'passed' : `NOT PASSED, ${failed} of ${checks.length} checks`}`,
    `  ${at}, project ${project}, level ${level}`,
    `  ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
    ...checks.flatMap(({ id, summary, problems }) => [
      `${problems.length === 0 ? 'ok   ' : 'WRONG'}  ${fitCells(titles[id], width)}  ${summary}`,
      ...problems.flatMap(({ text, mend }) => [`       ${text}`, `         To do: ${mend}`]),
    ]),
    isolationLimit,
  ].map(sanitiseLine);
}

/** What the doctor says on the status screen: on the whole screen, under the title that says the mode. */

import type { DoctorState, StatusSessionState } from '../../app/monitor/status-session.ts';
import type { DoctorReport } from '../../core/doctor/doctor-report.ts';
import { busyLines, errorLines, paragraph } from './common.ts';
import { composeScreen, contentWidth, type Viewport } from './compose-screen.ts';
import { lookTitle, reportTitle } from './doctor-words.ts';
import { wrapWords } from './format.ts';
import { footerLine } from './key-hints.ts';
import { momentText } from './moment.ts';
import { statusTitle } from './status-head.ts';
import { statusKeys } from './status-keys.ts';
import { type Line, line, span } from './tone.ts';

const indented = (text: string, cells: number, viewport: Viewport, tone: 'plain' | 'dim'): readonly Line[] =>
  wrapWords(text, contentWidth(viewport) - cells).map(part => line(' '.repeat(cells), span(part, tone)));

function reportLines({ looks }: DoctorReport, viewport: Viewport): readonly Line[] {
  const { glyphs } = viewport;
  return looks.flatMap(look => {
    const hasProblem = look.findings.some(({ severity }) => severity === 'problem');
    const isGood = look.findings.length === 0;
    const glyph = isGood ? glyphs.good : hasProblem ? glyphs.bad : glyphs.note;
    return [
      line(span(`${glyph} ${lookTitle(look)}`, isGood ? 'good' : hasProblem ? 'bad' : 'warn')),
      ...look.findings.flatMap(({ severity, text, mends }) => [
        ...indented(severity === 'problem' ? text : `Note: ${text}`, 2, viewport, 'plain'),
        ...mends.flatMap(mend => indented(mend, 4, viewport, 'dim')),
      ]),
    ];
  });
}

function bodyOf(doctor: DoctorState, viewport: Viewport): readonly Line[] {
  switch (doctor.kind) {
    case 'not-asked':
    case 'looking':
      return busyLines(
        'Looking at the machine, the settings, the modes, InfluxDB and the services',
        viewport,
      );
    case 'failed':
      return errorLines(doctor.error, viewport);
    case 'done':
      return reportLines(doctor.report, viewport);
  }
}

/** Exactly `viewport.rows` lines, none wider than `viewport.columns`. */
export function presentDoctor(
  { status, view, doctor }: StatusSessionState,
  viewport: Viewport,
): readonly Line[] {
  const head =
    doctor.kind === 'done'
      ? paragraph(
          `Doctor at ${momentText(doctor.atMs, status.nowMs)}: ${reportTitle(doctor.report)}`,
          viewport,
          'strong',
        )
      : [line(span('Doctor', 'strong'))];
  return composeScreen(
    {
      title: statusTitle(status, viewport, view.isReadOnly),
      head,
      body: bodyOf(doctor, viewport),
      scroll: view.doctorScroll,
      foot: [],
      footer: footerLine(statusKeys(view), contentWidth(viewport), viewport.glyphs),
    },
    viewport,
  );
}

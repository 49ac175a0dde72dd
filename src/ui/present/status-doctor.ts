/** What the doctor says on the status screen: on the whole screen, under the title that says the mode. */

import type { DoctorState, StatusSessionState } from '../../app/monitor/status-session.ts';
import type { DoctorReport } from '../../core/doctor/doctor-report.ts';
import { busyLines, errorLines } from './common.ts';
import { composeScreen, contentWidth, type Viewport } from './compose-screen.ts';
import { lookCommands, lookTitle, reportTitle } from './doctor-words.ts';
import { lineWidth, spread, wrapWords } from './format.ts';
import { footerLine } from './key-hints.ts';
import { momentText } from './moment.ts';
import { isWide, statusTitle } from './status-head.ts';
import { statusKeys } from './status-keys.ts';
import { type Line, line, span } from './tone.ts';

const indented = (text: string, cells: number, viewport: Viewport, tone: 'plain' | 'dim'): readonly Line[] =>
  wrapWords(text, contentWidth(viewport) - cells).map(part => line(' '.repeat(cells), span(part, tone)));

function reportLines({ looks }: DoctorReport, viewport: Viewport): readonly Line[] {
  const { glyphs } = viewport;
  return looks.flatMap(look => {
    const hasProblem = look.findings.some(({ severity }) => severity === 'problem');
    const isGood = look.findings.length === 0;
    const command = lookCommands[look.name];
    const glyph = isGood ? glyphs.good : hasProblem ? glyphs.bad : glyphs.note;
    return [
      line(
        span(`${glyph} ${lookTitle(look)}`, isGood ? 'good' : hasProblem ? 'bad' : 'warn'),
        span(isGood || command === undefined || !isWide(viewport) ? '' : `  ${command}`, 'dim'),
      ),
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
  const name = span('homeiq doctor', 'strong');
  const width = contentWidth(viewport);
  const said = doctor.kind === 'done' ? line(name, `: ${reportTitle(doctor.report)}`) : line(name);
  const at = doctor.kind === 'done' ? momentText(doctor.atMs, status.nowMs) : '';
  const hasRoom = lineWidth(said) + at.length + 2 <= width;
  const head = [spread(said, line(span(hasRoom ? at : '', 'dim')), width, viewport.glyphs)];
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

/** Screen 1: can this machine run HomeIQ, and if not, what is to do? */

import type { WizardState } from '../../app/wizard/wizard-state.ts';
import type { CheckLine, MachineReport } from '../../app/wizard/wizard-types.ts';
import { busyLines, failureParts, paragraph } from './common.ts';
import { contentWidth, type Viewport } from './compose-screen.ts';
import { formatCount, lineWidth, textWidth, truncateMiddle, wrapWords } from './format.ts';
import { type Line, line, span, type Tone } from './tone.ts';

type Parts = {
  readonly head: readonly Line[];
  readonly body: readonly Line[];
  readonly foot: readonly Line[];
};

const tones: Readonly<Record<CheckLine['tone'], Tone>> = { good: 'good', note: 'warn', problem: 'bad' };

function mark(tone: CheckLine['tone'], viewport: Viewport): string {
  const { good, note, bad } = viewport.glyphs;
  return tone === 'good' ? good : tone === 'note' ? note : bad;
}

/** One check over as many lines as it needs, and under it what to do about it. */
function checkLines(check: CheckLine, viewport: Viewport, showMend: boolean): readonly Line[] {
  const width = contentWidth(viewport);
  const text = wrapWords(check.text, width - 2).map((part, index) =>
    line(span(index === 0 ? `${mark(check.tone, viewport)} ` : '  ', tones[check.tone]), span(part)),
  );
  const mend = showMend
    ? check.mend.flatMap(step =>
        wrapWords(step, width - 6).map((part, index) =>
          line(span(index === 0 ? `  ${viewport.glyphs.arrowRight} ` : '    ', 'accent'), span(part)),
        ),
      )
    : [];
  return [...text, ...mend];
}

/** What is in order, in two columns where there is room: it needs a glance only. */
function goodLines(checks: readonly CheckLine[], viewport: Viewport): readonly Line[] {
  const width = contentWidth(viewport);
  const half = Math.floor((width - 2) / 2);
  const fitsHalf = checks.every(check => textWidth(check.text) + 2 <= half);
  if (width < 70 || !fitsHalf) return checks.flatMap(check => checkLines(check, viewport, false));
  const rows = Math.ceil(checks.length / 2);
  return checks.slice(0, rows).map((left, index) => {
    const right = checks[index + rows];
    const start = line(span(`${mark('good', viewport)} `, 'good'), span(left.text));
    if (right === undefined) return start;
    const gap = ' '.repeat(half + 2 - lineWidth(start));
    return [...start, span(gap), span(`${mark('good', viewport)} `, 'good'), span(right.text)];
  });
}

/** Problems always tell what mends them; of notes that is shown on request. */
export const hasDetails = ({ lines }: MachineReport): boolean =>
  lines.some(({ tone, mend }) => tone === 'note' && mend.length > 0);

function verdict(report: MachineReport): { readonly text: string; readonly tone: Tone } {
  const problems = report.lines.filter(check => check.tone === 'problem').length;
  const notes = report.lines.filter(check => check.tone === 'note').length;
  if (!report.canContinue || problems > 0) {
    return {
      text: `${formatCount(problems, 'problem')} to mend before HomeIQ can run here. Then press r to check again.`,
      tone: 'bad',
    };
  }
  return notes > 0
    ? {
        text: `Ready, with ${formatCount(notes, 'note')}.${hasDetails(report) ? ' Details: d' : ''}`,
        tone: 'good',
      }
    : { text: 'Ready. Everything HomeIQ needs is here.', tone: 'good' };
}

function reportParts(report: MachineReport, showDetails: boolean, viewport: Viewport): Parts {
  const width = contentWidth(viewport);
  const of = (tone: CheckLine['tone']): readonly CheckLine[] =>
    report.lines.filter(check => check.tone === tone);
  const label = width < 58 ? 'Folder ' : 'Deployment folder  ';
  const suffix = report.isNewFolder ? '  (new)' : '';
  const folder = truncateMiddle(
    report.folder,
    width - textWidth(label) - textWidth(suffix),
    viewport.glyphs.ellipsis,
  );
  const said = verdict(report);
  return {
    head: [line(span(label, 'dim'), span(folder, 'strong'), span(suffix, 'dim'))],
    body: [
      ...of('problem').flatMap(check => checkLines(check, viewport, true)),
      ...of('note').flatMap(check => checkLines(check, viewport, showDetails)),
      ...goodLines(of('good'), viewport),
    ],
    foot: [
      ...paragraph(said.text, viewport, said.tone),
      ...(report.shouldOfferRehearsal
        ? paragraph('To see it all without Docker first, press t: a rehearsal changes nothing.', viewport)
        : []),
    ],
  };
}

const indented = (text: string, viewport: Viewport): readonly Line[] =>
  wrapWords(text, contentWidth(viewport) - 2).map(part => line('  ', span(part, 'dim')));

export function presentMachine(state: WizardState, viewport: Viewport): Parts {
  const { machine } = state;
  switch (machine.kind) {
    case 'checking':
      return {
        head: [],
        body: [
          ...busyLines('Looking at this machine', viewport),
          ...indented('System, memory, disk, clock, Docker, Compose, ports, folder.', viewport),
          ...indented('Nothing is changed before you say so on the review.', viewport),
        ],
        foot: [],
      };
    case 'failed':
      return failureParts('The machine could not be checked.', 'check again', machine.error, viewport);
    case 'checked':
      return reportParts(machine.report, state.showDetails, viewport);
  }
}

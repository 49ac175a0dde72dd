/** What is asked before something is interrupted. */

import type { StatusQuestion } from '../../app/monitor/status-view.ts';
import type { StatusState } from '../../core/status/status-state.ts';
import { paragraph } from './common.ts';
import { contentWidth, type Viewport } from './compose-screen.ts';
import { wrapWords } from './format.ts';
import { emptyLine, type Line, line, span } from './tone.ts';

/** The command that does the same by hand, anywhere on the machine. */
const commandByHand = (
  kind: 'restart' | 'stop' | 'start',
  project: string,
  services: readonly string[],
): string => `docker compose -p ${project} ${kind} ${services.join(' ')}`;

const answerWords = { restart: 'Restart', stop: 'Stop', start: 'Start' } as const;
const meanings = {
  restart: 'it answers nobody until it is up again',
  stop: 'it stays stopped until it is started; its data stays',
  start: 'it is started as it was made',
} as const;

/** What is asked before something is interrupted: each answer with the command that does it by hand. */
export function questionLines(
  question: StatusQuestion,
  state: StatusState,
  viewport: Viewport,
): { readonly body: readonly Line[]; readonly focus: { readonly from: number; readonly to: number } } {
  const { services } = question;
  const what =
    services.length === 1 ? (services[0] ?? '') : `${services.length} services: ${services.join(', ')}`;
  const body: Line[] = [...paragraph(`What shall be done with ${what}?`, viewport, 'warn'), emptyLine];
  let from = 0;
  let to = 0;
  for (const [index, kind] of question.answers.entries()) {
    const isSelected = index === question.selected;
    if (isSelected) from = body.length;
    const pointer = isSelected ? viewport.glyphs.pointer : ' ';
    body.push(
      line(
        span(`${pointer} ${index + 1} ${answerWords[kind]}`, isSelected ? 'accent' : 'strong'),
        span(`  ${meanings[kind]}`, 'dim'),
      ),
    );
    const command = commandByHand(kind, state.project, services);
    const indent = '    ';
    const wrapped = wrapWords(`by hand: ${command}`, contentWidth(viewport) - indent.length);
    body.push(...wrapped.map(text => line(indent, span(text, 'dim'))));
    if (isSelected) to = body.length - 1;
  }
  return { body, focus: { from, to } };
}

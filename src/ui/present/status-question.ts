/** What is asked before something is interrupted: each answer with the command that does the same by hand. */

import type { StatusQuestion } from '../../app/monitor/status-view.ts';
import type { ActionOffer } from '../../core/status/service-actions.ts';
import type { StatusState } from '../../core/status/status-state.ts';
import { paragraph } from './common.ts';
import { contentWidth, type Viewport } from './compose-screen.ts';
import { wrapWords } from './format.ts';
import { emptyLine, type Line, line, span } from './tone.ts';

const answerWords: Readonly<Record<ActionOffer['kind'], string>> = {
  restart: 'Restart',
  stop: 'Stop',
  start: 'Start',
  recreate: 'Recreate',
  shell: 'Shell',
  pager: 'Log in the pager',
};

const meanings: Readonly<Record<ActionOffer['kind'], string>> = {
  restart: 'it answers nobody until it is up again',
  stop: 'it stays stopped until it is started; its data stays',
  start: 'it is started as it was made',
  recreate: 'it is made anew from its settings and image; its data stays',
  shell: 'a shell in its container; exit leaves it',
  pager: 'all that it wrote; q leaves it',
};

/** As a word of a shell, whatever is in it. */
const quoted = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** The command that does the same by hand, anywhere on the machine. */
function commandByHand(offer: ActionOffer, { project, folder }: StatusState): string {
  switch (offer.kind) {
    case 'restart':
    case 'stop':
    case 'start':
      return `docker compose -p ${quoted(project)} ${offer.kind} ${offer.services.map(quoted).join(' ')}`;
    case 'recreate':
      return `docker compose --project-directory ${quoted(folder)} up -d --no-deps --force-recreate ${offer.services.map(quoted).join(' ')}`;
    case 'shell':
      return `docker exec -it ${quoted(offer.containerName)} sh`;
    case 'pager':
      return `docker logs ${quoted(offer.containerName)} 2>&1 | less`;
  }
}

/** `3 of 4` when an answer is not for all that is meant. */
const shareOf = (offer: ActionOffer, { services }: StatusQuestion): string =>
  'services' in offer && offer.services.length < services.length
    ? `  ${offer.services.length} of ${services.length}`
    : '';

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
  for (const [index, offer] of question.answers.entries()) {
    const isSelected = index === question.selected;
    if (isSelected) from = body.length;
    const pointer = isSelected ? viewport.glyphs.pointer : ' ';
    body.push(
      line(
        span(`${pointer} ${index + 1} ${answerWords[offer.kind]}`, isSelected ? 'accent' : 'strong'),
        span(shareOf(offer, question)),
        span(`  ${meanings[offer.kind]}`, 'dim'),
      ),
    );
    const indent = '    ';
    const command = `by hand: ${commandByHand(offer, state)}`;
    const wrapped = wrapWords(command, contentWidth(viewport) - indent.length);
    body.push(...wrapped.map(text => line(indent, span(text, 'dim'))));
    if (isSelected) to = body.length - 1;
  }
  return { body, focus: { from, to } };
}

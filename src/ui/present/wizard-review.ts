/** Screen 5: exactly what will happen, and what would I type by hand? */

import type { WizardState } from '../../app/wizard/wizard-state.ts';
import type { Draft, EnvChange, MovedPort } from '../../app/wizard/wizard-types.ts';
import { describeRetention } from '../../core/buckets/retention.ts';
import type { Plan, PlannedService } from '../../core/plan/plan.ts';
import type { ServiceChange } from '../../core/plan/service-change.ts';
import {
  changesWhatRuns,
  changeTexts,
  countText,
  dataText,
  type LabelledText,
  onTheWayText,
  timeText,
} from './changes.ts';
import {
  busyLines,
  failureParts,
  groupTitle,
  isNarrow,
  labelled,
  modeWord,
  notesBesidesServices,
  paragraph,
} from './common.ts';
import { contentWidth, type Viewport } from './compose-screen.ts';
import { formatCount, formatGB, formatMiB, formatRoundGB, wrapWords } from './format.ts';
import { type Line, line, span } from './tone.ts';
import { homeAssistantReview } from './wizard-home-assistant.ts';
import { verdictWord } from './wizard-memory.ts';

type Parts = {
  readonly head: readonly Line[];
  readonly body: readonly Line[];
  readonly foot: readonly Line[];
};

/** Services that stay out, those with the same reason together. */
function leftOutLines(services: readonly PlannedService[], viewport: Viewport): readonly Line[] {
  const out = services.filter(service => !service.start);
  const reasons = [...new Set(out.map(service => service.reason ?? 'not wanted'))];
  return reasons.flatMap((reason, index) => {
    const names = out
      .filter(service => (service.reason ?? 'not wanted') === reason)
      .map(service => service.name);
    return labelled(index === 0 ? 'Left out' : '', `${names.join(', ')}: ${reason}`, viewport, {
      tone: 'warn',
    });
  });
}

/** What starts, a paragraph for each group. */
function startLines(services: readonly PlannedService[], viewport: Viewport): readonly Line[] {
  const groups = [...new Set(services.map(service => service.group))];
  return groups.flatMap((group, index) => {
    const names = services.filter(service => service.group === group).map(service => service.name);
    const label = index === 0 ? `Start ${services.length}` : '';
    return labelled(label, `${groupTitle(group)}: ${names.join(', ')}`, viewport);
  });
}

const textLines = (texts: readonly (LabelledText | undefined)[], viewport: Viewport): readonly Line[] =>
  texts.flatMap(text =>
    text === undefined
      ? []
      : labelled(text.label, text.text, viewport, text.tone === undefined ? {} : { tone: text.tone }),
  );

/** What becomes of what runs. In a narrow window the names come after the figures. */
function changeLines(plan: Plan, changes: readonly ServiceChange[], viewport: Viewport): readonly Line[] {
  const figures = textLines([onTheWayText(plan, viewport.glyphs.arrowRight), timeText(plan)], viewport);
  const names = textLines(changeTexts(changes), viewport);
  const leftOut = leftOutLines(plan.services, viewport);
  return isNarrow(viewport)
    ? [...textLines([countText(changes)], viewport), ...figures, ...names, ...leftOut]
    : [...names, ...leftOut, ...figures];
}

/** What starts, what stays out and why, and what memory that takes. */
function planLines(plan: Plan, viewport: Viewport): readonly Line[] {
  if (plan.changes !== undefined && changesWhatRuns(plan)) return changeLines(plan, plan.changes, viewport);
  const starting = plan.services.filter(service => service.start);
  const { memory } = plan;
  const { word } = verdictWord(memory.verdict);
  return [
    ...startLines(starting, viewport),
    ...leftOutLines(plan.services, viewport),
    ...labelled(
      'Memory',
      `${word}: ${formatGB(memory.startMiB)} of ${formatRoundGB(memory.budgetMiB)}, ${
        memory.headroomMiB < 0
          ? `${formatMiB(-memory.headroomMiB)} too much`
          : `${formatMiB(memory.headroomMiB)} free beside the system's ${formatGB(memory.reserveMiB)} GB`
      }`,
      viewport,
      { tone: verdictWord(memory.verdict).tone },
    ),
  ];
}

function envText(changes: readonly EnvChange[]): string {
  if (changes.length === 0) return 'no key of .env changes';
  const isNew = changes.every(change => change.before === undefined);
  const secrets = changes.filter(change => change.isSecret).length;
  const count = isNew
    ? `new .env, ${formatCount(changes.length, 'key')}`
    : `${formatCount(changes.length, 'key')} of .env change, a copy is kept`;
  return `${count}${secrets === 0 ? '' : `, ${formatCount(secrets, 'secret')}`}. See it: v`;
}

function bucketText(draft: Draft): string {
  const kept = [...new Set(draft.buckets.map(bucket => describeRetention(bucket.retentionSeconds)))];
  const names = draft.buckets.map(bucket => bucket.name);
  if (kept.length === 1) return `kept ${kept[0]}: ${names.join(', ')}`;
  return draft.buckets
    .map(bucket => `${bucket.name} ${describeRetention(bucket.retentionSeconds)}`)
    .join(', ');
}

function stepText(plan: Plan): string {
  const open = plan.steps.filter(step => !step.done);
  if (open.length === 0) return 'everything is already as wanted; the run will only check it';
  const done = plan.steps.length - open.length;
  const already = done === 0 ? '' : ` (${formatCount(done, 'step')} already done)`;
  return `${open.map(step => step.title).join(', ')}${already}`;
}

function summaryLines(state: WizardState, draft: Draft, viewport: Viewport): readonly Line[] {
  const { plan } = draft;
  const { from } = plan;
  const notes = notesBesidesServices(draft.notes, plan.services);
  return [
    ...planLines(plan, viewport),
    ...homeAssistantReview(state, viewport),
    ...(from === undefined ? labelled('Folder', plan.folder, viewport) : []),
    ...labelled('Settings', envText(draft.envChanges), viewport),
    ...(draft.buckets.length === 0 ? [] : labelled('Buckets', bucketText(draft), viewport)),
    ...sourceLines(draft, viewport),
    ...draft.movedPorts.flatMap(port => labelled('Port', movedPortText(port), viewport, { tone: 'warn' })),
    ...(from === undefined
      ? labelled('Steps', stepText(plan), viewport)
      : textLines([dataText(from)], viewport)),
    ...notes.flatMap(note => labelled('Note', note, viewport, { tone: 'warn' })),
    ...labelled('By hand', 'the commands that do the same: c', viewport),
  ];
}

/** A port that something else uses, and what becomes of the service's own. */
function movedPortText(port: MovedPort): string {
  const used = `${port.from} (${port.service}) is used by ${port.holder}`;
  return port.to === undefined
    ? `${used}, and no port near it is free: give one in ${port.key}`
    : `${used}; ${port.to} is taken instead`;
}

function sourceLines(draft: Draft, viewport: Viewport): readonly Line[] {
  const { source } = draft.plan;
  const { cloneOffer } = draft;
  if (source.kind === 'folder')
    return labelled('Images', `here, pulled, or built from ${source.path}`, viewport);
  if (cloneOffer === undefined) return [];
  const cost = `${cloneOffer.downloadMB} MB to fetch, ${cloneOffer.diskGB} GB on disk, about ${cloneOffer.minutes} min`;
  return source.kind === 'clone'
    ? labelled('Images', `built from HomeIQ's source, fetched first: ${cost}`, viewport)
    : labelled('Images', `not all here: HomeIQ's source is needed to build them (${cost})`, viewport, {
        tone: 'warn',
      });
}

/** One changed key: what it was, what it will be. A secret is never shown. */
function envChangeLines(change: EnvChange, viewport: Viewport): readonly Line[] {
  const { arrowRight } = viewport.glyphs;
  const hidden = (value: string): string => (change.isSecret && value !== '' ? '(secret)' : value);
  const before = change.before === undefined ? '' : `${hidden(change.before)} ${arrowRight} `;
  const after = change.after === '' ? '(empty)' : hidden(change.after);
  const sign = change.before === undefined ? '+' : '~';
  return wrapWords(`${change.key}=${before}${after}`, contentWidth(viewport) - 2).map((text, index) =>
    line(span(index === 0 ? `${sign} ` : '    ', sign === '+' ? 'good' : 'warn'), text),
  );
}

function panelParts(state: WizardState, draft: Draft, viewport: Viewport): Parts {
  if (state.panel === 'env') {
    const { envChanges } = draft;
    return {
      head: [line(span('What changes in .env', 'strong'), span('  secrets are not shown', 'dim'))],
      body:
        envChanges.length === 0
          ? [line('Nothing.')]
          : envChanges.flatMap(change => envChangeLines(change, viewport)),
      foot: [],
    };
  }
  return {
    head: [line(span('The same by hand', 'strong'), span('  without secrets', 'dim'))],
    body: draft.commands.flatMap(command =>
      wrapWords(command, contentWidth(viewport) - 2).map((text, index) =>
        line(span(index === 0 ? '' : '    '), span(text, command.startsWith('#') ? 'dim' : 'plain')),
      ),
    ),
    foot: [],
  };
}

const headline = ({ from, mode }: Plan, { glyphs }: Viewport): string =>
  from === undefined
    ? 'Nothing is changed yet. With enter, this will happen:'
    : `Nothing is changed yet. Enter switches ${modeWord(from)} ${glyphs.arrowRight} ${modeWord(mode)}:`;

export function presentReview(state: WizardState, viewport: Viewport): Parts {
  const draft = state.draft.value;
  if (state.draft.error !== undefined) {
    return failureParts('The plan could not be made.', 'try again', state.draft.error, viewport);
  }
  if (draft === undefined || state.draft.isPending) {
    return {
      head: [],
      body: busyLines('Working out what will change', viewport),
      foot: [],
    };
  }
  if (state.panel !== undefined) return panelParts(state, draft, viewport);
  return {
    head: paragraph(headline(draft.plan, viewport), viewport, 'strong'),
    body: summaryLines(state, draft, viewport),
    foot: [],
  };
}

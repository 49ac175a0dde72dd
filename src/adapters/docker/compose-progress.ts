/** One line of what Compose said, as data. Forms as recorded from 2.26.1 (plain) and 5.6.0 (plain and JSON). */

import type { ComposeProgress } from '../../ports/compose.ts';
import { fields, flag, number, optional, text } from './answer-shape.ts';
import { describeBuildStatus, isBuildStatus } from './build-status.ts';

export type ProgressContext = {
  readonly project: string;
  /** The only service that is worked on, when there is one: image layers do not say whose they are. */
  readonly service: string | undefined;
  /** Lines that are not progress belong to a build's own output. */
  readonly isBuild: boolean;
};

export type ParsedLine = {
  readonly progress: ComposeProgress;
  /** One of many a second (bytes of a layer, a countdown): the next one makes it worthless. */
  readonly isFleeting: boolean;
};

type Phase = ComposeProgress['phase'];

const phases: Readonly<Record<string, Phase>> = {
  Creating: 'creating',
  Recreate: 'creating',
  Created: 'created',
  Recreated: 'created',
  Starting: 'starting',
  Restarting: 'starting',
  Started: 'started',
  Running: 'started',
  Waiting: 'waiting',
  Healthy: 'healthy',
  Stopping: 'stopping',
  Stopped: 'stopped',
  Removing: 'stopping',
  Removed: 'removed',
  Pulling: 'pulling',
  Pulled: 'pulled',
  Building: 'building',
  Built: 'built',
  Error: 'error',
};

/** Undefined for a line that says nothing. */
export function parseComposeLine(line: string, context: ProgressContext): ParsedLine | undefined {
  const clean = toPlainText(line);
  if (clean.trim() === '') return undefined;
  const object = clean.startsWith('{') ? parseObject(clean) : undefined;
  return object === undefined ? parsePlain(clean, context) : parseJson(object, context);
}

/** The lines of an error as Compose wrote them, in either form, each once. Empty for a line that is no error. */
export function errorTexts(line: string): readonly string[] {
  const clean = toPlainText(line);
  const object = clean.startsWith('{') ? parseObject(clean) : undefined;
  if (object === undefined) {
    const text = clean.trim().replace(/^\* /, '');
    const isNoise = text === '' || /^\d+ errors? occurred:$/.test(text);
    return isNoise || isProgressLine(clean) || buildOutput.test(clean) ? [] : [text];
  }
  const { error, message } = readJsonLine(object, 'the line');
  if (error !== true || message === undefined) return [];
  return [...new Set(message.split('\n').map(text => text.trim()))].filter(text => text !== '');
}

function parseJson(value: object, context: ProgressContext): ParsedLine | undefined {
  if (isBuildStatus(value)) {
    const told = describeBuildStatus(value);
    return told === undefined ? undefined : said(toPlainText(told), 'building', context.service);
  }
  const object = readJsonLine(value, 'the line');
  if (object.error === true) {
    return said(firstLine(object.message ?? 'error'), 'error', context.service);
  }
  if (object.msg !== undefined) return said(firstLine(object.msg), undefined, context.service);
  const id = object.id ?? '';
  const status = object.text ?? '';
  if (object.parent_id !== undefined) {
    const bytes =
      object.current !== undefined && object.total !== undefined && object.total > 0
        ? ` ${toMegabytes(object.current)} of ${toMegabytes(object.total)} MB`
        : '';
    return {
      progress: { text: `${id} ${status}${bytes}`, service: context.service, phase: 'pulling' },
      isFleeting: object.status === 'Working',
    };
  }
  const details = object.details === undefined || object.details === '' ? '' : ` ${object.details}`;
  const phase = object.status === 'Error' ? 'error' : phases[status];
  return said(`${id} ${status}${details}`, phase, serviceOf(id, context));
}

const resourceLine = /^ ?(Container|Network|Volume|Image|Service) ("[^"]+"|\S+) +(\S+)(.*)$/;
/** `service:a:1 Error response from daemon: …`, of Compose 5 when a container cannot be created. */
const serviceLine = /^ service:([^:\s]+):\d+ (.*)$/;
const layerLine = /^ ([0-9a-f]{12}) (.*)$/;
/** Compose 2 names the service, not the image. */
const pullLine = /^ ([\w.-]+) (Pulling|Pulled|Error|Warning|Skipped|Interrupted)(.*)$/;
const logLine = /^time="[^"]*" level=(\w+) msg="(.*)"$/;

/** Of BuildKit and of the classic builder. */
const buildOutput =
  /^(?:#\d+ |Step \d+|[- ]*-->|------| > |\d+\.\d+ |Sending build context|Removing intermediate|Successfully )/;

const isProgressLine = (line: string): boolean =>
  [resourceLine, layerLine, pullLine, logLine].some(form => form.test(line));

function parsePlain(line: string, context: ProgressContext): ParsedLine {
  const resource = resourceLine.exec(line);
  if (resource !== null) {
    const [, kind = '', name = '', status = ''] = resource;
    return said(line.trim().replace(/ +/g, ' '), phases[status], serviceOf(`${kind} ${name}`, context));
  }
  const layer = layerLine.exec(line);
  if (layer !== null) {
    const [, id = '', status = ''] = layer;
    const text = status.replace(/ \[[=> ]*\] +/, ' ').replace(/ 0B$/, '');
    return {
      progress: { text: `${id} ${text.trim()}`, service: context.service, phase: 'pulling' },
      isFleeting: /^(Downloading|Extracting|Retrying)/.test(status),
    };
  }
  const creation = serviceLine.exec(line);
  if (creation !== null) return said(creation[2] ?? '', 'error', creation[1]);
  const pull = pullLine.exec(line);
  if (pull !== null) return said(line.trim(), phases[pull[2] ?? ''], pull[1]);
  const log = logLine.exec(line);
  if (log !== null) return said((log[2] ?? '').replaceAll('\\"', '"'), undefined, context.service);
  if (/^\s*(?:\* )?(Error response from daemon|dependency failed to start|failed to solve)/.test(line)) {
    return said(line.trim(), 'error', context.service);
  }
  return said(line.trim(), context.isBuild ? 'building' : undefined, context.service);
}

const said = (text: string, phase: Phase, service: string | undefined): ParsedLine => ({
  progress: { text: text.trim(), service, phase },
  isFleeting: false,
});

/** `Container project-service-1`, with a prefix while it is being replaced; an image belongs to the only service. */
function serviceOf(id: string, { project, service }: ProgressContext): string | undefined {
  const created = /^service:([^:]+):\d+$/.exec(id);
  if (created !== null) return created[1];
  const [kind, name = ''] = id.split(' ');
  if (kind === 'Image' || kind === 'Service') return service;
  if (kind !== 'Container') return undefined;
  const plain = name.replace(/^[0-9a-f]{12}_/, '');
  if (!plain.startsWith(`${project}-`)) return undefined;
  return plain.slice(project.length + 1).replace(/-\d+$/, '');
}

const readJsonLine = fields({
  id: optional(text),
  parent_id: optional(text),
  status: optional(text),
  text: optional(text),
  details: optional(text),
  current: optional(number),
  total: optional(number),
  error: optional(flag),
  message: optional(text),
  msg: optional(text),
});

function parseObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const toMegabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

/** Without escape sequences and control characters; a tab becomes a space. */
const toPlainText = (line: string): string =>
  line
    .replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g, '')
    .replaceAll('\t', ' ')
    .replace(/[\x00-\x1f\x7f-\x9f]/g, '');

/** docs/architecture-*.svg: what runs in a mode, and who talks to whom, from the committed stack. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Mode, modeFacts, modes, otherMode } from '../../src/core/mode/mode.ts';
import { parseStack } from '../../src/core/stack/parse-stack.ts';
import { type Service, servicesOfMode } from '../../src/core/stack/stack.ts';
import { groupTitle } from '../../src/ui/present/common.ts';
import { snapshotPath } from './make-snapshot.ts';

const width = 860;
const lineHeight = 18;
const colours = { line: '#57606a', text: '#1f2328', note: '#57606a' } as const;

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const text = (x: number, y: number, words: string, style = ''): string =>
  `<text x="${x}" y="${y}" ${style}>${escapeXml(words)}</text>`;

const bold = 'font-weight="600"';
const faint = `fill="${colours.note}"`;

const box = (x: number, y: number, w: number, h: number, isDashed = false): string =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="6" fill="none" stroke="${colours.line}"${isDashed ? ' stroke-dasharray="5 4"' : ''}/>`;

const arrow = (fromX: number, fromY: number, toX: number, toY: number): string =>
  `<path d="M${fromX} ${fromY} L${toX} ${toY}" stroke="${colours.line}" marker-end="url(#end)"/>`;

type Drawn = { readonly svg: readonly string[]; readonly height: number };

/** A group with its services, in three columns. */
function drawGroup(group: string, services: readonly Service[], x: number, y: number, w: number): Drawn {
  const columns = 3;
  const rows = Math.ceil(services.length / columns);
  const height = 34 + rows * lineHeight;
  return {
    height,
    svg: [
      box(x, y, w, height),
      text(x + 12, y + 21, groupTitle(group), bold),
      ...services.map(({ name, bound }, index) =>
        text(
          x + 12 + (index % columns) * ((w - 16) / columns),
          y + 42 + Math.floor(index / columns) * lineHeight,
          bound ? name : `${name} *`,
        ),
      ),
    ],
  };
}

/** The picture of a mode. */
export function drawArchitecture(programFolder: string, mode: Mode): string {
  const snapshot: unknown = JSON.parse(readFileSync(path.join(programFolder, snapshotPath), 'utf8'));
  const services = servicesOfMode(parseStack(snapshot), mode).filter(({ standIn }) => standIn !== true);
  const groups = [...new Set(services.map(({ group }) => group))].filter(group => group !== 'infrastructure');
  const left = 190;
  const inner = width - left - 40;
  const svg: string[] = [];
  let y = 70;
  for (const group of groups) {
    const drawn = drawGroup(
      group,
      services.filter(service => service.group === group),
      left + 20,
      y,
      inner,
    );
    svg.push(...drawn.svg);
    y += drawn.height + 14;
  }
  const influxY = y + 22;
  const { org, buckets } = modeFacts[mode];
  const other = modeFacts[otherMode(mode)];
  svg.push(
    arrow(left + 20 + inner / 2, y - 10, left + 20 + inner / 2, influxY - 4),
    text(left + 34 + inner / 2, influxY - 8, 'one token, limited to these buckets', faint),
    box(left + 20, influxY, inner, 128),
    text(left + 32, influxY + 21, 'influxdb *', bold),
    text(left + 32, influxY + 42, `organization ${org}`),
    ...buckets.map((bucket, index) =>
      text(
        left + 32 + (index % 2) * (inner / 2),
        influxY + 62 + Math.floor(index / 2) * lineHeight,
        `bucket ${bucket.name}`,
      ),
    ),
    text(
      left + 32,
      influxY + 112,
      `organization ${other.org}, for ${otherMode(mode)} mode: no token of it is here`,
      faint,
    ),
  );
  const bottom = influxY + 148;
  const homeAssistantY = Math.round((70 + influxY) / 2) - 40;
  const ownHomeAssistant = mode === 'production';
  const height = bottom + 54;
  svg.push(
    box(left, 40, inner + 40, bottom - 40, true),
    text(left + 14, 60, `this machine, ${mode.toUpperCase()} mode: Compose profile ${mode}`, bold),
    ...(ownHomeAssistant
      ? [
          box(10, homeAssistantY, 130, 62),
          text(22, homeAssistantY + 24, 'Home Assistant', bold),
          text(22, homeAssistantY + 44, 'yours', faint),
          arrow(140, homeAssistantY + 31, left + 16, homeAssistantY + 31),
        ]
      : []),
    box(10, 76, 130, 62),
    text(22, 100, 'your browser', bold),
    text(22, 120, ':3000 :3001', faint),
    arrow(140, 107, left + 16, 107),
    text(
      left,
      bottom + 22,
      '* runs in both modes and stays up through a switch. Everything else is made anew for its mode.',
      faint,
    ),
    text(
      left,
      bottom + 42,
      'InfluxDB and the services listen on 127.0.0.1, except the pages and interfaces for browsers.',
      faint,
    ),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="13" fill="${colours.text}">`,
    `<title>What runs in ${mode} mode</title>`,
    `<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="${colours.line}"/></marker></defs>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...svg,
    '</svg>',
    '',
  ].join('\n');
}

export const architectureFiles = modes.map(mode => ({ mode, file: `docs/architecture-${mode}.svg` }));

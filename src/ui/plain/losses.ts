/** What would be lost with a volume, in one line. */

import type { VolumeLoss } from '../../core/stack/volume-loss.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import { formatMiB } from '../present/format.ts';

export function lossLine({ name, sizeMiB, usedBy, points }: VolumeLoss): string {
  const counts = Object.entries(points).map(([mode, count]) => `${count} points of ${mode}`);
  const facts = [
    ...(sizeMiB === undefined ? [] : [formatMiB(sizeMiB)]),
    ...(usedBy.length === 0 ? ['no container uses it'] : [`all that ${usedBy.join(' and ')} keeps`]),
    ...(usedBy.includes('influxdb') ? ['every bucket and token of both modes'] : []),
    ...counts,
  ];
  return sanitiseLine(`Lost for ever with ${name}: ${facts.join(', ')}.`);
}

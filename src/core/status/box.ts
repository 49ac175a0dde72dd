/** The machine as a whole: what of it the stack takes, what everything else takes, and when it gets tight. Pure. */

import type { BoxState } from './box-state.ts';
import type { StatusState } from './status-state.ts';

export type BoxWord = {
  /** `tight`: something is about to fail, or has failed. `close`: there is still time. */
  readonly level: 'close' | 'tight';
  readonly about: 'memory' | 'swap' | 'disk' | 'limit' | 'kill';
  /** A sentence without a full stop. */
  readonly text: string;
};

export type MemoryKill = {
  readonly service: string;
  /** Undefined: before anybody looked. */
  readonly atMs: number | undefined;
  readonly limitMiB: number | undefined;
};

/** Of the memory: below it the kernel begins to throw out what is needed again soon; other watchdogs act here as well. */
const closeMemoryShare = 0.1;
/** Below it one page cache miss follows the other, and the kernel looks for somebody to kill. */
const tightMemoryShare = 0.05;
/** More than that a second, 2 MiB, is not tidying up any more: something waits for its memory. */
const busySwapPages = 512;
const fullSwapShare = 0.9;
/** An image is 1 to 3 GB unpacked, and InfluxDB rewrites a day's points when it compacts. */
const closeDiskMiB = 4_096;
/** Below it a database stops writing soon. */
const tightDiskMiB = 1_024;
/** A container is killed at its limit, whatever the machine has left. */
const closeLimitShare = 0.95;
/** For so long a kill is told above the table; the list of what happened keeps it. */
const killShownMs = 3_600_000;

const size = (mebibytes: number): string =>
  mebibytes < 1024 ? `${Math.round(mebibytes)} MB` : `${(mebibytes / 1024).toFixed(1)} GB`;

/** Services by what they use, the greatest first. */
export const topEaters = ({ services }: Pick<StatusState, 'services'>, count: number) =>
  services
    .flatMap(({ name, usage }) => (usage === undefined ? [] : [{ name, memoryMiB: usage.memoryMiB }]))
    .toSorted((a, b) => b.memoryMiB - a.memoryMiB)
    .slice(0, count);

/** What neither the stack uses nor is available; never negative, since the two are counted at different moments. */
export const otherMiB = ({ machine }: BoxState, stackMiB: number): number =>
  Math.max(0, machine.totalMiB - machine.availableMiB - stackMiB);

/** Who was killed for memory, the newest first, each once for what is one death. */
export function listKills({
  events,
  services,
}: Pick<StatusState, 'events' | 'services'>): readonly MemoryKill[] {
  const limitOf = (name: string): number | undefined =>
    services.find(service => service.name === name)?.limitMiB;
  const told: MemoryKill[] = [];
  for (const { service, atMs, what } of events.toReversed()) {
    const isKill =
      what.kind === 'out-of-memory' || (what.kind === 'ended' && what.wasKilledForMemory === true);
    const isSame = told.some(
      kill => kill.service === service && Math.abs((kill.atMs ?? 0) - atMs) < sameDeathMs,
    );
    if (isKill && service !== undefined && !isSame) {
      told.push({ service, atMs, limitMiB: limitOf(service) });
    }
  }
  const before = services
    .filter(({ name, wasKilledForMemory }) => wasKilledForMemory && !told.some(kill => kill.service === name))
    .map(({ name, limitMiB }) => ({ service: name, atMs: undefined, limitMiB }));
  return [...told, ...before];
}
/** The kernel's kill and the end of the container that it brings about. */
const sameDeathMs = 5_000;

/** `data-api was killed for memory at its limit of 1.0 GB`. */
export const describeKill = ({ service, limitMiB }: MemoryKill): string =>
  limitMiB === undefined
    ? `${service} was killed for memory`
    : `${service} was killed for memory at its limit of ${size(limitMiB)}`;

function memoryWords(box: BoxState, state: StatusState): readonly BoxWord[] {
  const { totalMiB, availableMiB } = box.machine;
  const share = totalMiB > 0 ? availableMiB / totalMiB : 1;
  if (share >= closeMemoryShare) return [];
  const [eater] = topEaters(state, 1);
  const most = eater === undefined ? '' : `; ${eater.name} uses most, ${size(eater.memoryMiB)}`;
  return [
    {
      level: share < tightMemoryShare ? 'tight' : 'close',
      about: 'memory',
      text: `memory gets tight: ${size(availableMiB)} of ${size(totalMiB)} left${most}`,
    },
  ];
}

function swapWords({ machine, swappedPagesPerSecond = 0 }: BoxState): readonly BoxWord[] {
  const { swapTotalMiB, swapFreeMiB } = machine;
  const usedMiB = swapTotalMiB - swapFreeMiB;
  if (swapTotalMiB > 0 && usedMiB / swapTotalMiB >= fullSwapShare) {
    return [{ level: 'tight', about: 'swap', text: `swap is nearly full: ${size(swapFreeMiB)} left` }];
  }
  if (swappedPagesPerSecond < busySwapPages) return [];
  const perSecond = size(swappedPagesPerSecond / 256);
  return [
    { level: 'close', about: 'swap', text: `the machine swaps ${perSecond} a second: memory is short` },
  ];
}

const diskWords = ({ disks }: BoxState): readonly BoxWord[] =>
  disks
    .filter(({ freeMiB }) => freeMiB < closeDiskMiB)
    .map(({ mountPoint, holds, freeMiB }) => ({
      level: freeMiB < tightDiskMiB ? 'tight' : 'close',
      about: 'disk',
      text: `the disk of ${holds.join(' and ')} (${mountPoint}) gets full: ${size(freeMiB)} left`,
    }));

const limitWords = ({ services }: StatusState): readonly BoxWord[] =>
  services.flatMap(({ name, usage, limitMiB }): readonly BoxWord[] =>
    usage !== undefined && limitMiB !== undefined && usage.memoryMiB >= limitMiB * closeLimitShare
      ? [
          {
            level: 'close',
            about: 'limit',
            text: `${name} is close to its limit: ${size(usage.memoryMiB)} of ${size(limitMiB)}`,
          },
        ]
      : [],
  );

function killWords(state: StatusState): readonly BoxWord[] {
  return listKills(state)
    .filter(({ atMs }) => atMs !== undefined && state.nowMs - atMs < killShownMs)
    .map(kill => ({ level: 'tight', about: 'kill', text: describeKill(kill) }));
}

/** What to say before it gets tight, and when it was: the worst first; empty when all is well. */
export function judgeBox(state: StatusState): readonly BoxWord[] {
  const { box } = state;
  const words = [
    ...killWords(state),
    ...(box === undefined ? [] : [...memoryWords(box, state), ...swapWords(box), ...diskWords(box)]),
    ...limitWords(state),
  ];
  return words.toSorted((a, b) => Number(b.level === 'tight') - Number(a.level === 'tight'));
}

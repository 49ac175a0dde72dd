/**
 * What the status screen costs beside what people would watch with instead: `docker stats`, and with `--with-peers`
 * lazydocker and oxker where they are. All of them watch the same containers, one after the other. What the engine and
 * InfluxDB use while nobody watches is subtracted from everybody's.
 */

import path from 'node:path';
import { parseArgs } from 'node:util';
import { $ } from 'zx';
import { createWatchedStack, type WatchedStack } from '../../test/helpers/watched-stack.ts';
import { root } from '../lib/bundle.mjs';
import { findFacilities } from '../lib/test-facilities.ts';
import { medianOf } from './median.ts';
import { findPeers } from './peers.ts';
import { mostResidentMiB } from './process-cost.ts';
import { type Answers, measureAnswers, openLogOf } from './status-keys.ts';
import {
  type Contender,
  type Cost,
  measureCost,
  type Place,
  pause,
  type Start,
  watchInTerminal,
} from './watch-cost.ts';

const aims = { costShare: 1 / 6, bytesPerSecond: 700, residentMiB: mostResidentMiB, answerMs: 50 } as const;
const size = { columns: 140, rows: 40 } as const;
/** Until the histories are full: before that each sample adds a bar to every row. */
const settleMs = 20_000;
/** A screen that is open for so long has confirmed and kept what it opened with. */
const cacheMs = 8_000;
const starts = 5;

export type Measured = {
  readonly title: string;
  readonly starts: readonly Start[];
  /** Without what is used while nobody watches. */
  readonly cost: Cost;
};

const together = ({ own, engine, influxdb }: Cost): number => own + engine + influxdb;

/** The screen of the deployment; the launcher is part of it, as it is for the operator. */
const homeiq = (folder: string): Contender => ({
  title: 'homeiq',
  file: path.join(root, 'scripts', 'homeiq'),
  args: ['--dir', folder],
  row: /watched-\d+.* \d+ MB/,
});

const dockerStats: Contender = {
  title: 'docker stats',
  file: 'docker',
  args: ['stats'],
  row: /\d[KM]iB \/ /,
};

/** Nothing of the measurement's own but what a program needs to start. */
const placeOf = (stack: WatchedStack): Place => ({
  folder: stack.folder,
  environment: {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    ...stack.environment,
  },
  ...size,
});

const withoutIdle = (cost: Cost, idle: Cost): Cost => ({
  ...cost,
  engine: Math.max(0, cost.engine - idle.engine),
  influxdb: Math.max(0, cost.influxdb - idle.influxdb),
});

/** Starts it again and again, and looks at the last one for `seconds`. */
async function measure(
  contender: Contender,
  stack: WatchedStack,
  idle: Cost,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<Measured> {
  const seen: Start[] = [];
  for (let round = 1; ; round += 1) {
    const watching = watchInTerminal(contender, placeOf(stack));
    try {
      const start = await watching.started();
      // The first one, where there is another, only warms caches; for that of the stack it has to stay a moment.
      if (round === 1 && rounds > 1) await pause(cacheMs);
      else seen.push(start);
      if (round < rounds) continue;
      await pause(settleMs);
      const cost = await measureCost(watching, stack.influxdbPid, seconds);
      return { title: contender.title, starts: seen, cost: withoutIdle(cost, idle) };
    } finally {
      await watching.close();
    }
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
const milliseconds = (values: readonly (number | undefined)[]): string => {
  const known = values.filter(value => value !== undefined);
  return known.length === 0 ? '-' : `${Math.round(medianOf(known))} ms`;
};

const headings = [
  '',
  'first frame',
  'first row',
  'own',
  'engine',
  'InfluxDB',
  'together',
  'bytes/s',
  'RSS',
  'PSS',
];

const cells = ({ title, starts, cost }: Measured): readonly string[] => [
  title,
  milliseconds(starts.map(({ frameMs }) => frameMs)),
  milliseconds(starts.map(({ rowMs }) => rowMs)),
  percent(cost.own),
  percent(cost.engine),
  percent(cost.influxdb),
  percent(together(cost)),
  cost.bytesPerSecond.toFixed(0),
  `${cost.residentMiB.toFixed(0)} MiB`,
  cost.proportionalMiB === undefined ? '-' : `${cost.proportionalMiB.toFixed(0)} MiB`,
];

function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  for (const row of rows) {
    console.log(
      row
        .map((text, column) =>
          column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0),
        )
        .join('  '),
    );
  }
}

type Aim = { readonly what: string; readonly isMet: boolean };

function judge(ours: Measured, others: readonly Measured[]): readonly Aim[] {
  const best = others.toSorted((a, b) => together(a.cost) - together(b.cost))[0];
  const lazydocker = others.find(({ title }) => title === 'lazydocker');
  const median = (measured: Measured, of: (start: Start) => number | undefined): number =>
    medianOf(measured.starts.flatMap(start => of(start) ?? []));
  const share = best === undefined ? Number.NaN : together(ours.cost) / together(best.cost);
  const sooner = (what: string, of: (start: Start) => number | undefined): readonly Aim[] => {
    if (lazydocker === undefined) return [];
    const [own, theirs] = [median(ours, of), median(lazydocker, of)];
    return [{ what: `${what} / lazydocker's ${(own / theirs).toFixed(2)}, below 1`, isMet: own < theirs }];
  };
  return [
    {
      what: `CPU / ${best?.title ?? 'nobody'}'s: ${share.toFixed(3)}, at most ${aims.costShare.toFixed(3)}`,
      isMet: share <= aims.costShare,
    },
    {
      what: `bytes a second ${ours.cost.bytesPerSecond.toFixed(0)}, at most ${aims.bytesPerSecond}`,
      isMet: ours.cost.bytesPerSecond <= aims.bytesPerSecond,
    },
    {
      what: `resident memory ${ours.cost.residentMiB.toFixed(0)} MiB, at most ${aims.residentMiB.toFixed(1)}`,
      isMet: ours.cost.residentMiB <= aims.residentMiB,
    },
    ...sooner('first frame', ({ frameMs }) => frameMs),
    ...sooner('first row', ({ rowMs }) => rowMs),
  ];
}

async function compare(
  stack: WatchedStack,
  count: number,
  withPeers: boolean,
  seconds: number,
): Promise<boolean> {
  const { found, missing } = withPeers ? findPeers() : { found: [], missing: [] };
  for (const line of missing) console.log(line);
  await pause(settleMs);
  const idle = await measureCost(undefined, stack.influxdbPid, seconds);
  const measured: Measured[] = [];
  for (const contender of [homeiq(stack.folder), dockerStats, ...found]) {
    measured.push(await measure(contender, stack, idle, { rounds: starts + 1, seconds }));
  }
  console.log(
    `${count} containers, ${size.columns}x${size.rows}, ${seconds} s after settling; shares of one core`,
  );
  console.log(
    `nobody watches: engine ${percent(idle.engine)}, InfluxDB ${percent(idle.influxdb)}, subtracted below`,
  );
  printTable([headings, ...measured.map(cells)]);
  const [ours, ...others] = measured;
  if (ours === undefined) return false;
  const judged = judge(ours, others);
  for (const { what, isMet } of judged) console.log(`${isMet ? 'met   ' : 'MISSED'} ${what}`);
  return judged.every(({ isMet }) => isMet);
}

/** Cost by the number of containers. */
async function compareScales(stack: WatchedStack, counts: readonly number[], seconds: number): Promise<void> {
  const rows: (readonly string[])[] = [];
  for (const count of counts) {
    await stack.scale(count);
    await pause(settleMs);
    const idle = await measureCost(undefined, stack.influxdbPid, seconds);
    const measured = await measure(homeiq(stack.folder), stack, idle, { rounds: 2, seconds });
    rows.push(cells({ ...measured, title: `${count} containers` }));
  }
  console.log(
    `homeiq by the number of containers, ${size.columns}x${size.rows}, ${seconds} s after settling`,
  );
  printTable([headings, ...rows]);
}

/** A key at rest, and with a hundred containers of which one floods its log, which is open. */
async function compareKeys(stack: WatchedStack, flooding: string): Promise<boolean> {
  const watching = watchInTerminal(homeiq(stack.folder), placeOf(stack));
  try {
    await watching.started();
    await pause(settleMs);
    const tell = (what: string, { medianMs, p95Ms, longestMs }: Answers): void =>
      console.log(
        `${what.padEnd(30)} median ${medianMs.toFixed(1)} ms, 95th percentile ${p95Ms.toFixed(1)} ms, longest ${longestMs.toFixed(1)} ms`,
      );
    const atRest = await measureAnswers(watching);
    tell('a key at rest', atRest);
    await openLogOf(watching, flooding);
    await pause(settleMs);
    const flooded = await measureAnswers(watching);
    tell('a key with the flood open', flooded);
    const cost = await measureCost(watching, stack.influxdbPid, 10);
    console.log(
      `own CPU with the flood open ${percent(cost.own)}, ${cost.bytesPerSecond.toFixed(0)} bytes/s, ${cost.residentMiB.toFixed(0)} MiB`,
    );
    const isMet = flooded.p95Ms <= aims.answerMs;
    console.log(`${isMet ? 'met   ' : 'MISSED'} 95th percentile with the flood, at most ${aims.answerMs} ms`);
    return isMet;
  } finally {
    await watching.close();
  }
}

const usage = 'npm run bench -- status [--containers 40] [--seconds 20] [--with-peers] [--scale | --keys]';

/** Prints tables and ratios; returns the exit code, 1 when an aim is missed or nothing could be measured. */
export async function benchStatus(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      containers: { type: 'string', default: '40' },
      seconds: { type: 'string', default: '20' },
      'with-peers': { type: 'boolean', default: false },
      scale: { type: 'boolean', default: false },
      keys: { type: 'boolean', default: false },
    },
  });
  const [count, seconds] = [Number(values.containers), Number(values.seconds)];
  const variable = (name: string): string | undefined =>
    findFacilities(process.env).find(({ title }) => title === name)?.variable?.[1];
  const [composeFolder, influxdbImage] = [variable('Compose, new'), variable('InfluxDB image')];
  if (!(count > 1) || !(seconds > 0) || composeFolder === undefined || influxdbImage === undefined) {
    console.error(`Needs a Docker Engine, Compose and an InfluxDB image.\n${usage}`);
    return 1;
  }
  // Builds when needed, so that no measured start does.
  await $({ cwd: root, quiet: true })`scripts/homeiq --version`;
  const counts = [10, 40, 100];
  const most = counts.at(-1) ?? count;
  const stack = await createWatchedStack({
    count: values.keys ? most : values.scale ? (counts[0] ?? count) : count,
    composeFolder,
    influxdbImage,
    hasFlood: values.keys,
  });
  try {
    if (stack.flooding !== undefined) return (await compareKeys(stack, stack.flooding)) ? 0 : 1;
    if (!values.scale) return (await compare(stack, count, values['with-peers'], seconds)) ? 0 : 1;
    await compareScales(stack, counts, seconds);
    return 0;
  } finally {
    await stack.remove();
  }
}

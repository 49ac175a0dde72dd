/** Start-up: the program's first screen in an empty folder against a bare Ink hello, bundled and started alike. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { $ } from 'zx';
import { bundle, root } from '../lib/bundle.mjs';
import { type FirstFrame, measureFirstFrame } from './first-frame.ts';

const rounds = 15;
const limit = 1.2;

type Contender = { readonly title: string; readonly file: string; readonly args: readonly string[] };

/** Prints medians of alternating runs and their ratio; returns the exit code, 1 when the ratio is over the limit. */
export async function benchStartup(): Promise<number> {
  await $({ cwd: root, quiet: true })`node scripts/build.mjs`;
  const scratch = mkdtempSync(path.join(tmpdir(), 'homeiq-bench-'));
  const folder = mkdtempSync(path.join(tmpdir(), 'homeiq-bench-empty-'));
  try {
    // In dist/, so that its imports are looked up where the program's are.
    await bundle({
      entries: { hello: 'scripts/bench/hello.tsx' },
      outputFolder: path.join(root, 'dist', 'bench'),
    });
    const flags = launcherFlags();
    const program: Contender = {
      title: 'homeiq',
      file: process.execPath,
      args: [...flags, path.join(root, 'dist', 'main.js')],
    };
    const hello: Contender = {
      title: 'Ink hello',
      file: process.execPath,
      args: [...flags, path.join(root, 'dist', 'bench', 'hello.js')],
    };
    const launcher: Contender = {
      title: 'scripts/homeiq',
      file: path.join(root, 'scripts', 'homeiq'),
      args: [],
    };
    const bare: Contender = {
      title: 'bare Node',
      file: process.execPath,
      args: ['-e', 'console.log(1);setInterval(()=>{},1e6)'],
    };
    const contenders = [hello, program, launcher, bare];

    const frames = new Map<Contender, FirstFrame[]>(contenders.map(contender => [contender, []]));
    for (let round = 0; round <= rounds; round += 1) {
      for (const contender of contenders) {
        const frame = await measureFirstFrame(contender.file, contender.args, {
          folder,
          environment: environment(scratch),
        });
        // The first round only warms the file cache.
        if (round > 0) frames.get(contender)?.push(frame);
      }
    }

    const median = (contender: Contender, of: (frame: FirstFrame) => number) =>
      medianOf((frames.get(contender) ?? []).map(of));
    for (const contender of contenders) {
      const ms = median(contender, frame => frame.ms)
        .toFixed(0)
        .padStart(5);
      const cpu = median(contender, frame => frame.cpuMs)
        .toFixed(0)
        .padStart(4);
      const memory = median(contender, frame => frame.residentMiB)
        .toFixed(0)
        .padStart(4);
      console.log(
        `${contender.title.padEnd(15)} first frame ${ms} ms, CPU ${cpu} ms, resident ${memory} MiB`,
      );
    }
    const ratio = median(program, frame => frame.ms) / median(hello, frame => frame.ms);
    console.log(
      `ratio homeiq / Ink hello: ${ratio.toFixed(2)} (at most ${limit.toFixed(2)}), medians of ${rounds}`,
    );
    return ratio > limit ? 1 : 0;
  } finally {
    for (const made of [scratch, folder]) rmSync(made, { recursive: true, force: true });
  }
}

/** Node's flags as the launcher gives them. */
function launcherFlags(): readonly string[] {
  const text = readFileSync(path.join(root, 'scripts', 'homeiq'), 'utf8');
  return /^exec "\$node" (.*) "\$root/m.exec(text)?.[1]?.split(' ') ?? [];
}

/** Nothing of this machine's own but what a program needs to start; the cache is the real one, so Node is found. */
function environment(home: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME || path.join(process.env.HOME ?? '', '.cache'),
    LANG: 'C.UTF-8',
    NODE_ENV: 'production',
  };
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

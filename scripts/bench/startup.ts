/**
 * Start-up: the first frame, and the first screen of the wizard, against a bare Ink hello, bundled with the same settings
 * and started with the same flags, in turns. The limit is for Ink as it comes; the hello that is bundled with the
 * program's change to the layout engine is there to tell what the program itself costs.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { $ } from 'zx';
import { bundle, root } from '../lib/bundle.mjs';
import { launcherFlags } from '../lib/launcher-flags.ts';
import { type FirstFrame, measureFirstFrame } from './first-frame.ts';
import { medianOf } from './median.ts';

const rounds = 15;
const limit = 1.2;

type Contender = {
  readonly title: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Measured until this can be read. */
  readonly shows?: string;
};

/** Prints medians of alternating runs and their ratio; returns the exit code, 1 when the ratio is over the limit. */
export async function benchStartup(): Promise<number> {
  // Builds when needed, so that no measured start does.
  await $({ cwd: root, quiet: true })`scripts/homeiq --version`;
  const scratch = mkdtempSync(path.join(tmpdir(), 'homeiq-bench-'));
  const folder = mkdtempSync(path.join(tmpdir(), 'homeiq-bench-empty-'));
  try {
    const dist = path.join(root, 'dist');
    const entries = { hello: 'scripts/bench/hello.tsx' };
    await bundle({ entries, outputFolder: path.join(dist, 'bench', 'as-ink-is'), asInkIs: true });
    await bundle({ entries, outputFolder: path.join(dist, 'bench', 'as-bundled') });
    const flags = launcherFlags();
    const node = (title: string, ...args: string[]): Contender => ({
      title,
      file: process.execPath,
      args: [...flags, ...args],
    });
    const hello = node('Ink hello', path.join(dist, 'bench', 'as-ink-is', 'hello.js'));
    const bundledHello = node(
      'Ink hello, as bundled here',
      path.join(dist, 'bench', 'as-bundled', 'hello.js'),
    );
    const program = node('homeiq', path.join(dist, 'main.js'));
    // The first frame is drawn before Ink is loaded: what Ink shows first is told apart.
    const wizard: Contender = { ...program, title: 'homeiq, the wizard', shows: 'step 1 of 6' };
    const launcher: Contender = {
      title: 'scripts/homeiq',
      file: path.join(root, 'scripts', 'homeiq'),
      args: [],
    };
    const bare = node('Node alone', '-e', 'console.log(1); setInterval(() => undefined, 60_000)');
    const contenders: readonly Contender[] = [hello, bundledHello, program, wizard, launcher, bare];

    const frames = new Map<Contender, FirstFrame[]>(contenders.map(contender => [contender, []]));
    for (let round = 0; round <= rounds; round += 1) {
      for (const contender of contenders) {
        const frame = await measureFirstFrame(contender.file, contender.args, {
          folder,
          environment: environment(scratch),
          shows: contender.shows,
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
        `${contender.title.padEnd(27)} first frame ${ms} ms, CPU ${cpu} ms, resident ${memory} MiB`,
      );
    }
    console.log(`medians of ${rounds} runs each`);
    const ratio = (of: Contender, to: Contender): number => {
      const value = median(of, frame => frame.ms) / median(to, frame => frame.ms);
      const aim = to === hello ? ` (at most ${limit.toFixed(2)})` : '';
      console.log(`ratio ${of.title} / ${to.title}: ${value.toFixed(2)}${aim}`);
      return value;
    };
    for (const of of [program, wizard]) ratio(of, bundledHello);
    return [program, wizard].map(of => ratio(of, hello)).some(value => value > limit) ? 1 : 0;
  } finally {
    for (const made of [scratch, folder]) rmSync(made, { recursive: true, force: true });
  }
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

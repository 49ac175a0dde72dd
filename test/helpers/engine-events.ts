/** What happens to the containers of one project while a test does something else. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { projectLabel, serviceLabel } from '../../src/adapters/docker/engine-records.ts';

type EventLine = {
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly timeNano: number;
};

export type SeenEvent = {
  readonly action: string;
  readonly id: string;
  readonly service: string;
  /** Of `die`. */
  readonly exitCode: number | undefined;
  /** Milliseconds since 1970, with a fraction. */
  readonly atMs: number;
};

/** Listens until `stop`, which resolves to every making, start, end, removal and change of health, in order. */
export async function watchProject(project: string): Promise<{ stop: () => Promise<readonly SeenEvent[]> }> {
  const actions = ['create', 'start', 'kill', 'die', 'destroy', 'health_status'].map(name => `event=${name}`);
  const filters = [`label=${projectLabel}=${project}`, 'type=container', ...actions];
  const child = spawn(
    'docker',
    ['events', '--format', '{{json .}}', ...filters.flatMap(filter => ['--filter', filter])],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const events: SeenEvent[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', line => {
    const { Action, Actor, timeNano }: EventLine = JSON.parse(line);
    const service = Actor.Attributes[serviceLabel] ?? '';
    const { exitCode } = Actor.Attributes;
    events.push({
      action: Action,
      id: Actor.ID,
      service,
      exitCode: exitCode === undefined ? undefined : Number(exitCode),
      atMs: timeNano / 1e6,
    });
  });
  await once(child, 'spawn');
  return {
    stop: async () => {
      const isClosed = once(lines, 'close');
      child.kill('SIGTERM');
      await isClosed;
      return events;
    },
  };
}

/** Asks a health address again and again; `stop` resolves to how long, at the most, it was not known to be healthy. */
export function watchHealth(url: string): { stop: () => Promise<{ asked: number; worstGapMs: number }> } {
  let isOver = false;
  let asked = 0;
  let worstGapMs = 0;
  let goodAtMs = performance.now();
  const asking = (async () => {
    while (!isOver) {
      const isGood = await fetch(url, { signal: AbortSignal.timeout(5000) }).then(
        ({ ok }) => ok,
        () => false,
      );
      asked += 1;
      // The time of a question that was answered well belongs to the answer, however slow the machine is.
      if (isGood) goodAtMs = performance.now();
      else worstGapMs = Math.max(worstGapMs, performance.now() - goodAtMs);
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await asking;
      return { asked, worstGapMs };
    },
  };
}

/** A run of `homeiq buckets` without the look afterwards, and processes that are killed while they run it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { bundle, root } from '../../scripts/lib/bundle.mjs';
import { planBuckets } from '../../src/app/setup/plan-buckets.ts';
import { followRun, startRun } from '../../src/app/setup/start-run.ts';
import type { Ports } from '../../src/ports/ports.ts';

/** How the run ended; with the error where it failed. */
export async function runToEnd(ports: Ports): Promise<string> {
  const request = await planBuckets(ports, { modes: ['test', 'production'] }, []);
  const runId = await startRun(ports, request);
  let said = 'nothing';
  for await (const event of followRun(ports, runId, new AbortController().signal)) {
    if (event.kind === 'step-failed') said = event.error.message;
    if (event.kind === 'run-finished' && event.outcome === 'done') said = 'done';
  }
  return said;
}

/** Bundled once: a start from sources would take longer than the run. Beside the packages that stay outside. */
export async function bundleBucketRun(): Promise<string> {
  const outputFolder = join(root, 'dist', 'test');
  await bundle({ entries: { 'bucket-run': 'test/fixtures/bucket-run.ts' }, outputFolder });
  return join(outputFolder, 'bucket-run.js');
}

export type Kill = {
  /** `before`: the server never sees the request. `after`: it has answered, and the answer does not arrive. */
  readonly when: 'before' | 'after';
  /** Counted from 1. */
  readonly at: number;
};

/**
 * Runs the bundled program with a proxy before the server that kills the process with SIGKILL at one call. Resolves, once the
 * process is gone, to the calls that came; `wasKilled` is false when it ended before that call.
 */
export async function runAndKill(
  program: string,
  folder: string,
  target: string,
  kill: Kill,
): Promise<{ readonly calls: readonly string[]; readonly wasKilled: boolean }> {
  const calls: string[] = [];
  let child: ChildProcess | undefined;
  let wasKilled = false;
  const end = (): void => {
    wasKilled = true;
    child?.kill('SIGKILL');
  };
  const proxy = createServer((request, response) => {
    if (wasKilled) return;
    calls.push(`${request.method} ${(request.url ?? '').split('?')[0]?.replace(/[0-9a-f]{16}$/, 'ID')}`);
    const isMet = calls.length === kill.at;
    if (isMet && kill.when === 'before') {
      end();
      return;
    }
    const { method = 'GET', headers, url = '/' } = request;
    const forwarded = sendRequest(`${target}${url}`, { method, headers }, answer => {
      if (isMet) {
        answer.resume();
        answer.once('end', end);
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.once('error', () => response.destroy());
    request.pipe(forwarded);
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  child = spawn(process.execPath, [program, folder, url], { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'exit');
  proxy.closeAllConnections();
  await new Promise(resolve => proxy.close(resolve));
  return { calls, wasKilled };
}

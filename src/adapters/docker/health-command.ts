/** What the engine runs in a container to learn of its health, from the container's settings. */

import type { HealthCommand } from '../../ports/engine.ts';
import { fields, list, number, optional, text } from './answer-shape.ts';

/** Of `Config` in `GET /containers/{id}/json`. */
export const healthFields = {
  Shell: optional(list(text)),
  /** The timeout in nanoseconds; 0: the engine's default. */
  Healthcheck: optional(fields({ Test: optional(list(text)), Timeout: optional(number) })),
};

type HealthConfig = {
  readonly [Name in keyof typeof healthFields]?: ReturnType<(typeof healthFields)[Name]>;
};

/** As the engine has it where the image names no other. */
const defaultShell = ['/bin/sh', '-c'];
const defaultTimeoutMs = 30_000;

/** Undefined when there is none. */
export function readHealthCommand({ Shell, Healthcheck }: HealthConfig): HealthCommand | undefined {
  const [kind, ...test] = Healthcheck?.Test ?? [];
  if (test.length === 0 || (kind !== 'CMD' && kind !== 'CMD-SHELL')) return undefined;
  return {
    words: kind === 'CMD' ? test : [...(Shell ?? defaultShell), test.join(' ')],
    timeoutMs: (Healthcheck?.Timeout ?? 0) / 1e6 || defaultTimeoutMs,
  };
}

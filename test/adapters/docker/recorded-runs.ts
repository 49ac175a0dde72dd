/** What both versions of Compose really wrote, by case, version and form. */

import { readFileSync } from 'node:fs';

export type RecordedRun = {
  readonly name: string;
  readonly version: string;
  readonly form: 'plain' | 'json';
  readonly lines: readonly string[];
  readonly exitCode: number;
};

/** Each run starts with `=== name version form` and ends with `rc=code`. */
export function readRecordedRuns(): readonly RecordedRun[] {
  const text = readFileSync(new URL('recorded/compose-runs.txt', import.meta.url), 'utf8');
  return text
    .split(/^=== /m)
    .slice(1)
    .map(section => {
      const [head = '', ...rest] = section.trimEnd().split('\n');
      const [name = '', version = '', form] = head.split(' ');
      const exitCode = Number(/^rc=(\d+)$/.exec(rest.at(-1) ?? '')?.[1]);
      return {
        name,
        version,
        form: form === 'json' ? 'json' : 'plain',
        lines: rest.slice(0, -1),
        exitCode,
      };
    });
}

/** The resolved model of the bundled stack, the same from every version of Compose and on every machine. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCompose } from '../../src/adapters/docker/compose.ts';
import { parseTemplate } from '../../src/core/env/template.ts';

/** Relative to the program's folder. */
export const snapshotPath = join('src', 'adapters', 'rehearsal', 'stack-snapshot.json');

/** Without what the versions of Compose write differently, and with the keys of each map in one order. */
function normalise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalise);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => key !== 'create_host_path' && member !== null)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, normalise(member)]),
  );
}

const kept = ['name', 'services', 'volumes', 'x-homeiq'];

/**
 * Resolves `compose.yaml` with the values of the production template, in a folder that exists on no machine.
 * `environment` is the process environment that finds Docker's Compose plugin; no engine is needed.
 */
export async function makeSnapshot(
  programFolder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const template = parseTemplate(
    await readFile(join(programFolder, 'env-templates', 'production.env'), 'utf8'),
  );
  const values = Object.fromEntries(template.fields.map(({ key, defaultValue }) => [key, defaultValue]));
  const resolved = await createCompose({ environment }).resolve({
    folder: '/deployment',
    project: values.COMPOSE_PROJECT_NAME ?? 'homeiq',
    files: [join(programFolder, 'compose.yaml')],
    environment: values,
  });
  const model = Object.fromEntries(
    Object.entries(resolved as Record<string, unknown>).filter(([key]) => kept.includes(key)),
  );
  return `${JSON.stringify(normalise(model), undefined, 1)}\n`;
}

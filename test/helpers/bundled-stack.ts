/** The bundled stack and templates as tests need them: the committed files themselves. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTemplate, type Template } from '../../src/core/env/template.ts';
import type { Mode } from '../../src/core/mode/mode.ts';
import { parseStack } from '../../src/core/stack/parse-stack.ts';
import type { Stack } from '../../src/core/stack/stack.ts';

export const programFolder = join(import.meta.dirname, '..', '..');

const read = (...names: readonly string[]): string => readFileSync(join(programFolder, ...names), 'utf8');

export const readComposeFile = (): string => read('compose.yaml');

/** The resolved model, made anew at every call. */
export const readSnapshot = (): Record<string, unknown> =>
  JSON.parse(read('src', 'adapters', 'rehearsal', 'stack-snapshot.json')) as Record<string, unknown>;

export const bundledStack = (): Stack => parseStack(readSnapshot());

export const bundledTemplate = (mode: Mode): Template => parseTemplate(read('env-templates', `${mode}.env`));

/** The values of the template, as a first document has them before anything is generated or asked. */
export const templateValues = (mode: Mode): Readonly<Record<string, string>> =>
  Object.fromEntries(bundledTemplate(mode).fields.map(({ key, defaultValue }) => [key, defaultValue]));

/** The program's own files, found beside the bundle. Reads only. */

import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Level } from '../../core/plan/plan.ts';
import type { Program } from '../../ports/program.ts';

/** `programFolder` is the folder with `compose.yaml` and `env-templates/`; never a deployment folder. */
export function createProgram(programFolder: string, version: string): Program {
  const read = (...names: string[]): Promise<string> => readFile(path.join(programFolder, ...names), 'utf8');
  const sandboxFolder = path.join(programFolder, 'sandbox');
  return {
    version,
    template: mode => read('env-templates', `${mode}.env`),
    stackFiles: async (level: Level) => ({
      'compose.yaml': await read('compose.yaml'),
      ...(level === 'sandbox'
        ? { 'compose.sandbox.yaml': await read('sandbox', 'compose.sandbox.yaml') }
        : {}),
    }),
    // A package has no sources; what a checkout has built may be older than they are.
    mountedFiles: async () => ({
      'homeiq-guard': await read('src', 'deployment', 'homeiq-guard').catch(() =>
        read('dist', 'deployment', 'homeiq-guard'),
      ),
    }),
    stackFilePaths: async (level, folder) => {
      const override = path.join(folder, 'compose.override.yaml');
      const hasOverride = await access(override).then(
        () => true,
        () => false,
      );
      return [
        path.join(programFolder, 'compose.yaml'),
        ...(level === 'sandbox' ? [path.join(sandboxFolder, 'compose.sandbox.yaml')] : []),
        ...(hasOverride ? [override] : []),
      ];
    },
    standInValues: async (level, mode) => {
      if (level === 'bundled') return '';
      const shared = await read('sandbox', 'sandbox.env');
      return mode === 'production' ? `${shared}\n${await read('sandbox', 'sandbox.production.env')}` : shared;
    },
    bundledSource: level => (level === 'sandbox' ? sandboxFolder : undefined),
    stackSnapshot: async () =>
      JSON.parse(await read('src', 'adapters', 'rehearsal', 'stack-snapshot.json')) as unknown,
  };
}

import { join, resolve } from 'node:path';
import { BugError } from '../../core/error.ts';
import type { DeploymentFiles } from '../../ports/deployment-files.ts';
import { backUp, readBackups } from './backups.ts';
import { deploymentPaths, ownFolders } from './deployment-paths.ts';
import { formatRecord, parseRecord } from './deployment-record.ts';
import { findExposedFiles } from './exposed-files.ts';
import { readFolderState } from './folder-state.ts';
import { makeFolders } from './make-folders.ts';
import { largestEnvBytes, readText } from './read-text.ts';
import { saveLog } from './save-log.ts';
import { readableFileMode, refuseSymbolicLink, writeFileAtomically } from './write-file.ts';

/**
 * The files of the deployment in `folder`, which need not exist: the first write makes it.
 * Everything throws a UserError for what the operator can mend: a file or link in the way, no permission,
 * a read-only or full disk, a file that is not text. A failed write leaves the old file as it was.
 */
export function createDeploymentFiles(folder: string, now: () => Date = () => new Date()): DeploymentFiles {
  const paths = deploymentPaths(resolve(folder));

  const replace = async (path: string, backupName: string, text: string, mode?: number): Promise<void> => {
    await backUp(paths, path, backupName, text, now());
    await writeFileAtomically(path, text, mode);
  };
  const programFile = (name: string): string => {
    if (!/^[a-z][a-z0-9.-]*$/.test(name)) throw new BugError(`Not a program file: ${name}`);
    return join(paths.folder, name);
  };

  return {
    folder: paths.folder,
    state: () => readFolderState(paths),
    readRecord: async () => {
      // Every command begins with the record: nothing is read through a link, and nothing written.
      for (const own of ownFolders(paths)) await refuseSymbolicLink(own);
      const text = await readText(paths.record);
      return text === undefined ? undefined : parseRecord(text, paths.record);
    },
    writeRecord: async record => {
      await makeFolders(paths);
      await writeFileAtomically(paths.record, formatRecord(record));
    },
    readEnv: () => readText(paths.env, largestEnvBytes),
    writeEnv: async text => {
      await makeFolders(paths);
      await replace(paths.env, 'env', text);
    },
    readModeEnv: mode => readText(paths.modeEnv(mode), largestEnvBytes),
    writeModeEnv: async (mode, text) => {
      await makeFolders(paths, paths.modes);
      await replace(paths.modeEnv(mode), `${mode}.env`, text);
    },
    readWrittenEnv: mode => readText(paths.writtenEnv(mode), largestEnvBytes),
    writeWrittenEnv: async (mode, text) => {
      await makeFolders(paths, paths.modes);
      await writeFileAtomically(paths.writtenEnv(mode), text);
    },
    envBackups: () => readBackups(paths, 'env'),
    exposedFiles: () => findExposedFiles(paths),
    readSecret: async name => (await readText(paths.secret(name)))?.replace(/\n$/, ''),
    writeSecret: async (name, value) => {
      await makeFolders(paths, paths.secrets);
      await writeFileAtomically(paths.secret(name), `${value}\n`);
    },
    saveLog: (name, text) => saveLog(paths, name, text, now()),
    readProgramFile: name => readText(programFile(name)),
    writeProgramFile: async (name, text) => {
      await makeFolders(paths);
      await replace(programFile(name), name, text);
    },
    writeMountedFile: async (name, text) => {
      await makeFolders(paths);
      await replace(programFile(name), name, text, readableFileMode);
    },
  };
}

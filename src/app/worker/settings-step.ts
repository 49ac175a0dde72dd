/** Writes what the operator decided: the program's files, the documents and the record. */

import { exitCodes, UserError } from '../../core/error.ts';
import type { DeploymentRecord } from '../../ports/deployment-files.ts';
import { areDocumentsWritten, refuseChangedEnv, writeDocuments } from '../env/write-documents.ts';
import { foreseeContainers } from './foresee-containers.ts';
import type { Step, StepContext } from './step.ts';

type WrittenFile = { readonly name: string; readonly text: string; readonly isMounted: boolean };

/** What is mounted comes first: Compose files that name it may be used as soon as they are there. */
async function differingProgramFiles({ ports, plan }: StepContext): Promise<readonly WrittenFile[]> {
  const { files, program } = ports;
  const [mounted, stack] = await Promise.all([program.mountedFiles(), program.stackFiles(plan.level)]);
  const describe = (texts: Readonly<Record<string, string>>, isMounted: boolean): readonly WrittenFile[] =>
    Object.entries(texts).map(([name, text]) => ({ name, text, isMounted }));
  const wanted = [...describe(mounted, true), ...describe(stack, false)];
  const present = await Promise.all(wanted.map(({ name }) => files.readProgramFile(name)));
  return wanted.filter(({ text }, index) => present[index] !== text);
}

function wantedRecord({ plan, ports, request }: StepContext): DeploymentRecord {
  return {
    formatVersion: 1,
    level: plan.level,
    mode: request.mode,
    project: plan.project,
    sourceRevision: plan.source.kind === 'none' ? undefined : plan.source.revision,
    templateVersion: ports.program.version,
  };
}

const isSameRecord = (a: DeploymentRecord | undefined, b: DeploymentRecord): boolean =>
  a !== undefined &&
  a.formatVersion === b.formatVersion &&
  a.level === b.level &&
  a.mode === b.mode &&
  a.project === b.project &&
  a.nextMode === b.nextMode &&
  a.sourceRevision === b.sourceRevision &&
  a.templateVersion === b.templateVersion;

async function isWritten(context: StepContext): Promise<boolean> {
  const { ports, request } = context;
  const [areDocuments, record, programFiles] = await Promise.all([
    areDocumentsWritten(ports.files, request),
    ports.files.readRecord(),
    differingProgramFiles(context),
  ]);
  return areDocuments && isSameRecord(record, wantedRecord(context)) && programFiles.length === 0;
}

export const settingsStep: Step = {
  id: 'settings',
  title: () => 'Settings written',
  check: async context =>
    (await isWritten(context))
      ? { isDone: true, summary: 'as wanted' }
      : { isDone: false, summary: 'some files differ' },
  act: async context => {
    const { ports, request, plan } = context;
    const folder = await ports.files.state();
    if (folder.obstacle !== undefined) {
      throw new UserError(folder.obstacle, {
        nextSteps: ['Put that right, then run the same command again.'],
        exitCode: exitCodes.refused,
      });
    }
    // What the record calls another level was written for other images and volumes: never mixed.
    const record = await ports.files.readRecord();
    if (record !== undefined && record.level !== plan.level) {
      throw new UserError(`${plan.folder} is a ${record.level} deployment, not a ${plan.level} one.`, {
        hint: 'Choose another folder with --dir.',
        exitCode: exitCodes.refused,
      });
    }
    await refuseChangedEnv(ports.files, request);
    const programFiles = await differingProgramFiles(context);
    for (const { name, text, isMounted } of programFiles) {
      await (isMounted ? ports.files.writeMountedFile(name, text) : ports.files.writeProgramFile(name, text));
    }
    await writeDocuments(ports.files, request);
    await ports.files.writeRecord(wantedRecord(context));
    await foreseeContainers(context);
    return `.env and ${programFiles.map(({ name }) => name).join(', ') || 'the record'}`;
  },
  verify: async context => {
    if (!(await isWritten(context))) {
      throw new UserError('The settings do not read back as they were written.', {
        hint: `Another program may be writing to ${context.plan.folder}.`,
      });
    }
  },
};

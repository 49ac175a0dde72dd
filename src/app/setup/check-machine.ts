/** The first screen: can this machine run HomeIQ, and if not, what to do. Only looks. */

import { describeForeignEnv } from '../../core/env/env-identity.ts';
import { parseEnv } from '../../core/env/parse.ts';
import { reportError } from '../../core/error.ts';
import { nominalBudgetMiB } from '../../core/memory/memory-fit.ts';
import type { Level } from '../../core/plan/plan.ts';
import type { FolderState } from '../../ports/deployment-files.ts';
import type { HostFacts } from '../../ports/host.ts';
import type { Ports } from '../../ports/ports.ts';
import type { CheckLine, MachineReport } from '../wizard/wizard-types.ts';
import { reachableAddress } from './reachable-address.ts';

/** Images and a year of data need at least this much; under `diskRefuseMiB` not even the images fit. */
const diskWarnMiB = 20 * 1024;
const diskRefuseMiB = 5 * 1024;

const gb = (mib: number): string => (mib / 1024).toFixed(mib < 10 * 1024 ? 1 : 0);

const good = (id: string, text: string): CheckLine => ({ id, tone: 'good', text, mend: [] });

function checkFolder(folder: FolderState): CheckLine {
  const problem = (text: string, mend: readonly string[]): CheckLine => ({
    id: 'folder',
    tone: 'problem',
    text,
    mend,
  });
  if (folder.obstacle !== undefined)
    return problem(folder.obstacle, ['Choose another folder: homeiq --dir FOLDER']);
  if (folder.foreignOwner !== undefined) {
    return problem(`The deployment in ${folder.path} belongs to ${folder.foreignOwner}.`, [
      `Log in as ${folder.foreignOwner}, or as root.`,
    ]);
  }
  if (folder.isDeployment) return good('folder', 'The folder holds a deployment');
  return folder.exists && !folder.isEmpty
    ? {
        id: 'folder',
        tone: 'note',
        text: 'The folder is not empty; what is there stays.',
        mend: ['Another folder: homeiq --dir FOLDER'],
      }
    : good('folder', 'The folder can be written');
}

function checkDisk(host: HostFacts): CheckLine {
  if (host.diskFreeMiB < diskRefuseMiB) {
    return {
      id: 'disk',
      tone: 'problem',
      text: `Only ${gb(host.diskFreeMiB)} GB of disk are free; ${gb(diskRefuseMiB)} GB is the least.`,
      mend: ['docker system df shows what Docker holds.'],
    };
  }
  return host.diskFreeMiB < diskWarnMiB
    ? {
        id: 'disk',
        tone: 'note',
        text: `${gb(host.diskFreeMiB)} GB of disk are free; ${gb(diskWarnMiB)} GB is comfortable.`,
        mend: ['docker system df shows what Docker holds.'],
      }
    : good('disk', `${gb(host.diskFreeMiB)} GB free for data and images`);
}

function checkMemory(host: HostFacts, level: Level): CheckLine {
  const text = `Memory ${gb(host.memoryMiB)} GB, swap ${gb(host.swapMiB)} GB`;
  // What the firmware keeps makes an 8 GB machine a little smaller.
  return host.memoryMiB < nominalBudgetMiB * 0.9 && level === 'bundled'
    ? {
        id: 'memory',
        tone: 'note',
        text: `${text}: less than 8 GB, the next screens tell what fits`,
        mend: [],
      }
    : good('memory', text);
}

/** An error as a line; its hint and next steps are the mend. */
function problemLine(id: string, thrown: unknown): CheckLine {
  const report = reportError(thrown);
  return {
    id,
    tone: 'problem',
    text: report.message,
    mend: [...(report.hint === undefined ? [] : [report.hint]), ...report.nextSteps],
  };
}

async function checkDocker(ports: Ports): Promise<readonly CheckLine[]> {
  try {
    const facts = await ports.engine.facts();
    const compose = await ports.compose.version().then(
      version => good('compose', `Compose ${version}`),
      thrown => problemLine('compose', thrown),
    );
    return [good('engine', `Docker ${facts.version}, API ${facts.apiVersion}`), compose];
  } catch (thrown) {
    return [problemLine('engine', thrown)];
  }
}

/** A project of the same name that runs from another folder would be taken over by `up`. */
async function checkProject(
  ports: Ports,
  folder: string,
  readProject: () => Promise<string>,
): Promise<readonly CheckLine[]> {
  let project: string;
  try {
    project = await readProject();
  } catch (thrown) {
    return [problemLine('settings', thrown)];
  }
  const containers = await ports.engine.containers(project).catch(() => []);
  const folders = new Set(
    containers
      .map(({ labels }) => labels['com.docker.compose.project.working_dir'])
      .filter(path => path !== undefined),
  );
  const foreign = [...folders].find(path => path !== folder);
  if (foreign === undefined) return [];
  return [
    {
      id: 'project',
      tone: 'problem',
      text: `The Compose project ${project} already runs from ${foreign}.`,
      mend: [`Go on there: homeiq --dir ${foreign}`],
    },
  ];
}

/** A `.env` that is not this deployment's: which of the two documents counts only the operator knows. */
async function checkEnv(ports: Ports): Promise<readonly CheckLine[]> {
  try {
    const [text, record] = await Promise.all([ports.files.readEnv(), ports.files.readRecord()]);
    const line = describeForeignEnv(text === undefined ? undefined : parseEnv(text), record);
    return line === undefined ? [] : [{ id: 'env', tone: 'problem', ...line }];
  } catch (thrown) {
    return [problemLine('env', thrown)];
  }
}

export async function checkMachine(
  ports: Ports,
  options: {
    readonly level: Level;
    readonly folder: string;
    /** The name of the Compose project; asked for only where the folder and its `.env` can be read. */
    readonly project: () => Promise<string>;
  },
): Promise<MachineReport> {
  const [folder, host, docker] = await Promise.all([
    ports.files.state(),
    ports.host.facts(options.folder),
    checkDocker(ports),
  ]);
  // Each of these looks into what the one before has found to be usable; its fault would only be told again.
  const env = folder.obstacle === undefined ? await checkEnv(ports) : [];
  const canBeRead = folder.obstacle === undefined && env.length === 0;
  const lines: readonly CheckLine[] = [
    good('system', `${host.system}, ${host.architecture}, ${host.cores} cores`),
    checkMemory(host, options.level),
    ...docker,
    checkFolder(folder),
    checkDisk(host),
    ...(canBeRead ? await checkProject(ports, options.folder, options.project) : []),
  ];
  const record = await ports.files.readRecord().catch(() => undefined);
  const wrongLevel: readonly CheckLine[] =
    record !== undefined && record.level !== options.level
      ? [
          {
            id: 'level',
            tone: 'problem',
            text: `The folder holds a ${record.level} deployment, and this is a ${options.level} run.`,
            mend: ['Choose another folder: homeiq --dir FOLDER'],
          },
        ]
      : [];
  const all = [...lines, ...env, ...wrongLevel];
  return {
    hostname: host.hostname,
    folder: options.folder,
    isNewFolder: !folder.isDeployment,
    lines: all,
    canContinue: all.every(({ tone }) => tone !== 'problem'),
    address: reachableAddress(host),
    shouldOfferRehearsal: docker.some(({ tone }) => tone === 'problem'),
  };
}

/** One look at a running deployment that proves, or not, that the modes are kept apart. Probes only: it changes nothing. */

import { ExternalError, reportError, UserError } from '../../core/error.ts';
import { describeOtherMode, modeStartedAtMs } from '../../core/isolation/other-mode.ts';
import type {
  Verification,
  VerificationCheck,
  VerificationId,
  VerificationProblem,
} from '../../core/isolation/verification.ts';
import type { Mode } from '../../core/mode/mode.ts';
import { serviceAddress } from '../../core/stack/service-address.ts';
import type { Stack } from '../../core/stack/stack.ts';
import type { DeploymentRecord } from '../../ports/deployment-files.ts';
import type { Container } from '../../ports/engine.ts';
import type { Influx } from '../../ports/influxdb.ts';
import type { Ports } from '../../ports/ports.ts';
import { inParallel } from '../in-parallel.ts';
import { readStack } from '../monitor/describe-deployment.ts';
import { noDeployment } from '../no-deployment.ts';
import { auditDeployment } from './audit-deployment.ts';
import { checkOtherData, checkOwnData, type DataRequest } from './check-data.ts';
import { checkTokens } from './check-tokens.ts';
import { type InfluxSecrets, readInfluxSecrets } from './influx-secrets.ts';

/** How far back data is looked for, at most; a mode that has just started is given `shortestWindowSeconds` first. */
const longestWindowSeconds = 300;
const shortestWindowSeconds = 30;

type Seen = Omit<VerificationCheck, 'id'>;

type Scene = {
  readonly ports: Ports;
  readonly record: DeploymentRecord;
  readonly mode: Mode;
  readonly stack: Stack;
  readonly containers: readonly Container[];
  readonly signal: AbortSignal;
};

const nameOf = ({ service, name }: Container): string => service ?? name;

const endOtherMode = (mode: Mode): string =>
  `homeiq switch ${mode} stops and removes what is of the other mode.`;

/** No container of the other mode exists, in whatever state. */
function checkContainers({ containers, stack, mode }: Scene): Seen {
  const problems = containers.flatMap((container): readonly VerificationProblem[] => {
    const reason = describeOtherMode(container, stack, mode);
    if (reason === undefined) return [];
    return [{ text: `${nameOf(container)} (${container.state}): ${reason}.`, mend: endOtherMode(mode) }];
  });
  return {
    summary: `${containers.length} containers of this project, ${problems.length} of another mode than ${mode}`,
    problems,
  };
}

/** No environment and no health answer of what runs says another mode. */
async function checkModesTold({ ports, containers, stack, mode, signal }: Scene): Promise<Seen> {
  const running = containers.filter(({ state }) => state === 'running');
  const answers = await inParallel(
    running,
    async (container, both) => {
      const { healthPath = '/health' } = stack.services.find(({ name }) => name === container.service) ?? {};
      const answer =
        (await ports.health.ask(container, healthPath, both)) ??
        (await ports.health.askInside(container, both));
      return { container, healthPath, mode: answer?.mode, hasAnswered: answer !== undefined };
    },
    signal,
  );
  const inEnvironment = running.filter(({ environment }) => environment.DEPLOYMENT_MODE !== undefined);
  const mend = `Its log says how it started; homeiq switch ${mode} puts right what was started by hand.`;
  return {
    summary:
      `${inEnvironment.length} of ${running.length} running containers carry a mode; ` +
      `${answers.filter(({ hasAnswered }) => hasAnswered).length} answered on their health path, ` +
      `${answers.filter(answer => answer.mode !== undefined).length} of them with a mode`,
    problems: [
      ...inEnvironment
        .filter(({ environment }) => environment.DEPLOYMENT_MODE !== mode)
        .map(container => ({
          text: `DEPLOYMENT_MODE of ${nameOf(container)} is ${container.environment.DEPLOYMENT_MODE}.`,
          mend,
        })),
      ...answers
        .filter(answer => answer.mode !== undefined && answer.mode !== mode)
        .map(answer => ({
          text: `${nameOf(answer.container)} says on ${answer.healthPath} that its mode is ${answer.mode}.`,
          mend,
        })),
    ],
  };
}

async function checkAudit({ ports, signal }: Scene): Promise<Seen> {
  const { findings } = await auditDeployment(ports, undefined, signal);
  const errors = findings.filter(({ severity }) => severity === 'error');
  return {
    summary: `${errors.length} errors, ${findings.length - errors.length} warnings`,
    problems: errors.map(({ reason, place, mend }) => ({
      text: `${reason} (${place.file}: ${place.key})`,
      mend,
    })),
  };
}

function secondsOfMode({ containers, mode, ports }: Scene): number {
  const startedAtMs = modeStartedAtMs(containers, mode);
  if (startedAtMs === undefined) return longestWindowSeconds;
  return Math.floor((ports.clock.now().getTime() - startedAtMs) / 1000);
}

async function chooseWindow(scene: Scene, onWait: (seconds: number) => void): Promise<number> {
  const missing = shortestWindowSeconds - secondsOfMode(scene);
  if (missing > 0) {
    onWait(missing);
    await scene.ports.clock.sleep(missing * 1000, scene.signal);
  }
  return Math.min(longestWindowSeconds, Math.max(shortestWindowSeconds, secondsOfMode(scene)));
}

/** What could not be looked at is not proven. */
async function attempt(
  id: VerificationId,
  signal: AbortSignal,
  look: () => Promise<Seen> | Seen,
): Promise<VerificationCheck> {
  try {
    return { id, ...(await look()) };
  } catch (thrown) {
    signal.throwIfAborted();
    if (!(thrown instanceof ExternalError) && !(thrown instanceof UserError)) throw thrown;
    const { message, hint, nextSteps } = reportError(thrown);
    return {
      id,
      summary: 'not looked at',
      problems: [{ text: message, mend: nextSteps[0] ?? hint ?? 'Put that right, then verify again.' }],
    };
  }
}

const unreachable = (): never => {
  throw new UserError('InfluxDB publishes no port, so it cannot be asked from this machine.', {
    hint: 'Remove what compose.override.yaml says of its ports.',
  });
};

async function checkTokensInUse(scene: Scene, influx: Influx, secrets: InfluxSecrets): Promise<Seen> {
  const { mode, containers, signal } = scene;
  const seen = await checkTokens({ influx, mode, containers, secrets, signal });
  return {
    summary: `${seen.tokenCount} different in ${seen.placeCount} variables, ${seen.probeCount * 2} probes`,
    problems: seen.problems,
  };
}

async function readVersions(
  { ports, record, signal }: Scene,
  influx: Influx | undefined,
): Promise<Readonly<Record<string, string>>> {
  const or = (asked: Promise<string | undefined> | undefined) => asked?.catch(() => undefined);
  const versions = {
    homeiq: ports.program.version,
    'stack files': record.templateVersion,
    'HomeIQ source': record.sourceRevision,
    Docker: await or(ports.engine.facts(signal).then(({ version }) => version)),
    Compose: await or(ports.compose.version(signal)),
    InfluxDB: await or(
      influx?.identify(signal).then(found => ('version' in found ? found.version : undefined)),
    ),
  };
  return Object.fromEntries(
    Object.entries(versions).flatMap(([name, version]) => (version === undefined ? [] : [[name, version]])),
  );
}

/**
 * `onWait` is told for how long it waits before it looks at the data. Throws a UserError with exit code 4 when nothing is
 * set up, an ExternalError when the engine cannot be asked.
 */
export async function verifyDeployment(
  ports: Ports,
  signal: AbortSignal,
  onWait: (seconds: number) => void = () => {},
): Promise<Verification> {
  const { files } = ports;
  const record = await files.readRecord();
  if (record === undefined) throw noDeployment(files.folder);
  const { mode, level, project } = record;
  const at = ports.clock.now().toISOString();
  const [stack, containers] = await Promise.all([
    readStack(ports, record),
    ports.engine.containers(project, signal),
  ]);
  const scene: Scene = { ports, record, mode, stack, containers, signal };
  const address = serviceAddress(stack, 'influxdb');
  const influx = address === undefined ? undefined : ports.influx(address);
  const secrets = await readInfluxSecrets(files, mode);
  const look = (id: VerificationId, how: () => Promise<Seen> | Seen) => attempt(id, signal, how);
  const windowSeconds = await chooseWindow(scene, onWait);
  const data = (): DataRequest => ({
    influx: influx ?? unreachable(),
    mode,
    ...secrets,
    project,
    listContainers: () => ports.engine.containers(undefined, signal),
    windowSeconds,
    signal,
  });
  const checks = await Promise.all([
    look('containers', () => checkContainers(scene)),
    look('modes-told', () => checkModesTold(scene)),
    look('tokens', () => checkTokensInUse(scene, influx ?? unreachable(), secrets)),
    look('data-arrives', () => checkOwnData(data())),
    look('other-mode-data', () => checkOtherData(data())),
    look('audit', () => checkAudit(scene)),
  ]);
  return { mode, level, project, at, versions: await readVersions(scene, influx), checks };
}

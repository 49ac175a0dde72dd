/** What Compose's errors mean and what mends them. Texts as recorded from 2.26.1 and 5.6.0 with Engine 20.10 and 28. */

import { ExternalError } from '../../core/error.ts';
import { type ImageFailureCode, imageRules, lineOf } from './image-failure.ts';

export type ComposeFailure = {
  /** What was run, as people would write it. */
  readonly command: string;
  readonly exitCode: number | undefined;
  /** The lines that are no progress, in order. */
  readonly errors: readonly string[];
  /** The last lines of everything, for the operator to read. */
  readonly tail: string;
  readonly project: string;
  /** The service that was pulled or built. */
  readonly service: string | undefined;
  readonly user: string;
};

/** For decisions: what kind of failure an ExternalError of Compose carries as its `code`. */
export type ComposeFailureCode =
  | 'port-held'
  | 'permission'
  | 'engine-down'
  | ImageFailureCode
  | 'image-missing'
  | 'dependency-failed'
  | 'program-missing'
  | 'bind-source-missing'
  | 'build-failed'
  | 'model-invalid'
  | 'other';

type Description = {
  readonly code: ComposeFailureCode;
  readonly message: string;
  readonly hint?: string;
  readonly nextSteps?: readonly string[];
};

type Rule = {
  readonly pattern: RegExp;
  readonly describe: (found: RegExpExecArray, failure: ComposeFailure) => Description;
};

const serviceIn = (container: string, project: string): string =>
  container.startsWith(`${project}-`) ? container.slice(project.length + 1).replace(/-\d+$/, '') : container;

const whose = (service: string | undefined): string =>
  service === undefined ? 'An image' : `The image of ${service}`;

function describePort(port: string, holder: string, text: string, project: string): Description {
  const endpoint = /on endpoint (\S+)/.exec(text)?.[1];
  const service = endpoint === undefined ? 'A service' : serviceIn(endpoint, project);
  return {
    code: 'port-held',
    message: `Port ${port} is in use by another ${holder}, and ${service} needs it`,
    nextSteps: [
      holder === 'container'
        ? `See which: docker ps --filter publish=${port}`
        : `See which: sudo ss -ltnp 'sport = :${port}'`,
      `Stop it, or give ${service} another port: its HOMEIQ_…_HOST_PORT key in the settings.`,
    ],
  };
}

function describeBuild({ input }: RegExpExecArray, { service }: ComposeFailure): Description {
  return {
    code: 'build-failed',
    message: `${whose(service)} could not be built`,
    hint: input.split('\n').at(-1) ?? '',
    nextSteps: ['Look at the last lines of the build, and check the source tree it is built from.'],
  };
}

const logSteps = (container: string): readonly string[] => [
  `See what it says: docker logs --tail 50 ${container}`,
];

const toComposeRule = ({
  pattern,
  code,
  message,
  hint,
  isLineTold,
  nextSteps,
}: (typeof imageRules)[number]): Rule => ({
  pattern,
  describe: (found, { service }) => {
    const told = isLineTold === true ? lineOf(found) : hint;
    return {
      code,
      message: message(whose(service)),
      nextSteps,
      ...(told === undefined ? {} : { hint: told }),
    };
  },
});

/** In order: the first that fits counts. */
const rules: readonly Rule[] = [
  {
    // First: what a build's own commands print may look like anything below.
    pattern: /executor failed running|did not complete successfully: exit code|returned a non-zero code/,
    describe: describeBuild,
  },
  {
    pattern: /Bind for \S*?:(\d+) failed: port is already allocated/,
    describe: ({ 1: port = '', input }, { project }) => describePort(port, 'container', input, project),
  },
  {
    pattern:
      /(?:listen (?:tcp|udp)\d? \S*?:(\d+): bind|failed to bind host port (?:for )?\S*?:(\d+)[:/]\S*): address already in use/,
    describe: ({ 1: port, 2: newer, input }, { project }) =>
      describePort(port ?? newer ?? '', 'program', input, project),
  },
  {
    pattern: /permission denied while trying to connect to the [Dd]ocker/,
    describe: (_, { user }) => ({
      code: 'permission',
      message: `Your account (${user}) may not use Docker`,
      hint: 'Members of the group "docker" may use it.',
      nextSteps: [
        `Join the group: sudo usermod -aG docker ${user}`,
        'Then log out and in again (or: newgrp docker), and start homeiq again.',
      ],
    }),
  },
  {
    pattern:
      /Cannot connect to the Docker daemon|failed to connect to the docker API|error during connect|unexpected EOF.*docker/i,
    describe: () => ({
      code: 'engine-down',
      message: 'The Docker Engine is not running',
      nextSteps: [
        'Start it: sudo systemctl start docker',
        'If it does not stay up, see why: sudo journalctl -u docker -n 50',
      ],
    }),
  },
  ...imageRules.map(toComposeRule),
  {
    pattern: /No such image: (\S+)/,
    describe: ({ 1: image = '' }) => ({
      code: 'image-missing',
      message: `The image ${image} is not on this machine`,
      nextSteps: ['Run the set-up again: it fetches or builds what is missing.'],
    }),
  },
  {
    pattern: /dependency failed to start: container (\S+) (is unhealthy|exited \((\d+)\))/,
    describe: ({ 1: container = '', 3: exitCode }, { project }) => ({
      code: 'dependency-failed',
      message: `${serviceIn(container, project)} ${exitCode === undefined ? 'is unhealthy' : `ended with exit code ${exitCode}`}, so what needs it was not started`,
      nextSteps: logSteps(container),
    }),
  },
  {
    pattern: /service "([^"]+)" didn't complete successfully: exit (\d+)/,
    describe: ({ 1: service = '', 2: exitCode }, { project }) => ({
      code: 'dependency-failed',
      message: `${service} ended with exit code ${exitCode}, so what needs it was not started`,
      nextSteps: logSteps(`${project}-${service}-1`),
    }),
  },
  {
    pattern: /bind source path does not exist: (.+)$/m,
    describe: ({ 1: path = '' }) => ({
      code: 'bind-source-missing',
      message: `The folder ${path.trim()} that a service mounts does not exist`,
      nextSteps: [`Create it: mkdir -p ${path.trim()}`],
    }),
  },
  {
    pattern: /unable to start container process: (.+)$/m,
    describe: ({ 1: reason = '' }) => ({
      code: 'program-missing',
      message: `A container cannot start its program: ${reason.replace(/: unknown$/, '')}`,
      hint: 'The image is not the one that this service expects, or it is damaged.',
      nextSteps: ['Remove the image and run the set-up again.'],
    }),
  },
  {
    pattern: /failed to solve|unable to prepare context|failed to read dockerfile/i,
    describe: describeBuild,
  },
  {
    pattern:
      /yaml|is missing a value|interpolat|no such service|failed to read |validating |invalid compose project|is invalid|services\.\S+ |no configuration file/i,
    describe: found => ({
      code: 'model-invalid',
      message: `Compose cannot use the deployment's files: ${lineOf(found)}`,
      nextSteps: ['Mend what it names in compose.yaml, compose.override.yaml or .env, then try again.'],
    }),
  },
];

/** Says what was seen, what it means and what to do. The error's `code` is a ComposeFailureCode. */
export function describeComposeFailure(failure: ComposeFailure): ExternalError {
  const text = failure.errors.map(withoutSettings).join('\n');
  const common = {
    command: failure.command,
    tail: failure.tail.split('\n').map(withoutSettings).join('\n'),
    ...(failure.exitCode === undefined ? {} : { status: failure.exitCode }),
  };
  for (const { pattern, describe } of rules) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const { message, ...details } = describe(found, failure);
    return new ExternalError(message, { ...common, ...details });
  }
  const last = failure.errors.at(-1);
  const reason = last === undefined ? `exit ${failure.exitCode ?? 'by a signal'}` : withoutSettings(last);
  return new ExternalError(`Docker Compose failed: ${reason}`, { ...common, code: 'other' });
}

/** Compose repeats the line of a `.env` that it cannot read, with its value. */
const withoutSettings = (text: string): string =>
  /^(?:.*failed to read \S+|.*\.env\S*): line \d+/.test(text) ? text.replace(/(["'`]).*$/s, '…') : text;

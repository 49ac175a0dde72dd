/** What to say when the engine cannot be reached or refuses. */

import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ExternalError } from '../../core/error.ts';
import {
  describeEndpoint,
  type EngineEndpoint,
  type ProcessEnvironment,
  usualSocketPath,
} from './engine-endpoint.ts';

/** The oldest API with one-shot statistics and the control-group version in its facts: Docker 20.10. */
export const oldestApiVersion = '1.41';

const installSteps = [
  'Install Docker Engine with its Compose plugin: https://docs.docker.com/engine/install/',
  'Or look around without Docker: homeiq --rehearse',
];

/** Docker is not there at all, as far as the usual folders tell. */
export async function isEngineInstalled(environment: ProcessEnvironment): Promise<boolean> {
  const folders = new Set([
    ...(environment.PATH ?? '').split(delimiter).filter(folder => folder !== ''),
    '/usr/bin',
    '/usr/sbin',
    '/usr/local/bin',
    '/snap/bin',
  ]);
  const found = await Promise.all(
    [...folders].map(folder =>
      access(join(folder, 'dockerd')).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

/** Turns a failed connection into what was seen and what mends it. `code` is Node's: `ENOENT`, `ECONNREFUSED`, … */
export function describeConnectionFailure(
  code: string,
  endpoint: EngineEndpoint,
  details: { readonly isInstalled: boolean; readonly user: string; readonly command: string },
): ExternalError {
  const address = describeEndpoint(endpoint);
  const common = { command: details.command, status: code };
  if (endpoint.kind === 'tcp') {
    return new ExternalError(`The Docker Engine at ${address} cannot be reached (${code})`, {
      ...common,
      hint: 'The address comes from DOCKER_HOST or from the Docker context in use.',
      nextSteps: [
        'Check that the engine runs there and that its port is open.',
        'Or use the engine of this machine: unset DOCKER_HOST, and docker context use default',
      ],
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new ExternalError(`Your account (${details.user}) may not use Docker`, {
      ...common,
      hint: `Permission denied on ${endpoint.socketPath}. Members of the group "docker" may use it.`,
      nextSteps: [
        `Join the group: sudo usermod -aG docker ${details.user}`,
        'Then log out and in again (or: newgrp docker), and start homeiq again.',
      ],
    });
  }
  if (code === 'ENOENT' && !details.isInstalled) {
    return new ExternalError('Docker is not installed on this machine', {
      ...common,
      hint: `There is no ${endpoint.socketPath} and no dockerd program.`,
      nextSteps: installSteps,
    });
  }
  if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTSOCK'].includes(code)) {
    return new ExternalError('The Docker Engine is not running', {
      ...common,
      hint: `Nothing answers at ${address} (${code}).`,
      nextSteps:
        endpoint.socketPath === usualSocketPath
          ? [
              'Start it: sudo systemctl start docker',
              'If it does not stay up, see why: sudo journalctl -u docker -n 50',
            ]
          : [
              'Start the engine that belongs to this socket (a rootless one: systemctl --user start docker).',
              'Or use the engine of this machine: unset DOCKER_HOST, and docker context use default',
            ],
    });
  }
  return new ExternalError(`The Docker Engine at ${address} cannot be reached (${code})`, {
    ...common,
    nextSteps: ['See how it is: sudo systemctl status docker'],
  });
}

/** An engine older than this program can use. */
export const describeTooOld = (apiVersion: string, version: string): ExternalError =>
  new ExternalError(`Docker Engine ${version} is too old`, {
    hint: `It speaks API ${apiVersion}; homeiq needs ${oldestApiVersion} (Docker 20.10) or newer.`,
    nextSteps: ['Update Docker Engine: https://docs.docker.com/engine/install/'],
    status: apiVersion,
  });

/** Something else than Docker answers. */
export const describeOtherProgram = (endpoint: EngineEndpoint, seen: string): ExternalError =>
  new ExternalError(`What answers at ${describeEndpoint(endpoint)} is not a Docker Engine`, {
    hint: `It said: ${seen}`,
    nextSteps: ['Check DOCKER_HOST and the Docker context in use: docker context ls'],
  });

/** The engine did not answer in time. */
export const describeTimeout = (command: string, timeoutMs: number): ExternalError =>
  new ExternalError(`The Docker Engine did not answer within ${timeoutMs / 1000} s`, {
    command,
    status: 'timeout',
    hint: 'It may be busy, or short of memory or disk.',
    nextSteps: ['See how it is: docker info', 'Look at its log: sudo journalctl -u docker -n 50'],
  });

/** The engine answered with an error of its own. */
export function describeRefusal(command: string, status: number, body: string): ExternalError {
  const said = errorMessage(body);
  const isDiskFull = /no space left on device/i.test(said);
  return new ExternalError(
    isDiskFull ? 'The disk is full' : `The Docker Engine refused: ${said || `status ${status}`}`,
    {
      command,
      status,
      tail: said,
      nextSteps: isDiskFull
        ? ['See what Docker holds: docker system df', 'Free space on the disk, then try again.']
        : [],
    },
  );
}

function errorMessage(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) return String(parsed.message);
  } catch {
    // A proxy in between answers in its own words.
  }
  return body.trim().slice(0, 500);
}

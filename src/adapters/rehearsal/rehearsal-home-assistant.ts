/** Home Assistant in this process, for the rehearsal: it answers while the rehearsed container of its service runs. */

import { ExternalError } from '../../core/error.ts';
import type { HomeAssistant } from '../../ports/home-assistant.ts';
import type { RehearsalEngine } from './rehearsal-engine.ts';
import { digest } from './rehearsal-world.ts';

const version = '2026.11.1';
const nothingListens = 'nothing listens there (ECONNREFUSED)';

/**
 * `service` is the container that plays Home Assistant. An address of the operator's own Home Assistant is
 * rehearsed too: it answers always and accepts any token that is not empty.
 */
export function createRehearsalHomeAssistant(options: {
  readonly rehearsal: RehearsalEngine;
  readonly service: string;
}): (url: string) => HomeAssistant {
  const tokens = new Set<string>();
  let isOnboarded = false;

  const container = async () => {
    const containers = await options.rehearsal.engine.containers(undefined).catch(() => []);
    return containers.find(({ service }) => service === options.service);
  };

  const makeToken = (seed: string): string => {
    const token = `rehearsed-${digest(seed)}`;
    tokens.add(token);
    return token;
  };
  const isGood = (where: 'own' | 'up', token: string): boolean =>
    where === 'own' ? token !== '' : tokens.has(token);

  return url => {
    /** Whether this address is the container's: then its life decides. */
    const look = async (): Promise<'own' | 'up' | 'down'> => {
      const found = await container();
      const port = Number(new URL(url).port);
      if (found === undefined || !found.publishedPorts.some(({ hostPort }) => hostPort === port))
        return 'own';
      return found.state === 'running' && found.health !== 'starting' ? 'up' : 'down';
    };
    return {
      url,
      onboardingState: async signal => {
        signal?.throwIfAborted();
        if ((await look()) === 'down') return { kind: 'not-ready', seen: 'it is still starting' };
        return isOnboarded ? { kind: 'complete' } : { kind: 'open', doneSteps: [] };
      },
      onboard: async (user, clientName, signal) => {
        signal?.throwIfAborted();
        if ((await look()) === 'down') throw new ExternalError('Home Assistant is still starting.');
        if (isOnboarded) throw new ExternalError('User step already done', { status: 403 });
        isOnboarded = true;
        return { token: makeToken(`${user.username} ${clientName}`) };
      },
      signIn: async (user, clientName, signal) => {
        signal?.throwIfAborted();
        if ((await look()) === 'down') throw new ExternalError('Home Assistant is still starting.');
        if (!isOnboarded) return { kind: 'refused', seen: 'it has no user yet' };
        return { kind: 'signed-in', token: makeToken(`${user.username} ${clientName}`) };
      },
      look: async (token, signal) => {
        signal?.throwIfAborted();
        const where = await look();
        if (where === 'down') return { kind: 'unreachable', reason: 'refused', seen: nothingListens };
        if (token === undefined) return { kind: 'open' };
        return isGood(where, token) ? { kind: 'accepted', version } : { kind: 'refused' };
      },
      addressOfLocalName: async () => undefined,
      checkToken: async (token, signal) => {
        signal?.throwIfAborted();
        const where = await look();
        if (where === 'down') return { kind: 'unreachable', seen: nothingListens };
        return isGood(where, token) ? { kind: 'accepted', version } : { kind: 'refused' };
      },
    };
  };
}

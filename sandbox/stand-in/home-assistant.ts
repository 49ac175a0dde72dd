/**
 * A stand-in of Home Assistant: the calls that a set-up and HomeIQ's ingestion make, answered the way
 * Home Assistant 2024.3 answers them. Also runs inside a test's own process.
 */

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onboardingSteps, openHomeAssistantAccount } from './home-assistant-account.ts';
import { type Answer, message } from './home-assistant-answer.ts';
import { type AnswerContext, answerRequest } from './home-assistant-answers.ts';
import { createEntityRegistry } from './home-assistant-entities.ts';
import { serveWebSocket } from './home-assistant-socket.ts';

const version = '2024.3.3';

export type HomeAssistantStandInOptions = {
  /** 0: any free port. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Onboarding and tokens are kept here, so that a restart remembers them. */
  readonly dataFolder: string;
  /** Given: already onboarded, and this value is accepted as a long-lived token. */
  readonly knownToken?: string;
  /** How often an entity changes; default 1000. */
  readonly eventIntervalMs?: number;
  /** Answers `POST /api/onboarding/core_config` with 500, as a very small configuration does. */
  readonly coreConfigFails?: boolean;
  /** Told of every answered request: method, path, status. */
  readonly onRequest?: (method: string, path: string, status: number) => void;
};

export type HomeAssistantStandIn = {
  readonly port: number;
  /** Without a trailing slash. */
  readonly url: string;
  readonly close: () => Promise<void>;
};

function sendAnswer(response: ServerResponse, answer: Answer): void {
  const isText = typeof answer.body === 'string';
  response.writeHead(answer.status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
  });
  response.end(isText ? answer.body : JSON.stringify(answer.body));
}

/** Starts it and resolves once it listens. Rejects when the port is taken or the folder cannot be written. */
export async function startHomeAssistantStandIn(
  options: HomeAssistantStandInOptions,
): Promise<HomeAssistantStandIn> {
  const account = await openHomeAssistantAccount(options.dataFolder, options.knownToken);
  const entities = createEntityRegistry();
  const describe = (): unknown => ({
    version,
    location_name: 'Home',
    time_zone: 'UTC',
    language: 'en',
    latitude: 52.37,
    longitude: 4.89,
    elevation: 0,
    currency: 'EUR',
    unit_system: { temperature: '°C', length: 'km' },
    components: ['api', 'auth', 'http', 'light', 'onboarding', 'sensor', 'websocket_api'],
    config_dir: '/config',
    state: 'RUNNING',
  });
  const context: AnswerContext = {
    account,
    entities,
    describe,
    hasOnboardingViews: account.doneSteps().length < onboardingSteps.length,
    coreConfigFails: options.coreConfigFails ?? false,
    logins: new Map(),
  };
  const server = createServer(async (request, response) => {
    const answer = await answerRequest(context, request).catch((error: unknown) =>
      error instanceof RangeError
        ? message(413, error.message)
        : { status: 500, body: '500 Internal Server Error' },
    );
    sendAnswer(response, answer);
    options.onRequest?.(request.method ?? '', request.url ?? '', answer.status);
  });
  const closeWebSockets = serveWebSocket(server, { account, entities, version, describe });
  const host = options.host ?? '127.0.0.1';
  server.listen(options.port, host);
  await once(server, 'listening');
  const timer = setInterval(entities.tick, options.eventIntervalMs ?? 1000);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${host}:${port}`,
    close: async () => {
      clearInterval(timer);
      closeWebSockets();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

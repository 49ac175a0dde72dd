/** The WebSocket side of the Home Assistant stand-in: `/api/websocket`. */

import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { HomeAssistantAccount } from './home-assistant-account.ts';
import type { EntityRegistry } from './home-assistant-entities.ts';

type SocketDependencies = {
  readonly account: HomeAssistantAccount;
  readonly entities: EntityRegistry;
  readonly version: string;
  readonly describe: () => unknown;
};

type Message = {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly access_token?: unknown;
  readonly client_name?: unknown;
  readonly lifespan?: unknown;
  readonly event_type?: unknown;
  readonly subscription?: unknown;
};

function parseMessage(data: unknown): Message | undefined {
  try {
    const parsed: unknown = JSON.parse(String(data));
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function createConversation(socket: WebSocket, dependencies: SocketDependencies) {
  const { account, entities, version } = dependencies;
  const subscriptions = new Set<number>();
  let isAuthenticated = false;
  const send = (message: unknown): void => {
    if (socket.readyState === socket.OPEN) {
      socket.send(JSON.stringify(message));
    }
  };
  const succeed = (id: number, result: unknown): void => send({ id, type: 'result', success: true, result });
  const fail = (id: number, code: string, message: string): void =>
    send({ id, type: 'result', success: false, error: { code, message } });

  function authenticate(message: Message): void {
    isAuthenticated =
      message.type === 'auth' &&
      typeof message.access_token === 'string' &&
      account.isAccepted(message.access_token);
    if (isAuthenticated) {
      send({ type: 'auth_ok', ha_version: version });
      return;
    }
    send({ type: 'auth_invalid', message: 'Invalid access token or password' });
    socket.close();
  }

  async function answer(id: number, message: Message): Promise<void> {
    switch (message.type) {
      case 'auth/long_lived_access_token': {
        const days = typeof message.lifespan === 'number' ? message.lifespan : 3650;
        const token =
          typeof message.client_name === 'string'
            ? await account.createLongLivedToken(message.client_name, days)
            : undefined;
        return token === undefined ? fail(id, 'unknown_error', 'Unknown error') : succeed(id, token);
      }
      case 'subscribe_events':
        if (message.event_type === undefined || message.event_type === 'state_changed') {
          subscriptions.add(id);
        }
        return succeed(id, null);
      case 'unsubscribe_events':
        return subscriptions.delete(Number(message.subscription))
          ? succeed(id, null)
          : fail(id, 'not_found', 'Subscription not found.');
      case 'get_states':
        return succeed(id, entities.all());
      case 'get_config':
        return succeed(id, dependencies.describe());
      case 'ping':
        return send({ id, type: 'pong' });
      default:
        return fail(id, 'unknown_command', 'Unknown command.');
    }
  }

  socket.on('message', async data => {
    const message = parseMessage(data);
    if (message === undefined) {
      socket.close();
    } else if (!isAuthenticated) {
      authenticate(message);
    } else if (typeof message.id !== 'number') {
      send({
        id: null,
        type: 'result',
        success: false,
        error: { code: 'invalid_format', message: 'Message incorrectly formatted.' },
      });
    } else {
      await answer(message.id, message);
    }
  });
  send({ type: 'auth_required', ha_version: version });
  return {
    publish: (event: unknown): void => {
      for (const id of subscriptions) {
        send({ id, type: 'event', event });
      }
    },
  };
}

/** Serves `/api/websocket` on the server. Returns what closes it, and every open conversation with it. */
export function serveWebSocket(server: Server, dependencies: SocketDependencies): () => void {
  const webSockets = new WebSocketServer({ server, path: '/api/websocket', maxPayload: 4 * 1024 * 1024 });
  const conversations = new Map<WebSocket, ReturnType<typeof createConversation>>();
  webSockets.on('connection', socket => {
    socket.on('error', () => socket.terminate());
    socket.on('close', () => conversations.delete(socket));
    conversations.set(socket, createConversation(socket, dependencies));
  });
  dependencies.entities.onChange(change => {
    const event = {
      event_type: 'state_changed',
      data: change,
      origin: 'LOCAL',
      time_fired: change.new_state.last_updated,
    };
    for (const conversation of conversations.values()) {
      conversation.publish(event);
    }
  });
  return () => {
    for (const socket of webSockets.clients) {
      socket.terminate();
    }
    webSockets.close();
  };
}

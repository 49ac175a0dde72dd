/** Follows Home Assistant's state changes over WebSocket, as HomeIQ's ingestion does. */

import { WebSocket } from 'ws';

export type StateChanged = { readonly entityId: string; readonly state: string };

export type IngestionEvents = {
  readonly onConnected: (version: string) => void;
  readonly onDisconnected: (reason: string) => void;
  /** The token is wrong: trying again would not help. */
  readonly onRefused: (reason: string) => void;
  readonly onStateChanged: (change: StateChanged) => void;
};

const retryDelayMs = 1000;
const maxRetryDelayMs = 15_000;

type ServerMessage = {
  readonly type?: string;
  readonly ha_version?: string;
  readonly message?: string;
  readonly event?: {
    readonly data?: {
      readonly entity_id?: string;
      readonly new_state?: { readonly state?: string } | null;
    };
  };
};

function parse(data: unknown): ServerMessage {
  try {
    return JSON.parse(String(data)) as ServerMessage;
  } catch {
    return {};
  }
}

/** Connects, and connects again whenever the connection is lost. Returns what ends it. */
export function followStateChanges(url: string, token: string, events: IngestionEvents): () => void {
  let isEnded = false;
  let retries = 0;
  let timer: NodeJS.Timeout | undefined;
  let socket: WebSocket | undefined;

  function connect(): void {
    let reason = 'connection closed';
    const current = new WebSocket(url, { handshakeTimeout: 10_000 });
    socket = current;
    current.on('error', error => {
      reason = error.message;
    });
    current.on('message', data => {
      const message = parse(data);
      switch (message.type) {
        case 'auth_required':
          current.send(JSON.stringify({ type: 'auth', access_token: token }));
          break;
        case 'auth_ok':
          retries = 0;
          events.onConnected(message.ha_version ?? 'unknown');
          current.send(JSON.stringify({ id: 1, type: 'subscribe_events', event_type: 'state_changed' }));
          break;
        case 'auth_invalid':
          isEnded = true;
          events.onRefused(message.message ?? 'the token was refused');
          break;
        case 'event': {
          const { entity_id: entityId, new_state: next } = message.event?.data ?? {};
          if (entityId !== undefined && next?.state !== undefined) {
            events.onStateChanged({ entityId, state: next.state });
          }
          break;
        }
        default:
          break;
      }
    });
    current.on('close', () => {
      if (isEnded) return;
      events.onDisconnected(reason);
      timer = setTimeout(connect, Math.min(retryDelayMs * 2 ** retries, maxRetryDelayMs));
      retries += 1;
    });
  }

  connect();
  return () => {
    isEnded = true;
    clearTimeout(timer);
    socket?.terminate();
  };
}

/** The HTTP side of a stand-in: its health, and one page for everything else. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { HealthCheckInfo } from '../../src/deployment/index.ts';
import type { ServiceFacts } from './services.ts';

export type Health = {
  readonly status: 'healthy' | 'degraded' | 'initializing' | 'unhealthy';
  readonly service: string;
  readonly version: string;
  /** Seconds since the start. */
  readonly uptime: number;
  readonly deployment?: HealthCheckInfo;
  /** For services with a database. */
  readonly database?: { readonly connected: boolean; readonly points_written: number };
  /** For the ingestion. */
  readonly home_assistant?: { readonly connected: boolean; readonly events: number };
};

/** Listens on the service's port, on every address; the answer is 503 for `unhealthy`, else 200. Never closes. */
export async function serveHealth(
  service: ServiceFacts,
  readHealth: () => Health,
  onRequest: (method: string, path: string, status: number) => void,
): Promise<void> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const isHealth = path.replace(/(?<=.)\/$/, '') === service.healthPath.replace(/(?<=.)\/$/, '');
    const health = isHealth ? readHealth() : undefined;
    const status =
      health === undefined ? (path === '/' ? 200 : 404) : health.status === 'unhealthy' ? 503 : 200;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(health ?? { service: service.name, stand_in: true }));
    onRequest(request.method ?? '', path, status);
  });
  server.listen(service.port);
  await once(server, 'listening');
}

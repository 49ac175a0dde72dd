/** Puts the ports of a level together. Their code is loaded here and only here, when a command needs it. */

import type { Ports } from '../ports/ports.ts';
import type { PortsRequest } from './ports-request.ts';

export async function createPorts(request: PortsRequest): Promise<Ports> {
  if (request.level === 'rehearsal') {
    const { createRehearsalPorts } = await import('./rehearsal-ports.ts');
    return createRehearsalPorts(request);
  }
  const { createLivePorts } = await import('./live-ports.ts');
  return createLivePorts(request);
}

/** What the operator needs to know when a set-up is over. */

import type { RunSummary } from '../../core/run/journal-event.ts';
import { isPublishedEverywhere } from '../../core/stack/service-address.ts';
import type { PublishedPort, Service } from '../../core/stack/stack.ts';
import { homeAssistantService } from './home-assistant-step.ts';
import { influxdbAdmin } from './influxdb-step.ts';
import type { StepContext } from './step.ts';

/** The address a browser on another machine uses; the loopback one when the service is bound to it. */
function reachableUrl(port: PublishedPort, machineAddress: string | undefined, path: string): string {
  const address = isPublishedEverywhere(port) ? (machineAddress ?? '127.0.0.1') : port.hostAddress;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port.hostPort}${path}`;
}

/** Pages that people use, in the order of the catalog; then the documents of interfaces, which have paths of their own. */
const pagesFirst = (services: readonly Service[]): readonly Service[] =>
  services.toSorted((a, b) => Number(a.web?.path !== '/') - Number(b.web?.path !== '/'));

export async function summariseRun(context: StepContext): Promise<RunSummary | undefined> {
  const { plan, ports } = context;
  if (plan.targets !== undefined || !plan.steps.some(({ id }) => id === 'services')) return undefined;
  const [stack, host] = await Promise.all([context.stack(), ports.host.facts(plan.folder)]);
  const starts = new Set(plan.services.filter(({ start }) => start).map(({ name }) => name));
  const addresses = pagesFirst(stack.services).flatMap(service => {
    const port = service.ports[0];
    if (service.web === undefined || port === undefined || !starts.has(service.name)) return [];
    const url = reachableUrl(port, host.addresses[0], service.web.path);
    return [{ name: service.web.label, url }];
  });
  const secrets = '.homeiq/secrets';
  return {
    addresses,
    credentials: [
      { what: 'Admin password and API keys of HomeIQ, tokens of the services', file: '.env' },
      { what: `InfluxDB user ${influxdbAdmin}, password`, file: `${secrets}/influxdb-admin-password` },
      { what: 'InfluxDB operator token', file: `${secrets}/influxdb-operator-token` },
      ...(plan.services.some(({ name, start }) => name === homeAssistantService && start)
        ? [
            {
              what: 'Test Home Assistant user homeiq, password',
              file: `${secrets}/home-assistant-test-password`,
            },
          ]
        : []),
    ],
    leftOut: plan.services
      .filter(({ start }) => !start)
      .map(({ name, reason }) => ({ service: name, reason: reason ?? 'left out' })),
    notes: [],
  };
}

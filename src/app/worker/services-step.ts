/** Starts the services of the mode and follows each one until it is healthy or *done*. */

import { ExternalError, UserError } from '../../core/error.ts';
import { explainHeldPort } from './held-port.ts';
import { explainStuck, isUp, look, wantedServices } from './service-phases.ts';
import { type Step, verifyByCheck } from './step.ts';

const configHashLabel = 'com.docker.compose.config-hash';

const check: Step['check'] = async context => {
  const wanted = await wantedServices(context);
  const [all, hashes] = await Promise.all([look(context, wanted), context.hashes()]);
  const open = all.filter(
    ({ service, container, phase }) =>
      !isUp(phase) || container?.labels[configHashLabel] !== hashes.get(service.name),
  );
  return open.length === 0
    ? { isDone: true, summary: `${all.length} up` }
    : {
        isDone: false,
        summary: `${open.length} of ${all.length} to start: ${open.map(({ service }) => service.name).join(', ')}`,
      };
};

export const servicesStep: Step = {
  id: 'services',
  title: () => 'Services',
  check,
  act: async context => {
    const wanted = await wantedServices(context);
    await context.ports.knownStack?.keep(context.target, await context.stack());
    const all = await context.raising.join().catch(async thrown => {
      context.signal.throwIfAborted();
      const isPortHeld = thrown instanceof ExternalError && thrown.code === 'port-held';
      const names = wanted.map(({ name }) => name);
      throw (isPortHeld ? await explainHeldPort(context, names) : undefined) ?? thrown;
    });
    if (!all.every(({ phase }) => isUp(phase))) throw await explainStuck(context, all);
    return `${all.length} of ${all.length} healthy`;
  },
  verify: verifyByCheck({ check }, summary => new UserError(`After the start ${summary}.`)),
};

/** What a service may do to the machine: ports, memory, the host's network, the Docker socket. */

import type { AuditFinding } from './audit-finding.ts';
import { type AuditSubject, errorIn, findingIn, placeInService, severityFor } from './audit-subject.ts';
import type { AuditedService } from './audited-service.ts';

const everyAddress = new Set(['', '0.0.0.0', '::']);
const isSocket = (source: string): boolean => /(^|\/)docker\.sock$/.test(source);

function auditPorts({ services }: AuditSubject): readonly AuditFinding[] {
  const bound = services.flatMap(service => service.boundPorts.map(port => ({ service, port })));
  return bound.flatMap(({ service, port }, index) => {
    const earlier = bound
      .slice(0, index)
      .find(
        other =>
          other.service.name !== service.name &&
          other.port.hostPort === port.hostPort &&
          other.port.protocol === port.protocol &&
          (other.port.hostAddress === port.hostAddress ||
            everyAddress.has(other.port.hostAddress) ||
            everyAddress.has(port.hostAddress)),
      );
    if (earlier === undefined) return [];
    return [
      errorIn('shared-port', service, {
        place: placeInService(service, 'ports'),
        reason: `${service.name} and ${earlier.service.name} want the same port ${port.hostPort} of this machine.`,
        mend: `Give one of them another port: HOMEIQ_${service.name.toUpperCase().replaceAll('-', '_')}_HOST_PORT.`,
      }),
    ];
  });
}

function auditRights(service: AuditedService): readonly AuditFinding[] {
  const { name } = service;
  const severity = severityFor(service);
  const findings: AuditFinding[] = [];
  if (service.isPrivileged) {
    findings.push(
      findingIn(severity, 'privileged', service, {
        place: placeInService(service, 'privileged'),
        reason: `${name} is privileged: it can do everything on this machine.`,
        mend: 'Take privileged out, or name the one device it needs under devices.',
      }),
    );
  }
  if (service.networkMode === 'host') {
    findings.push(
      findingIn(severity, 'host-network', service, {
        place: placeInService(service, 'network_mode'),
        reason: `${name} uses the network of the host: it reaches what is bound to 127.0.0.1.`,
        mend: 'Take network_mode out and publish the ports that are needed.',
      }),
    );
  }
  const socket = service.mounts.findIndex(({ kind, source }) => kind === 'bind' && isSocket(source));
  if (socket >= 0 && service.dockerSocket !== true) {
    findings.push(
      findingIn(severity, 'docker-socket', service, {
        place: placeInService(service, `volumes[${socket}]`),
        reason: `${name} has the Docker socket: it can start, stop and read every container.`,
        mend: 'Take the mount out. Of HomeIQ only admin-api and log-aggregator need it.',
      }),
    );
  }
  return findings;
}

const auditLimit = (service: AuditedService): readonly AuditFinding[] =>
  service.limitMiB !== undefined
    ? []
    : [
        findingIn('warning', 'no-memory-limit', service, {
          place: placeInService(service, 'mem_limit'),
          reason: `${service.name} has no memory limit: one leak takes the whole machine down.`,
          mend: 'Give it a mem_limit.',
        }),
      ];

export const auditMachine = (subject: AuditSubject): readonly AuditFinding[] => [
  ...auditPorts(subject),
  ...subject.services.flatMap(service => [...auditRights(service), ...auditLimit(service)]),
];

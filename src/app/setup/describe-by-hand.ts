/** The commands that would do the same by hand, so that an operator can learn them. They carry no secret. */

import { type Mode, modeFacts } from '../../core/mode/mode.ts';
import type { Plan } from '../../core/plan/plan.ts';

const modeVariable = 'DEPLOYMENT_MODE';

/** InfluxDB's part: the same for a first set-up and for a mode that was never set up. */
function bucketCommands(mode: Mode, keptSeconds: number | undefined): readonly string[] {
  const { org, buckets } = modeFacts[mode];
  return buckets.map(
    ({ name, retentionSeconds }) =>
      `docker compose exec influxdb influx bucket create --org ${org} --name ${name} --retention ${keptSeconds ?? retentionSeconds}s`,
  );
}

const tokenCommand = 'docker compose exec influxdb influx auth create --read-bucket … --write-bucket …';

function homeAssistantCommands(mode: Mode): readonly string[] {
  return modeFacts[mode].homeAssistant === 'container'
    ? ['docker compose up -d home-assistant-test    # then its onboarding; the token into .env']
    : [];
}

/** Stops by name: `down` leaves the containers of an inactive profile running, and takes the shared ones away. */
function describeSwitch(plan: Plan, from: Mode, keptSeconds: number | undefined): readonly string[] {
  const changes = plan.changes ?? [];
  const stop = changes.filter(({ kind }) => kind === 'stop').map(({ name }) => name);
  const bound = changes
    .filter(change => change.kind === 'recreate' && change.reasons.includes(modeVariable))
    .map(({ name }) => name);
  const leaving = [...stop, ...bound];
  const { org } = modeFacts[plan.mode];
  return [
    `cd ${plan.folder}`,
    `docker compose --env-file .homeiq/modes/${plan.mode}.env pull    # or: build`,
    ...(leaving.length === 0 ? [] : [`docker compose stop ${leaving.join(' ')}`]),
    ...(stop.length === 0 ? [] : [`docker compose rm -f ${stop.join(' ')}`]),
    `cp .env .homeiq/modes/${from}.env && cp .homeiq/modes/${plan.mode}.env .env`,
    `# InfluxDB, if ${plan.mode} was never set up: org ${org}, its buckets and one token limited to them; the token into .env`,
    `docker compose exec influxdb influx org create --name ${org}`,
    ...bucketCommands(plan.mode, keptSeconds),
    tokenCommand,
    ...homeAssistantCommands(plan.mode),
    'docker compose up -d',
  ];
}

/** `keptSeconds`: the retention that the settings give to every bucket, 0 for ever; else each has its mode's. */
export function describeByHand(plan: Plan, keptSeconds?: number): readonly string[] {
  if (plan.from !== undefined) return describeSwitch(plan, plan.from, keptSeconds);
  const facts = modeFacts[plan.mode];
  return [
    `cd ${plan.folder}`,
    'docker compose pull    # or: docker compose build',
    'docker compose up -d influxdb',
    `# InfluxDB: org ${facts.org}, ${facts.buckets.length} buckets and one token limited to them; the token into .env`,
    `docker compose exec influxdb influx setup --org ${facts.org} --bucket ${facts.mainBucket} --retention ${keptSeconds ?? facts.buckets[0]?.retentionSeconds}s`,
    ...bucketCommands(plan.mode, keptSeconds).slice(1),
    tokenCommand,
    ...homeAssistantCommands(plan.mode),
    'docker compose up -d',
  ];
}

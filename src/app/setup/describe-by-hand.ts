/** The commands that would do the same by hand, so that an operator can learn them. They carry no secret. */

import { modeFacts } from '../../core/mode/mode.ts';
import type { Plan } from '../../core/plan/plan.ts';

export function describeByHand(plan: Plan): readonly string[] {
  const facts = modeFacts[plan.mode];
  return [
    `cd ${plan.folder}`,
    'docker compose pull    # or: docker compose build',
    'docker compose up -d influxdb',
    `# InfluxDB: org ${facts.org}, ${facts.buckets.length} buckets and one token limited to them; the token into .env`,
    `docker compose exec influxdb influx setup --org ${facts.org} --bucket ${facts.mainBucket}`,
    ...facts.buckets
      .slice(1)
      .map(
        ({ name, retentionSeconds }) =>
          `docker compose exec influxdb influx bucket create --org ${facts.org} --name ${name} --retention ${retentionSeconds}s`,
      ),
    'docker compose exec influxdb influx auth create --read-bucket … --write-bucket …',
    ...(facts.homeAssistant === 'container'
      ? ['docker compose up -d home-assistant-test    # then its onboarding; the token into .env']
      : []),
    'docker compose up -d',
  ];
}

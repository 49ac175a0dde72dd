import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeByHand } from '../../../src/app/setup/describe-by-hand.ts';
import { planFixture, switchPlanFixture } from '../../ui/wizard-fixture.ts';

test('a switch by hand stops by name what carries the left mode, keeps what is neutral, and never says down', () => {
  const commands = describeByHand(switchPlanFixture('production'));
  const stop = commands
    .find(command => command.startsWith('docker compose stop'))
    ?.split(' ')
    .slice(3);
  assert.deepEqual(stop, [
    'home-assistant-test',
    'websocket-ingestion-test',
    'ai-automation-service',
    'data-api',
    'admin-api',
    'device-intelligence-service',
    'ha-setup-service',
  ]);
  assert.ok(commands.includes('docker compose rm -f home-assistant-test websocket-ingestion-test'));
  assert.equal(commands.at(-1), 'docker compose up -d');
  assert.doesNotMatch(commands.join('\n'), /\bdown\b|--remove-orphans|stop influxdb/);
});

test('images are fetched with the wanted settings, before anything is stopped', () => {
  const commands = describeByHand(switchPlanFixture('test'));
  const at = (text: string): number => commands.findIndex(command => command.includes(text));
  assert.ok(at('--env-file .homeiq/modes/test.env pull') > 0);
  assert.ok(at('--env-file .homeiq/modes/test.env pull') < at('docker compose stop'));
  assert.ok(at('docker compose stop') < at('cp .homeiq/modes/test.env .env'));
  assert.ok(at('docker compose up -d home-assistant-test') > at('cp .homeiq'));
});

test('a first set-up by hand stops nothing', () => {
  assert.doesNotMatch(describeByHand(planFixture('test')).join('\n'), /stop|rm -f/);
});

test('every bucket is kept for as long as the settings say, the main one too', () => {
  const kept = (seconds?: number) =>
    describeByHand(planFixture('test'), seconds).flatMap(
      command => /influx (?:setup|bucket create) .*--retention (\d+s)$/.exec(command)?.[1] ?? [],
    );
  assert.deepEqual(kept(), Array(4).fill('604800s'));
  assert.deepEqual(kept(1_209_600), Array(4).fill('1209600s'));
});

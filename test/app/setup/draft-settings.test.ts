/** What each setting could be, as a draft of a real template has it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstChoices } from '../../../src/app/setup/drafting.ts';
import { rehearse, rehearseDrafting } from '../../helpers/rehearse.ts';

test('a setting offers what is now, what this machine knows and the default; a secret a new one', async t => {
  const { ports, setUp } = await rehearse(t);
  /** As a new start of the program has it. */
  const offersOf = async (key: string, answers: Readonly<Record<string, string>> = {}) => {
    const drafting = rehearseDrafting(ports);
    const { settings } = await drafting.draft({ ...firstChoices('test'), answers });
    const setting = settings.find(({ field }) => field.key === key);
    assert.ok(setting);
    return { ...setting, offers: setting.alternatives?.map(({ origin, value }) => `${origin} ${value}`) };
  };
  const first = await offersOf('TZ');
  assert.equal(first.origin, 'machine');
  const here = first.value;
  // What is made for a first set-up is new already.
  assert.deepEqual((await offersOf('API_KEY')).offers, []);

  await setUp('test', { TZ: 'Asia/Tokyo', LOG_LEVEL: 'ERROR' });
  const kept = await offersOf('TZ');
  assert.deepEqual([kept.value, kept.origin], ['Asia/Tokyo', 'current']);
  assert.ok(kept.offers?.includes(`machine ${here}`));
  const typed = await offersOf('TZ', { TZ: 'Europe/Zurich' });
  assert.equal(typed.origin, 'answer');
  assert.deepEqual(typed.offers?.slice(0, 2), ['current Asia/Tokyo', `machine ${here}`]);
  assert.ok((await offersOf('LOG_LEVEL')).offers?.includes('default INFO'));

  const secret = await offersOf('API_KEY');
  assert.equal(secret.origin, 'generated');
  assert.equal(secret.alternatives?.length, 1);
  const [offered] = secret.alternatives ?? [];
  assert.equal(offered?.origin, 'generated');
  assert.match(offered?.value ?? '', /^[\w-]{43}$/);
  assert.notEqual(offered?.value, secret.value);
  assert.equal((await offersOf('API_KEY')).value, secret.value);
});

test('the draft keeps every bucket for as long as the settings say', async t => {
  const { ports } = await rehearse(t);
  const drafting = rehearseDrafting(ports, { INFLUXDB_RETENTION: '14d' });
  const { buckets, commands } = await drafting.draft(firstChoices('test'));
  assert.deepEqual(
    buckets.map(({ retentionSeconds }) => retentionSeconds),
    Array(4).fill(1_209_600),
  );
  assert.ok(commands.some(command => /influx setup .*--retention 1209600s/.test(command)));
});

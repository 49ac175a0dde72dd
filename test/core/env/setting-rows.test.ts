import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countHidden, settingProblem, settingRows } from '../../../src/core/env/setting-rows.ts';
import { settingsFixture } from '../../ui/wizard-fixture.ts';

const keys = (rows: ReturnType<typeof settingsFixture>): readonly string[] => rows.map(row => row.field.key);
const closed = { showAdvanced: false, search: '' };

test('what is required comes first, what is advanced, generated or fixed is not asked', () => {
  assert.deepEqual(keys(settingRows(settingsFixture('production', {}), closed)), [
    'HA_HTTP_URL',
    'HA_TOKEN',
    'WEATHER_API_KEY',
    'TZ',
  ]);
  assert.deepEqual(keys(settingRows(settingsFixture('test', {}), closed)), ['TZ']);
});

test('the order stays when a value is given', () => {
  const before = settingRows(settingsFixture('production', {}), closed);
  const after = settingRows(settingsFixture('production', { HA_HTTP_URL: 'http://a' }), closed);
  assert.deepEqual(keys(before), keys(after));
});

test('advanced settings follow on request, and a search looks through all of them', () => {
  const settings = settingsFixture('test', {});
  assert.deepEqual(keys(settingRows(settings, { showAdvanced: true, search: '' })).slice(0, 2), [
    'TZ',
    'DEPLOYMENT_MODE',
  ]);
  assert.deepEqual(keys(settingRows(settings, { showAdvanced: false, search: 'DASH port' })), [
    'DASHBOARD_PORT',
  ]);
  assert.deepEqual(keys(settingRows(settings, { showAdvanced: false, search: 'services write' })), [
    'LOG_LEVEL',
  ]);
});

test('an advanced setting that cannot be used is asked for', () => {
  const settings = settingsFixture('test', {}).map(setting =>
    setting.field.key === 'DASHBOARD_PORT' ? { ...setting, problem: 'A port is a number.' } : setting,
  );
  assert.deepEqual(keys(settingRows(settings, closed)), ['TZ', 'DASHBOARD_PORT']);
});

test('a required value that is not there is a problem, one that the program makes is not', () => {
  const [url] = settingRows(settingsFixture('production', {}), closed);
  assert.equal(url === undefined ? '' : settingProblem(url), 'Needed');
  const token = settingsFixture('test', {}).find(setting => setting.field.key === 'INFLUXDB_TOKEN');
  assert.equal(token === undefined ? '' : settingProblem(token), undefined);
});

test('what is hidden is counted', () => {
  assert.deepEqual(countHidden(settingsFixture('test', {})), { generated: 2, others: 3 });
});

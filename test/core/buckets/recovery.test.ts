import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseInfluxConfigs } from '../../../src/core/buckets/influx-configs.ts';
import { isRecoveryMethod, recoveryMethods, recoverySteps } from '../../../src/core/buckets/recovery.ts';
import { parseRecoveryNames, parseRecoveryToken } from '../../../src/core/buckets/recovery-tables.ts';

describe("The configuration of InfluxDB's command line", () => {
  /** As `influx config create` of the official image writes it, with the examples it adds as comments. */
  const written = `[default]
  url = "http://localhost:8086"
  token = "abc-_=="
  org = "homeiq"
  active = true
# 
# [eu-central]
#   url = "https://eu-central-1-1.aws.cloud2.influxdata.com"
#   token = "XXX"
#   org = ""
`;

  test('gives its tokens, the active one first', () => {
    assert.deepEqual(parseInfluxConfigs(written), [{ name: 'default', token: 'abc-_==', isActive: true }]);
    const more = `[ "old one" ]\ntoken='literal\\x'\r\nactive = false\n${written}[empty]\ntoken = ""\n`;
    assert.deepEqual(
      parseInfluxConfigs(more).map(({ name, token }) => [name, token]),
      [
        ['default', 'abc-_=='],
        ['old one', 'literal\\x'],
      ],
    );
  });

  test('reads quoted values as TOML does, and survives anything', () => {
    assert.equal(parseInfluxConfigs('[a]\ntoken = "q\\"uote" # remark\n')[0]?.token, 'q"uote');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        for (const { token } of parseInfluxConfigs(text)) assert.ok(token.length > 0);
      }),
    );
    assert.deepEqual(parseInfluxConfigs('token = "before any table"\n'), []);
  });
});

describe('What influxd recovery prints', () => {
  const token = `${'-Ab_9'.repeat(17)}x==`;
  const table = (middle: string): string =>
    `ts=2026-01-01T00:00:00Z lvl=info msg="Resources opened" log_id=0 path=/var/lib/influxdb2/influxd.bolt
ID\t\t\tUser Name\tUser ID\t\t\tDescription\t\tToken\tPermissions
11aeb5b71bafd000\tadmin\t\t11aeb5b6cbafd000\tadmin's Token\t\tREDACTED\t\t[read:authorizations]
${middle}11aeb5eedcf2b000\tadmin\t\t11aeb5b6cbafd000\tadmin's Recovery Token\t${token}\t[read:authorizations]
`;

  test('gives the new token by its description and the highest id', () => {
    assert.deepEqual(parseRecoveryToken(table(''), 'admin'), { id: '11aeb5eedcf2b000', token });
    const older = `11aeb5b800000000\tadmin\t\t11aeb5b6cbafd000\tadmin's Recovery Token\t${'y'.repeat(86)}==\t[]\n`;
    assert.equal(parseRecoveryToken(table(older), 'admin')?.token, token);
    assert.equal(parseRecoveryToken(table(''), 'somebody'), undefined);
    assert.equal(parseRecoveryToken('Error: could not find user', 'admin'), undefined);
  });

  test('gives names with spaces, and none of the log', () => {
    const users = 'ts=1 lvl=info msg=x\nID\t\t\tName\n11aeb5b6cbafd000\tadmin\n11aeb5b6cbafd001\tMy  Org 2\n';
    assert.deepEqual(parseRecoveryNames(users), ['admin', 'My  Org 2']);
    assert.deepEqual(parseRecoveryNames('ID\t\t\tName\n'), []);
  });
});

test('the ways to a new operator token are offered from the least disturbing on', () => {
  assert.deepEqual(recoveryMethods, ['cli', 'password', 'offline']);
  assert.match(
    recoverySteps.join('\n'),
    /recover cli: .*\n.*recover password: .*\n.*recover offline: .*stops InfluxDB/,
  );
  assert.ok(isRecoveryMethod('offline') && !isRecoveryMethod('magic'));
});

/** The library and the guard judge every case of one table alike. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { modeFacts, modes } from '../../src/core/mode/mode.ts';
import { checkModeSettings, DeploymentError, validateDeploymentMode } from '../../src/deployment/index.ts';
import { type DeploymentCase, deploymentCases } from '../helpers/deployment-cases.ts';

const guard = fileURLToPath(new URL('../../src/deployment/homeiq-guard', import.meta.url));
/** Debian's, the one of busybox and Alpine, and the one that is `sh` in many other images. */
const shells = [['/bin/dash'], ['/bin/busybox', 'sh'], ['/bin/bash', '--posix']] as const;

const name = ({ environment, type, refusal }: DeploymentCase): string =>
  `${JSON.stringify(environment)} ${type}: ${refusal ?? 'starts'}`;

function askLibrary({ environment, service, type }: DeploymentCase): string | undefined {
  try {
    validateDeploymentMode(service, type, environment);
    checkModeSettings(service, environment);
    return undefined;
  } catch (thrown) {
    assert.ok(thrown instanceof DeploymentError);
    return thrown.message;
  }
}

function runGuard(
  [shell, ...options]: readonly [string, ...string[]],
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  return spawnSync(shell, [...options, guard, ...args], {
    encoding: 'utf8',
    // Nothing is to be found there: the guard needs no program besides its shell.
    env: { PATH: '/nowhere', ...environment },
  });
}

describe('the library', () => {
  for (const one of deploymentCases) {
    it(name(one), () => {
      const said = askLibrary(one);
      assert.equal(said === undefined, one.refusal === undefined, said);
      assert.ok((said ?? '').includes(one.refusal ?? ''), said);
    });
  }
});

for (const shell of shells) {
  describe(`homeiq-guard in ${shell.join(' ')}`, () => {
    it(`judges all ${deploymentCases.length} cases as the library does, in the same words`, () => {
      for (const one of deploymentCases) {
        const { status, stdout, stderr } = runGuard(
          shell,
          ['--service', one.service, '--type', one.type, '--', '/bin/echo', 'started'],
          one.environment,
        );
        const said = askLibrary(one);
        assert.equal(status, said === undefined ? 0 : 1, `${name(one)}\n${stderr}`);
        assert.equal(stdout, said === undefined ? 'started\n' : '', name(one));
        assert.equal(stderr, said === undefined ? '' : `homeiq-guard: ${said}\n`);
      }
    });

    it("becomes the command: arguments, exit code and signals are the command's", () => {
      const call = (...command: string[]) =>
        runGuard(shell, ['--service', 'data-api', '--type', 'core', '--', ...command]);
      const { stdout } = call('/usr/bin/printf', '<%s>', 'a b', '$(id)', '', '*');
      assert.equal(stdout, '<a b><$(id)><><*>');
      assert.equal(call('/bin/sh', '-c', 'exit 42').status, 42);
      assert.equal(call('/bin/sh', '-c', 'kill -TERM $$').signal, 'SIGTERM');
      assert.equal(call('there-is-no-such-command').status, 127);
    });

    it('a wrong call exits 2 and says how it is called', () => {
      for (const args of [
        [],
        ['--service', 'a', '--type', 'core'],
        ['--service', 'a', '--type', 'core', '--'],
        ['--service', 'a', '--', 'echo'],
        ['--type'],
        ['--mode', 'test', '--', 'echo'],
      ]) {
        const { status, stderr } = runGuard(shell, args);
        assert.equal(status, 2, stderr);
        assert.match(stderr, /usage: homeiq-guard --service NAME --type TYPE -- COMMAND/);
      }
      const { status, stderr } = runGuard(shell, ['--service', 'a', '--type', 'cores', '--', 'echo']);
      assert.equal(status, 2);
      assert.match(stderr, /cores is no type of service/);
    });

    it('control characters of a value do not reach the log', () => {
      const { stderr } = runGuard(shell, ['--service', 'a\u001b[2J', '--type', 'test', '--', 'echo'], {
        DEPLOYMENT_MODE: 'x\u001b]0;title\u0007',
      });
      assert.doesNotMatch(stderr, /[\u0000-\u0009\u000b-\u001f]/);
    });
  });
}

it('the table has every bucket and org of either mode', () => {
  const values = new Set(deploymentCases.flatMap(({ environment }) => Object.values(environment)));
  for (const mode of modes) {
    const { buckets, org } = modeFacts[mode];
    for (const wanted of [org, ...buckets.map(bucket => bucket.name)]) assert.ok(values.has(wanted), wanted);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ComposeFailureCode,
  describeComposeFailure,
} from '../../../src/adapters/docker/compose-failure.ts';
import { errorTexts } from '../../../src/adapters/docker/compose-progress.ts';
import { readRecordedRuns } from './recorded-runs.ts';

const describeLines = (lines: readonly string[], service?: string) =>
  describeComposeFailure({
    command: 'docker compose up',
    exitCode: 1,
    errors: lines.flatMap(errorTexts),
    tail: lines.join('\n'),
    project: 'homeiq-t-rec2',
    service,
    user: 'pat',
  });

const expected: Readonly<Record<string, readonly [ComposeFailureCode, RegExp]>> = {
  e401: ['registry-unauthorized', /^The image of thing may not be pulled: the registry asks for a login$/],
  e404: ['image-not-found', /^The image of thing is not in the registry$/],
  e429: ['registry-rate-limit', /limits how many images may be pulled/],
  e500: ['registry-failed', /the registry broke off/],
  cut: ['registry-failed', /the registry broke off/],
  refused: ['registry-unreachable', /cannot reach the registry/],
  portProcess: ['port-held', /^Port 18491 is in use by another program, and a needs it$/],
  portContainer: ['port-held', /^Port 18492 is in use by another container, and b needs it$/],
  missing: ['image-missing', /^The image homeiq-nothere:1 is not on this machine$/],
  missingBuild: ['image-missing', /^The image homeiq-nothere:1 is not on this machine$/],
  unhealthy: ['dependency-failed', /^a is unhealthy, so what needs it was not started$/],
  oneshot: ['dependency-failed', /^a ended with exit code 4, so/],
  depExited: ['dependency-failed', /^a ended with exit code 3, so/],
  noexec: ['program-missing', /^A container cannot start its program: exec: "\/nope"/],
  engineDown: ['engine-down', /^The Docker Engine is not running$/],
  badYaml: ['model-invalid', /did not find expected node content/],
  badInterp: ['model-invalid', /required variable NOPE is missing a value/],
  mountMissing: ['bind-source-missing', /^The folder \/nope\/x that a service mounts does not exist$/],
  buildBad: ['build-failed', /^The image of thing could not be built$/],
  buildNoContext: ['build-failed', /^The image of thing could not be built$/],
};

for (const run of readRecordedRuns().filter(({ exitCode }) => exitCode !== 0)) {
  test(`${run.name}, ${run.version} ${run.form}`, () => {
    const [code, message] = expected[run.name] ?? ['other', /^$/];
    const pulledOrBuilt = /^(e\d|cut|refused|build)/.test(run.name) ? 'thing' : undefined;
    const error = describeLines(run.lines, pulledOrBuilt);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.equal(error.status, 1);
  });
}

test('the words of other versions of the engine', () => {
  const codeOf = (line: string) => describeLines([line], 'thing').code;
  assert.equal(
    codeOf(
      'Error response from daemon: failed to set up container networking: driver failed programming external connectivity on endpoint x (1): failed to bind host port for 127.0.0.1:18190:172.18.0.2:80/tcp: address already in use',
    ),
    'port-held',
  );
  assert.equal(codeOf('Error response from daemon: error from registry: denied'), 'registry-unauthorized');
  assert.equal(
    codeOf(
      "Error response from daemon: pull access denied for thing, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ),
    'image-not-found',
  );
  assert.equal(
    codeOf(
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix: connect: permission denied',
    ),
    'permission',
  );
  assert.equal(
    codeOf('permission denied while trying to connect to the docker API at unix:///var/run/docker.sock'),
    'permission',
  );
  assert.equal(codeOf('write /var/lib/docker/tmp/x: no space left on device'), 'disk-full');
});

test('permission says which command mends it, for this account', () => {
  const error = describeLines(['permission denied while trying to connect to the docker API at unix:///x']);
  assert.match(error.nextSteps.join('\n'), /sudo usermod -aG docker pat/);
});

test('what a build prints is not taken for another failure', () => {
  const error = describeLines(
    [
      '#5 0.292 sh: 1: dial tcp: pull access denied: not found',
      'failed to solve: process "/bin/sh -c x" did not complete successfully: exit code: 3',
    ],
    'thing',
  );
  assert.equal(error.code, 'build-failed');
});

test('a value of the .env that Compose cannot read is never repeated', () => {
  const error = describeLines([
    'failed to read /srv/homeiq/.env: line 3: unterminated quoted value "hunter2-secret',
  ]);
  assert.equal(error.code, 'model-invalid');
  assert.match(error.message, /line 3: unterminated quoted value/);
  assert.doesNotMatch(JSON.stringify({ ...error, message: error.message }), /hunter2/);
});

test('an unknown failure shows its last line', () => {
  const error = describeLines(['first', 'something new']);
  assert.equal(error.code, 'other');
  assert.equal(error.message, 'Docker Compose failed: something new');
});

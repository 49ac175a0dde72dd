import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usualSocketPath } from '../../../src/adapters/docker/engine-endpoint.ts';
import { describeConnectionFailure, describeRefusal } from '../../../src/adapters/docker/engine-error.ts';

const usual = { kind: 'unix', socketPath: usualSocketPath } as const;
const details = { isInstalled: true, user: 'pat', command: 'GET /_ping' };

test('no permission names the account and the command that mends it', () => {
  const error = describeConnectionFailure('EACCES', usual, details);
  assert.equal(error.message, 'Your account (pat) may not use Docker');
  assert.match(error.nextSteps.join('\n'), /sudo usermod -aG docker pat/);
  assert.match(error.nextSteps.join('\n'), /newgrp docker/);
});

test('not installed and not running are two things', () => {
  const missing = describeConnectionFailure('ENOENT', usual, { ...details, isInstalled: false });
  assert.equal(missing.message, 'Docker is not installed on this machine');
  assert.match(missing.nextSteps.join('\n'), /--rehearse/);
  for (const code of ['ENOENT', 'ECONNREFUSED', 'ECONNRESET']) {
    const stopped = describeConnectionFailure(code, usual, details);
    assert.equal(stopped.message, 'The Docker Engine is not running');
    assert.match(stopped.nextSteps.join('\n'), /sudo systemctl start docker/);
  }
});

test('an engine elsewhere is named with its address', () => {
  const endpoint = { kind: 'tcp', host: 'nuc', port: 2375, tls: undefined } as const;
  const error = describeConnectionFailure('ETIMEDOUT', endpoint, details);
  assert.equal(error.message, 'The Docker Engine at tcp://nuc:2375 cannot be reached (ETIMEDOUT)');
  assert.match(error.hint ?? '', /DOCKER_HOST/);
});

test('a full disk and other refusals', () => {
  const full = describeRefusal(
    'POST /x',
    500,
    '{"message":"write /var/lib/docker: no space left on device"}',
  );
  assert.equal(full.message, 'The disk is full');
  assert.equal(describeRefusal('GET /x', 502, '').message, 'The Docker Engine refused: status 502');
  assert.equal(
    describeRefusal('GET /x', 502, 'Bad gateway').message,
    'The Docker Engine refused: Bad gateway',
  );
});

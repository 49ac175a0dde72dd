import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFinding, type HomeAssistantFinding } from '../../../src/core/home-assistant/finding.ts';

const seen = 'HTTP 200';
const corrected = 'https://192.168.1.20:8123';
/** Each kind, and of each kind what is told apart. */
const findings: Readonly<Record<HomeAssistantFinding['kind'], readonly HomeAssistantFinding[]>> = {
  accepted: [{ kind: 'accepted', version: '2026.1' }],
  open: [{ kind: 'open' }],
  'token-refused': [{ kind: 'token-refused', isShapedLikeToken: true }],
  address: [{ kind: 'address', notes: ['What follows the host and port was removed.'] }],
  loopback: [{ kind: 'loopback' }],
  'wrong-scheme': [
    { kind: 'wrong-scheme', corrected },
    { kind: 'wrong-scheme', corrected: 'http://192.168.1.20:8123' },
  ],
  'wrong-port': [{ kind: 'wrong-port', corrected }],
  moved: [{ kind: 'moved', corrected }],
  unreachable: (
    ['refused', 'unknown-host', 'timeout', 'no-route', 'reset', 'not-https', 'not-http', 'other'] as const
  ).map(reason => ({ kind: 'unreachable', reason, seen })),
  certificate: (['self-signed', 'unknown-authority', 'wrong-name', 'expired', 'not-yet-valid'] as const).map(
    fault => ({ kind: 'certificate', fault, names: ['home.example.org'] }),
  ),
  'not-home-assistant': [{ kind: 'not-home-assistant', seen }],
  banned: [{ kind: 'banned' }],
  'proxy-not-trusted': [{ kind: 'proxy-not-trusted' }],
  starting: [{ kind: 'starting', seen }],
  'no-web-socket': [{ kind: 'no-web-socket', seen }],
  'too-old': [{ kind: 'too-old', version: '2021.12.1' }],
};

test('every finding has words of its own, and a good one nothing to do', () => {
  const all = Object.values(findings).flat();
  const texts = all.map(finding => describeFinding(finding).text);
  assert.deepEqual(
    texts.filter((text, index) => texts.indexOf(text) !== index),
    [],
  );
  for (const finding of all) {
    const { tone, text, hints, subject } = describeFinding(finding);
    const isGood = finding.kind === 'accepted' || finding.kind === 'open';
    assert.equal(tone === 'problem', !isGood, text);
    if (isGood) assert.deepEqual(hints, []);
    assert.equal(subject, finding.kind === 'token-refused' ? 'token' : 'address');
  }
});

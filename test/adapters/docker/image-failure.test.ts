import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeImageFailure, type ImageFailureCode } from '../../../src/adapters/docker/image-failure.ts';

const reference = '127.0.0.1:5000/thing:1';
const describe = (text: string) => describeImageFailure(reference, text, { command: 'POST /images/create' });

const blob = 'Get "http://127.0.0.1:5000/v2/thing/blobs/sha256:45cd"';
const brokenLine = 'net/http: HTTP/1.x transport connection broken';
const failedConfig = 'error pulling image configuration: download failed after attempts=6';

/** Engine 20.10.24, a registry cut at any byte: in a header, a manifest, a token, a blob, plain and over TLS. */
const recorded: readonly string[] = [
  'EOF',
  'unexpected EOF',
  `${blob}: EOF`,
  'Head "https://127.0.0.1:5000/v2/thing/manifests/1": Get "https://127.0.0.1:5000/token?service=x": EOF',
  'Head "https://127.0.0.1:5000/v2/thing/manifests/1": unexpected EOF',
  'Get "http://127.0.0.1:5000/v2/": http: server closed idle connection',
  'Get "http://127.0.0.1:5000/v2/": read tcp 127.0.0.1:40123->127.0.0.1:5000: read: connection reset by peer',
  'Get "http://127.0.0.1:5000/v2/": write tcp 127.0.0.1:40123->127.0.0.1:5000: write: connection reset by peer',
  `${blob}: ${brokenLine}: malformed HTTP status code "not"`,
  `${brokenLine}: malformed HTTP status code "not"`,
  `${failedConfig}: ${brokenLine}: malformed MIME header: missing colon: "Content-Le"`,
  `${failedConfig}: unexpected EOF`,
  `${failedConfig}: received unexpected HTTP status: 502 Bad Gateway`,
  'error pulling image configuration: image config verification failed for digest sha256:45cd',
  'filesystem layer verification failed for digest sha256:45cd',
  'expected HTTP 206 from byte range request',
  'no Content-Range header found in HTTP 206 response',
  'missing or empty Content-Type header',
];

/** From the sources of Go's net/http and of containerd. */
const elsewhere: readonly string[] = [
  `${blob}: ${brokenLine}: http: persistConn.readLoop exiting`,
  `${blob}: ${brokenLine}: write tcp 127.0.0.1:1->127.0.0.1:2: use of closed network connection`,
  `${blob}: write tcp 127.0.0.1:1->127.0.0.1:2: write: broken pipe`,
  'read tcp 10.0.0.2:1->10.0.0.3:443: read: connection timed out',
  'http: unexpected EOF reading trailer',
  'malformed chunked encoding',
  'stream error: stream ID 3; INTERNAL_ERROR; received from peer',
  'connection error: PROTOCOL_ERROR',
  'http2: server sent GOAWAY and closed the connection; LastStreamID=1999, ErrCode=NO_ERROR, debug=""',
  'http2: client connection lost',
  `${blob}: tls: use of closed connection`,
  'local error: tls: bad record MAC',
  'remote error: tls: internal error',
  `failed to copy: httpReadSeeker: failed open: failed to do request: ${blob}: EOF`,
  'failed to copy: unexpected EOF (after 3 attempts)',
  'failed commit on ref "layer-sha256:45cd": "layer-sha256:45cd" failed size validation: 4096 != 6000000: failed precondition',
  'unexpected status from GET request to https://127.0.0.1:5000/v2/thing/manifests/1: 503 Service Unavailable',
  'error parsing HTTP 404 response body: unexpected end of JSON input: ""',
  'unexpected end of JSON input',
  'failed to authorize: failed to fetch anonymous token: unable to decode token response: unexpected end of JSON input',
];

for (const [whose, texts] of Object.entries({ recorded, elsewhere })) {
  test(`a registry that broke off: ${whose}`, () => {
    for (const text of texts) {
      const error = describe(text);
      assert.equal(error.code, 'registry-failed', text);
      assert.equal(error.message, `The image ${reference} could not be fetched: the registry broke off`);
      assert.equal(error.hint, text);
      assert.match(error.nextSteps.join(), /Try again/);
    }
  });
}

test('a registry that cannot be reached, or is not trusted, did not break off', () => {
  const texts: Readonly<Record<string, ImageFailureCode>> = {
    [`${failedConfig}: dial tcp 127.0.0.1:5000: connect: connection refused`]: 'registry-unreachable',
    'Get "http://127.0.0.1:5000/v2/": dial tcp 127.0.0.1:5000: connect: connection reset by peer':
      'registry-unreachable',
    [`${blob}: net/http: timeout awaiting response headers`]: 'registry-unreachable',
    'Get "https://r.test/v2/": remote error: tls: handshake failure': 'registry-untrusted',
    'Get "https://r.test/v2/": tls: first record does not look like a TLS handshake': 'registry-untrusted',
    'Get "https://r.test/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority':
      'registry-untrusted',
  };
  for (const [text, code] of Object.entries(texts)) assert.equal(describe(text).code, code, text);
});

test('words that no rule knows are told, with what to do', () => {
  const error = describe('first\nthe moon is in the way\n');
  assert.equal(error.code, undefined);
  assert.equal(error.message, `The image ${reference} could not be pulled: the moon is in the way`);
  assert.equal(error.tail, 'first\nthe moon is in the way\n');
  assert.match(error.nextSteps.join('\n'), /^Try again.*\n.*journalctl -u docker/);
  assert.match(describe('').message, /could not be pulled: the Docker Engine gives no reason$/);
});

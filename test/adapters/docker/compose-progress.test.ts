import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { errorTexts, parseComposeLine } from '../../../src/adapters/docker/compose-progress.ts';
import { readRecordedRuns } from './recorded-runs.ts';

const context = { project: 'homeiq-t-rec2', service: undefined, isBuild: false };
const runs = readRecordedRuns();

/** Service and phase of every line, repeats left out: Compose 5 says some things twice. */
function phasesOf(
  name: string,
  version: string,
  form: 'plain' | 'json',
  service?: string,
): readonly string[] {
  const run = runs.find(each => each.name === name && each.version === version && each.form === form);
  assert.ok(run, `${name} ${version} ${form} is recorded`);
  const isBuild = name.startsWith('build');
  const seen = run.lines.flatMap(line => {
    const parsed = parseComposeLine(line, { ...context, service, isBuild });
    return parsed === undefined ? [] : [`${parsed.progress.service} ${parsed.progress.phase}`];
  });
  return seen.filter((entry, index) => entry !== seen[index - 1]);
}

const forms = [
  ['2.26.1', 'plain'],
  ['5.6.0', 'plain'],
  ['5.6.0', 'json'],
] as const;

for (const [version, form] of forms) {
  test(`an up that fails, ${version} ${form}`, () => {
    const phases = phasesOf('unhealthy', version, form);
    assert.deepEqual(
      phases.filter(entry => !entry.startsWith('undefined')),
      [
        'a creating',
        'a created',
        'b creating',
        'b created',
        'a starting',
        'a started',
        'a waiting',
        'a error',
      ],
    );
    assert.equal(phases.at(-1), 'undefined error');
  });

  test(`a pull, ${version} ${form}`, () => {
    assert.deepEqual(phasesOf('ok', version, form, 'thing'), ['thing pulling', 'thing pulled']);
  });

  test(`a pull that is refused, ${version} ${form}`, () => {
    assert.deepEqual(phasesOf('e401', version, form, 'thing'), ['thing pulling', 'thing error']);
  });

  test(`a build, ${version} ${form}`, () => {
    const phases = phasesOf('buildOk', version, form, 'a');
    assert.ok(phases.includes('a building'));
    assert.deepEqual(
      phases.filter(entry => !['a building', 'a built', 'a undefined'].includes(entry)),
      [],
    );
  });
}

test('the bytes of a layer are told, and are fleeting', () => {
  const service = { ...context, service: 'thing' };
  const plain = parseComposeLine(' 946bdf38de7c Downloading [====>      ]  18.74MB/30.01MB', service);
  assert.deepEqual(plain, {
    progress: { text: '946bdf38de7c Downloading 18.74MB/30.01MB', service: 'thing', phase: 'pulling' },
    isFleeting: true,
  });
  const json = parseComposeLine(
    '{"id":"1348d0c77ad5","parent_id":"Image x","status":"Working","text":"Downloading","details":"18.74MB","current":18736027,"total":30009346,"percent":62}',
    service,
  );
  assert.deepEqual(json, {
    progress: { text: '1348d0c77ad5 Downloading 18.7 of 30.0 MB', service: 'thing', phase: 'pulling' },
    isFleeting: true,
  });
});

test('a service keeps its name while its container is replaced, and with digits and dashes in it', () => {
  const at = (line: string) => parseComposeLine(line, { ...context, project: 'homeiq' })?.progress.service;
  assert.equal(at(' Container 0123456789ab_homeiq-data-api-1  Recreated'), 'data-api');
  assert.equal(at(' Container homeiq-model-2-1  Started'), 'model-2');
  assert.equal(at(' Container other-data-api-1  Started'), undefined);
});

test('warnings of the log form lose their frame, and are no error', () => {
  const line = 'time="2026-11-23T22:52:36Z" level=warning msg="The \\"X\\" variable is not set."';
  assert.equal(parseComposeLine(line, context)?.progress.text, 'The "X" variable is not set.');
  assert.deepEqual(errorTexts(line), []);
});

test('a repeated error is told once, in both forms', () => {
  assert.deepEqual(errorTexts('{"error":true,"message":"no\\nno"}'), ['no']);
  assert.deepEqual(errorTexts('no'), ['no']);
});

test('no escape sequence or control character gets through', () => {
  assert.equal(parseComposeLine('\x1b[33m Container\x1b[0m x\x07', context)?.progress.text, 'Container x');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), line => {
      const text = parseComposeLine(line, context)?.progress.text ?? '';
      assert.doesNotMatch(text, /[\x00-\x1f\x7f-\x9f]/);
    }),
  );
});

test('BuildKit as Compose hands it on in JSON: the step that begins, and what it prints', () => {
  const say = (value: unknown): string | undefined =>
    parseComposeLine(JSON.stringify(value), { project: 'p', service: 'api', isBuild: true })?.progress.text;
  const step = '[api stage-1 2/4] RUN pip install .';
  const vertex = { digest: 'sha256:00', name: step };
  assert.equal(say({ vertexes: [vertex, { ...vertex, started: '2026-01-01T00:00:00Z' }] }), step);
  assert.equal(say({ vertexes: [{ ...vertex, started: 'x', completed: 'y' }] }), undefined);
  const printed = Buffer.from('Collecting a\n\x1b[31mCollecting b\n').toString('base64');
  assert.equal(say({ logs: [{ vertex: 'sha256:00', stream: 1, data: printed }] }), 'Collecting b');
  assert.equal(say({ statuses: [{ id: 'transferring', current: 5 }] }), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EnvDocument } from '../../../src/core/env/env-document.ts';
import { identifyEnv } from '../../../src/core/env/env-identity.ts';
import { applyEdits, foldDocuments } from '../../../src/core/env/fold.ts';
import { parseEnv } from '../../../src/core/env/parse.ts';
import { serialiseEnv } from '../../../src/core/env/serialise.ts';
import { documentValues, type EnvValues, setValues } from '../../../src/core/env/values.ts';
import { envValue } from '../../helpers/env-values.ts';

const keys = ['A', 'B', 'C', 'D', 'E'] as const;
const value = fc.oneof(envValue, fc.constantFrom('', '1', '2'));
const values: fc.Arbitrary<EnvValues> = fc.dictionary(fc.constantFrom(...keys), value, {
  noNullPrototype: true,
});
const documentOf = (from: EnvValues): EnvDocument => setValues(parseEnv('# head\n'), from);

test('an edit by hand wins, every other key is as in the document of the mode', () => {
  fc.assert(
    fc.property(values, values, values, (base, now, theirs) => {
      const { document, edits } = foldDocuments({
        base: documentOf(base),
        edited: documentOf(now),
        document: documentOf(theirs),
      });
      const folded = documentValues(document);
      for (const key of keys) {
        const isChanged = Object.hasOwn(now, key) && now[key] !== base[key];
        const isRemoved = Object.hasOwn(base, key) && !Object.hasOwn(now, key);
        assert.equal(Object.hasOwn(edits.changed, key), isChanged, key);
        assert.equal(edits.removed.includes(key), isRemoved, key);
        const expected = isChanged ? now[key] : isRemoved ? undefined : (theirs[key] ?? base[key]);
        assert.equal(folded[key], expected, key);
      }
    }),
    { numRuns: 500 },
  );
});

test('what nobody else changed comes back byte for byte as it was edited', () => {
  fc.assert(
    fc.property(values, values, (base, now) => {
      const edited = documentOf(now);
      const written = documentOf(base);
      const { document } = foldDocuments({ base: written, edited, document: written });
      assert.equal(serialiseEnv(document), serialiseEnv(edited));
    }),
  );
});

test('folding a second time changes nothing', () => {
  fc.assert(
    fc.property(values, values, values, (base, now, theirs) => {
      const once = foldDocuments({
        base: documentOf(base),
        edited: documentOf(now),
        document: documentOf(theirs),
      });
      const again = foldDocuments({ base: once.document, edited: once.document, document: once.document });
      assert.equal(serialiseEnv(again.document), serialiseEnv(once.document));
      assert.deepEqual(again.edits, { changed: {}, removed: [] });
    }),
  );
});

test('edits by hand are made in another document, which keeps the rest', () => {
  fc.assert(
    fc.property(values, values, values, (base, now, other) => {
      const { edits } = foldDocuments({
        base: documentOf(base),
        edited: documentOf(now),
        document: undefined,
      });
      const result = documentValues(applyEdits(documentOf(other), edits));
      for (const key of keys) {
        const expected = edits.removed.includes(key) ? undefined : (edits.changed[key] ?? other[key]);
        assert.equal(result[key], expected, key);
      }
    }),
  );
});

test('a value that refers to one that changed elsewhere keeps what the operator meant', () => {
  const reference = '$' + '{A}';
  const { document } = foldDocuments({
    base: parseEnv('A=1\n'),
    edited: parseEnv(`A=1\nB=${reference}/x\n`),
    document: parseEnv('A=2\n'),
  });
  assert.deepEqual(documentValues(document), { A: '2', B: '1/x' });
});

test('.env is that of the recorded mode, or of the one that a run was about to write', () => {
  const testEnv = parseEnv('DEPLOYMENT_MODE=test\n');
  assert.deepEqual(identifyEnv(undefined, { mode: 'test' }), { kind: 'absent' });
  assert.deepEqual(identifyEnv(testEnv, undefined), { kind: 'known', mode: 'test' });
  assert.deepEqual(identifyEnv(testEnv, { mode: 'test' }), { kind: 'known', mode: 'test' });
  assert.deepEqual(identifyEnv(testEnv, { mode: 'production', nextMode: 'test' }), {
    kind: 'known',
    mode: 'test',
  });
  assert.deepEqual(identifyEnv(testEnv, { mode: 'production' }), {
    kind: 'foreign',
    mode: 'test',
    recorded: 'production',
  });
  for (const text of ['', 'A=1\n', 'DEPLOYMENT_MODE=staging\n']) {
    assert.deepEqual(identifyEnv(parseEnv(text), { mode: 'test' }), {
      kind: 'foreign',
      mode: undefined,
      recorded: 'test',
    });
  }
});

/** A token reads any bucket whose id it knows: so no service may be told one. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseEnv } from '../../../src/core/env/parse.ts';
import { documentValues } from '../../../src/core/env/values.ts';
import { modes } from '../../../src/core/mode/mode.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (...names: readonly string[]): string => readFileSync(join(root, ...names), 'utf8');

/** A key that would be for an id, or a value that is one: 16 hexadecimal digits. */
const isAboutAnId = (key: string, value: unknown): boolean =>
  /BUCKET.*_ID|BUCKETID|ORG.*_ID/i.test(key) || /^[0-9a-f]{16}$/.test(String(value));

test('no service of compose.yaml has an id of a bucket in its environment', () => {
  const model = JSON.parse(read('src', 'adapters', 'rehearsal', 'stack-snapshot.json')) as {
    readonly services: Readonly<Record<string, { readonly environment?: Readonly<Record<string, unknown>> }>>;
  };
  const entries = Object.values(model.services).flatMap(({ environment }) =>
    Object.entries(environment ?? {}),
  );
  assert.ok(entries.some(([key]) => key === 'INFLUXDB_BUCKET'));
  assert.deepEqual(
    entries.filter(([key, value]) => isAboutAnId(key, value)),
    [],
  );
  assert.doesNotMatch(read('compose.yaml'), /BUCKET_?ID/i);
});

test('no setting of a template is an id of a bucket', () => {
  for (const mode of modes) {
    const values = documentValues(parseEnv(read('env-templates', `${mode}.env`)));
    assert.deepEqual(
      Object.entries(values).filter(([key, value]) => isAboutAnId(key, value)),
      [],
    );
  }
});

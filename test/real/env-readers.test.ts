/** Values that this program writes, read by Compose's own parser (both versions) and by npm's dotenv. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import dotenv from 'dotenv';
import fc from 'fast-check';
import { runProcess } from '../../src/adapters/process/run-process.ts';
import { parseEnv } from '../../src/core/env/parse.ts';
import { quoteValue } from '../../src/core/env/quote.ts';
import { serialiseEnv } from '../../src/core/env/serialise.ts';
import { documentValues, setValues } from '../../src/core/env/values.ts';
import { envCorpus } from '../helpers/env-corpus.ts';
import { envValue } from '../helpers/env-values.ts';

const composes = [
  { name: 'Compose 2.26', variable: 'HOMEIQ_TEST_COMPOSE_OLD' },
  { name: 'Compose 5.6', variable: 'HOMEIQ_TEST_COMPOSE_NEW' },
].map(compose => ({ ...compose, config: process.env[compose.variable] }));
const count = 10_000;

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'homeiq-env-'));
});
after(() => rmSync(folder, { recursive: true }));

/** What `docker compose` makes of an env file; it asks no engine for this. */
async function readByCompose(
  config: string,
  text: string,
  keys: readonly string[],
): Promise<Readonly<Record<string, string | null>>> {
  writeFileSync(join(folder, '.env'), text);
  const stack = { services: { reader: { image: 'none', environment: keys } } };
  writeFileSync(join(folder, 'compose.yaml'), JSON.stringify(stack));
  const args = ['compose', '-p', 'homeiq-env-readers', 'config', '--format', 'json'];
  const { exitCode, stdout, stderr } = await runProcess('docker', args, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, DOCKER_CONFIG: config },
    maxOutputBytes: 256 * 1024 * 1024,
  });
  assert.equal(exitCode, 0, stderr);
  const model = JSON.parse(stdout) as {
    services: { reader: { environment?: Record<string, string | null> } };
  };
  return Object.fromEntries(
    Object.entries(model.services.reader.environment ?? {}).map(([key, value]) => [
      key,
      value?.replaceAll('$$', '$') ?? null,
    ]),
  );
}

const skipReason = (compose: (typeof composes)[number]): string | false => {
  if (compose.config !== undefined) return false;
  assert.notEqual(process.env.CI, 'true', `${compose.variable} must be set in CI`);
  return `${compose.variable} is not set`;
};

/** Longer than any key or certificate, with all that needs care. */
const longValue = `${'$'}{A}"'\\# \né`.repeat(10_000);
const values = Object.fromEntries(
  [...fc.sample(envValue, { numRuns: count - 1, seed: 20 }), longValue].map((value, index) => [
    `K${index}`,
    value,
  ]),
);
const text = serialiseEnv(setValues(parseEnv(''), values));

test('every printable character is among the values', () => {
  const seen = new Set(Object.values(values).join(''));
  const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
  assert.deepEqual(
    printable.filter(character => !seen.has(character)),
    [],
  );
});

test(`${count} values read back by this program`, () => {
  assert.deepEqual(documentValues(parseEnv(text)), values);
});

for (const compose of composes) {
  test(`${count} values read back by ${compose.name}`, { skip: skipReason(compose) }, async () => {
    const seen = await readByCompose(compose.config ?? '', text, Object.keys(values));
    for (const [key, value] of Object.entries(values)) assert.equal(seen[key], value, key);
  });

  test(`the awkward files read alike here and by ${compose.name}`, {
    skip: skipReason(compose),
  }, async () => {
    for (const file of envCorpus()) {
      const document = parseEnv(file.text);
      // Compose refuses the whole file: there is nothing to compare.
      if (document.lines.some(({ kind }) => kind === 'unreadable')) continue;
      const expected = documentValues(document);
      const seen = await readByCompose(compose.config ?? '', file.text, Object.keys(expected));
      assert.deepEqual({ ...seen }, expected, file.name);
    }
  });

  test(`${compose.name} refuses what is called unreadable here`, { skip: skipReason(compose) }, async () => {
    const file = envCorpus().find(({ name }) => name === 'unreadable.env');
    assert.ok(file);
    for (const line of parseEnv(file.text).lines) {
      // The newer one takes a value without a key, and gives it to nobody.
      if (line.kind !== 'unreadable' || line.raw.startsWith('=')) continue;
      await assert.rejects(readByCompose(compose.config ?? '', line.raw, []), line.raw);
    }
  });
}

/** Every way of writing a value that makes sense at all. */
function candidates(value: string): readonly string[] {
  const escaped = value.replaceAll(/[\\"$]/g, character => `\\${character}`);
  const lineEnds = (form: string): string => form.replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return [
    value,
    `'${value}'`,
    `"${value}"`,
    `"${lineEnds(value)}"`,
    `"${escaped}"`,
    `"${lineEnds(escaped)}"`,
    `'${value.replaceAll("'", "\\'")}'`,
    quoteValue(value).text,
  ];
}

/** A form that runs on into one of these is none. */
const followers = [
  { line: 'NEXT=1', value: '1' },
  { line: "NEXT='\n1'", value: '\n1' },
  { line: 'NEXT="\n1"', value: '\n1' },
  { line: 'NEXT=1`', value: '1`' },
];

test('dotenv reads the same, wherever a common form exists', t => {
  const readsAlike = (form: string, value: string): boolean =>
    followers.every(({ line, value: next }) => {
      const here = documentValues(parseEnv(`K=${form}\n${line}\n`));
      const there = dotenv.parse(`K=${form}\n${line}\n`);
      return here.K === value && there.K === value && here.NEXT === next && there.NEXT === next;
    });
  let withoutForm = 0;
  for (const value of Object.values(values)) {
    const { text: form, isCommon } = quoteValue(value);
    if (isCommon) {
      assert.ok(readsAlike(form, value), `dotenv reads ${JSON.stringify(form)} otherwise`);
    } else {
      withoutForm += 1;
      const better = candidates(value).find(candidate => readsAlike(candidate, value));
      assert.equal(better, undefined, `${JSON.stringify(value)} has a common form`);
    }
  }
  const common = Object.fromEntries(Object.entries(values).filter(([, value]) => quoteValue(value).isCommon));
  assert.deepEqual({ ...dotenv.parse(serialiseEnv(setValues(parseEnv(''), common))) }, common);
  t.diagnostic(`${count} values, ${withoutForm} of them without a form that Compose and dotenv read alike`);
});

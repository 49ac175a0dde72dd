import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDocument } from '../../../src/core/env/check-document.ts';
import { parseEnv } from '../../../src/core/env/parse.ts';
import { parseTemplate } from '../../../src/core/env/template.ts';

const { fields } = parseTemplate(`#! homeiq template version 1 for test

## All

# The port.
#: "Port" port shared required
PORT=80

# The level.
#: "Level" text shared
LOG_LEVEL=INFO

# The key.
#: "Key" token shared secret required generated
API_KEY=
`);
const check = async (text: string) =>
  (await checkDocument(parseEnv(text), fields, ['EXTRA'])).map(({ kind, severity, key }) =>
    `${severity} ${kind} ${key ?? ''}`.trim(),
  );

test('a sound document has no findings', async () => {
  assert.deepEqual(await check('PORT=81\nLOG_LEVEL=\nAPI_KEY=my-own\nEXTRA=1\n'), []);
});

test('everything that can be wrong with a document is named', async () => {
  assert.deepEqual(await check('LOG_LEVEL=INFO\nPORT=\nAPI_KEY=my-own\n'), ['problem missing PORT']);
  assert.deepEqual(await check('PORT=81\nAPI_KEY=my-own\n'), ['note missing LOG_LEVEL']);
  assert.deepEqual(await check('PORT=99999\nLOG_LEVEL=a\nAPI_KEY=my-own\n'), ['problem invalid PORT']);
  assert.deepEqual(await check('PORT=81\nPORT=82\nLOG_LEVEL=a\nAPI_KEY=b\n'), ['problem duplicate PORT']);
  assert.deepEqual(await check('PORT=81\nLOG_LEVEL=a\nAPI_KEY=b\n!!! no\n'), ['problem malformed']);
  assert.deepEqual(await check('PORT=81\nLOG_LEVEL=a\nAPI_KEY=change-me\n'), [
    'problem published-secret API_KEY',
  ]);
  assert.deepEqual(await check('PORT=81\nLOG_LEVEL=a\nAPI_KEY=b\nMINE=1\n'), ['note unknown MINE']);
});

test('a dollar that Compose takes for a reference to nothing is told, without what follows it', async () => {
  const braced = '$' + '{LOG_LEVEL}';
  const withDefault = '$' + '{NOWHERE:-x}';
  const lines = (key: string): string => `PORT=81\nLOG_LEVEL=a\nAPI_KEY=${key}\n`;
  for (const right of [
    "'pa$word'",
    'pa$$word',
    `pa${braced}`,
    'pa$LOG_LEVEL',
    `pa${withDefault}`,
    'pa$',
    'pa$5',
  ]) {
    assert.deepEqual(await check(lines(right)), [], right);
  }
  for (const wrong of ['pa$word', '"pa$word"', 'pa$' + '{word}', 'pa$LOG_LEVELS']) {
    assert.deepEqual(await check(lines(wrong)), ['note unset-reference API_KEY'], wrong);
  }
  const [finding] = await checkDocument(parseEnv(lines('pa$word')), fields, []);
  assert.ok(!JSON.stringify(finding).includes('word'));
  assert.match(finding?.mend ?? '', /single quotes/);
});

test('a slip of the fingers gets the name that was meant, and no message holds a value', async () => {
  const findings = await checkDocument(
    parseEnv('PORT=the-value\nLOG_LEVL=the-value\nAPI_KEY=the-value\nAPI_KEY=the-value\n'),
    fields,
    [],
  );
  assert.ok(findings.some(({ key, mend }) => key === 'LOG_LEVL' && mend === 'Did you mean LOG_LEVEL?'));
  assert.ok(findings.every(({ message }) => !message.includes('the-value')));
});

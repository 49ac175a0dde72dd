/** Compose files and documents that were made to do harm: with both Composes each ends in an error, and none in waiting. */

import assert from 'node:assert/strict';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createCompose } from '../../src/adapters/docker/compose.ts';
import { UserError } from '../../src/core/error.ts';
import { parseStack } from '../../src/core/stack/parse-stack.ts';
import { composeFolders } from '../helpers/engine.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { findHarm } from '../helpers/terminal-attacks.ts';

const service = 'services:\n  a:\n    image: x\n';
const laughs = ['x-0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]']
  .concat(
    Array.from(
      { length: 12 },
      (_, index) => `x-${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(', ')}]`,
    ),
  )
  .join('\n');

type Hostile = {
  readonly name: string;
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly sizeMiB?: number;
};

const hostile: readonly Hostile[] = [
  { name: 'aliases that grow by nine with each line', files: { 'compose.yaml': `${service}${laughs}\n` } },
  { name: 'an alias that holds itself', files: { 'compose.yaml': `${service}x-a: &a\n  b: *a\n` } },
  { name: 'a merge of itself', files: { 'compose.yaml': 'services:\n  a: &a\n    image: x\n    <<: *a\n' } },
  { name: 'lists in lists without end', files: { 'compose.yaml': `${service}x-a: ${'['.repeat(200_000)}` } },
  {
    name: 'maps in maps',
    files: { 'compose.yaml': `${service}x-a: ${'{a: '.repeat(3000)}1${'}'.repeat(3000)}\n` },
  },
  { name: 'bytes that are no text', files: { 'compose.yaml': Buffer.from([0, 255, 254, 1, 2, 3, 0x9b]) } },
  { name: 'a file that includes itself', files: { 'compose.yaml': `include: [compose.yaml]\n${service}` } },
  {
    name: 'services that extend one another',
    files: {
      'compose.yaml':
        'services:\n  a:\n    image: x\n    extends: {service: b}\n  b:\n    image: x\n    extends: {service: a}\n',
    },
  },
  {
    name: 'services that wait for one another',
    files: {
      'compose.yaml':
        'services:\n  a:\n    image: x\n    depends_on: [b]\n  b:\n    image: x\n    depends_on: [a]\n',
    },
  },
  {
    name: 'names that a terminal acts on',
    files: { 'compose.yaml': 'services:\n  "a\\e]0;owned\\a":\n    image: "\\e[31m"\n' },
  },
  {
    name: 'a .env of one endless reference',
    files: { 'compose.yaml': service, '.env': `A=${'${A:-'.repeat(20_000)}\n` },
  },
  {
    name: 'a .env that is no text',
    files: { 'compose.yaml': service, '.env': Buffer.from([0, 255, 254, 10, 61]) },
  },
  {
    name: 'keys that double one another',
    files: {
      'compose.yaml': `${service}    environment: {A: "\${K30}"}\n`,
      '.env': [
        'K0=x',
        ...Array.from({ length: 30 }, (_, index) => `K${index + 1}=$K${index}$K${index}`),
      ].join('\n'),
    },
  },
  { name: 'a file of 64 MiB', files: { 'compose.yaml': service }, sizeMiB: 64 },
];

for (const { name, folder: composeFolder, skip } of composeFolders()) {
  const environment = { ...process.env, DOCKER_CONFIG: composeFolder };
  describe(`hostile files with ${name}`, { skip }, () => {
    for (const { name: what, files, sizeMiB } of hostile) {
      test(what, { timeout: 150_000 }, async t => {
        const folder = temporaryFolder(t);
        mkdirSync(folder, { recursive: true });
        for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
        if (sizeMiB !== undefined) truncateSync(join(folder, 'compose.yaml'), sizeMiB * 1024 ** 2);
        const compose = createCompose({ environment, readTimeoutMs: 5000 });
        const startedMs = performance.now();
        const target = {
          folder,
          project: 'homeiq-hostile',
          files: [join(folder, 'compose.yaml')],
          environment: undefined,
        };
        const outcome = await compose.resolve(target).then(
          resolved => {
            try {
              parseStack(resolved);
              return 'taken';
            } catch (thrown) {
              return thrown;
            }
          },
          (thrown: unknown) => thrown,
        );
        const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
        if (outcome === 'taken') return t.diagnostic(`taken as harmless, ${seconds} s`);
        assert.ok(outcome instanceof UserError, String(outcome));
        t.diagnostic(`${seconds} s: ${JSON.stringify(outcome.message.slice(0, 100))}`);
        assert.equal(findHarm(outcome.message.replaceAll('\n', '')), undefined);
      });
    }
  });
}

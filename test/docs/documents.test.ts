/** What the documents say, held to what there is. */

import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { architectureFiles, drawArchitecture } from '../../scripts/lib/draw-architecture.ts';
import { keysPath, makeKeys } from '../../scripts/lib/make-keys.ts';
import { commandNames, optionTable } from '../../src/cli/option-table.ts';
import { findTroubleshooting, troubleshootingHeadings } from '../../src/core/troubleshooting.ts';
import { anchorOf, headingsOf, readDocument, readTriedCommands } from '../helpers/documents.ts';

const root = join(import.meta.dirname, '..', '..');
const documents = ['README.md', ...globSync('docs/*.md', { cwd: root })];
const source = globSync('src/**/*.{ts,tsx}', { cwd: root })
  .filter(file => !file.endsWith('core/troubleshooting.ts'))
  .map(file => readDocument(file))
  .join('\n')
  // Two adjoining texts of the source are one for whoever reads the message.
  .replaceAll('’', "'");

describe('documents', () => {
  it('links lead to files and headings that are there', () => {
    let count = 0;
    for (const document of documents) {
      for (const [, target = ''] of readDocument(document).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(target)) continue;
        const [file = '', anchor] = target.split('#');
        const path = file === '' ? document : join(document, '..', file);
        assert.ok(existsSync(join(root, path)), `${document}: ${target}`);
        count += 1;
        if (anchor === undefined) continue;
        assert.ok(headingsOf(readDocument(path)).map(anchorOf).includes(anchor), `${document}: ${target}`);
      }
    }
    assert.ok(count > 20, String(count));
  });

  it('every document is linked from the README', () => {
    const readme = readDocument('README.md');
    for (const document of documents.slice(1)) assert.ok(readme.includes(`](${document}`), document);
  });

  it('commands and options that they name are there', () => {
    for (const document of documents) {
      const text = readDocument(document);
      for (const [, name = ''] of text.matchAll(/(?:`|^)(?:scripts\/)?homeiq ([a-z]+)\b/gm)) {
        const isCommand = (commandNames as readonly string[]).includes(name);
        // `homeiq alone needs a terminal` is a message.
        assert.ok(isCommand || name === 'alone', `${document}: homeiq ${name}`);
      }
      for (const [, line = ''] of text.matchAll(/((?:scripts\/)?homeiq [a-z-][^`\n]*)/g)) {
        for (const [, option = ''] of line.matchAll(/ --([a-z-]+)/g)) {
          const isKnown =
            Object.hasOwn(optionTable, option) || ['help', 'version', 'service', 'type'].includes(option);
          assert.ok(isKnown, `${document}: --${option} in ${line}`);
        }
      }
    }
  });

  it('the settings and the pictures are those of the templates and the stack', () => {
    assert.equal(readDocument(keysPath), makeKeys(root), 'npm run keys');
    for (const { mode, file } of architectureFiles) {
      assert.equal(readDocument(file), drawArchitecture(root, mode), `npm run keys: ${file}`);
    }
  });

  it('the commands that are tried are in the guide', () => {
    const guide = readDocument('docs/deployment-guide.md');
    for (const name of ['back-up', 'restore', 'uninstall'])
      assert.match(readTriedCommands(guide, name), /docker/);
  });
});

describe('troubleshooting', () => {
  const headings = headingsOf(readDocument('docs/troubleshooting.md')).flatMap(
    heading => /^`(.*)`$/.exec(heading)?.[1] ?? [],
  );

  it('has a heading for each message that leads there, and leads to each heading', () => {
    assert.deepEqual(headings.toSorted(), troubleshootingHeadings.toSorted());
  });

  it('quotes messages that the program says', () => {
    for (const heading of headings) {
      for (const part of heading
        .replaceAll('’', "'")
        .split('…')
        .map(each => each.trim())) {
        if (part.length < 4) continue;
        assert.ok(source.includes(part), `${heading}: nothing says "${part}"`);
      }
    }
  });

  it('is found by the message', () => {
    const cases: readonly (readonly [string, string | undefined])[] = [
      ['The Docker Engine is not running', 'The Docker Engine is not running'],
      ['Your account (ada) may not use Docker', 'Your account (…) may not use Docker'],
      ['/f holds a sandbox deployment.', '… holds a … deployment.'],
      ['Port 8086 of influxdb is used by x (pid 1).', 'Port … of … is used by …'],
      ['data-api is unhealthy, so what needs it was not started', '… is unhealthy'],
      ['Something that nobody knows', undefined],
    ];
    for (const [message, heading] of cases) assert.equal(findTroubleshooting(message), heading);
  });
});

describe('safeguards', () => {
  it('name tests that are there', () => {
    const text = readDocument('docs/safeguards.md');
    let count = 0;
    for (const [, file = '', name] of text.matchAll(/`(test\/[\w./-]+\.test\.tsx?)`(?:: “([^”]+)”)?/g)) {
      assert.ok(existsSync(join(root, file)), file);
      const content = readFileSync(join(root, file), 'utf8').replaceAll('’', "'");
      if (name !== undefined) assert.ok(content.includes(name.replaceAll('’', "'")), `${file}: ${name}`);
      count += 1;
    }
    assert.ok(count >= 25, String(count));
  });
});

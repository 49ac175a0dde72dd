/** No command of this project is a text that a shell takes apart: a value in it could become a command of its own. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const sources = globSync(['src/**/*.{ts,tsx}', 'sandbox/**/*.{ts,mjs}', 'scripts/**/*.{ts,tsx,mjs}']);
const shellScripts = [
  ...globSync(['scripts/**/*.sh', 'sandbox/**/*.sh', '.ci/**/*.sh']),
  'scripts/homeiq',
  'scripts/test',
  'src/deployment/homeiq-guard',
  '.ci/run',
];

/** What starts commands in `src`; everything else goes through them. */
const starters = [
  'src/adapters/docker/sandbox-base-files.ts',
  'src/adapters/process/run-in-foreground.ts',
  'src/adapters/process/run-process.ts',
  'src/adapters/process/worker-host.ts',
];

/** Without comments, which may speak of shells. Good enough for code that a formatter has written. */
const codeOf = (file: string): string =>
  readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');

const linesWith = (text: string, pattern: RegExp): readonly string[] =>
  text.split('\n').filter(line => pattern.test(line));

test('commands are started by spawn alone, with a file and its arguments', () => {
  assert.ok(sources.length > 300, `${sources.length} files`);
  for (const file of sources) {
    const code = codeOf(file);
    for (const line of linesWith(code, /['"](?:node:)?child_process['"]/)) {
      const names = /\{([^}]*)\}/.exec(line)?.[1]?.split(',') ?? ['everything'];
      for (const name of names.map(each => each.trim())) {
        assert.match(name, /^(?:type \w+|spawn|spawnSync)$/, `${file}: ${line}`);
      }
      if (file.startsWith('src/')) assert.ok(starters.includes(file), `${file} starts commands by itself`);
    }
    assert.deepEqual(linesWith(code, /\bshell\s*:\s*(?:true|['"`]\/)/), [], file);
    assert.deepEqual(linesWith(code, /\b(?:exec|execSync|execFile)\s*\(\s*[`'"]/), [], file);
  }
});

test('no shell is given a text to read, but in a container by its own health command', () => {
  for (const file of sources) {
    const shells = linesWith(
      codeOf(file),
      /['"`](?:\/bin\/|\/usr\/bin\/)?(?:ba|da|z|k)?sh['"`].*['"`]-\w*c['"`]/,
    );
    const expected = file === 'src/adapters/docker/health-command.ts' ? 1 : 0;
    assert.equal(shells.length, expected, `${file}: ${shells.join()}`);
  }
});

test('zx is a tool of the scripts, and the program has none of it', () => {
  for (const file of sources.filter(each => /['"]zx['"]/.test(codeOf(each)))) {
    assert.match(file, /^scripts\//);
    // `$` quotes what is put into its text; what puts text in unquoted is not used.
    assert.doesNotMatch(codeOf(file), /\bquote\s*=|\$\.quote|usePwsh|useBash|\bshell\b/, file);
  }
});

test('shell scripts make no code of values', () => {
  for (const file of shellScripts) {
    const evals = linesWith(readFileSync(file, 'utf8'), /^[^#]*\b(?:eval|(?:ba)?sh -c|source \$|\. "\$\d)/);
    for (const line of evals) {
      // The table of an edit distance: POSIX shells have no arrays. Its names are made of two counters.
      assert.equal(file, 'src/deployment/homeiq-guard', `${file}: ${line}`);
      const names = line.replaceAll(/d_|\bd\b/g, '').match(/[a-z]+/g) ?? [];
      for (const name of names) assert.ok(['eval', 'best', 'other', 'row', 'column'].includes(name), line);
    }
  }
});

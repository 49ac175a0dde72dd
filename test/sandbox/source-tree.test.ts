/** The sandbox's tree against what compose.yaml builds, read as text: without Compose nothing resolves it here. */

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { findService, serviceNames } from '../../sandbox/stand-in/services.ts';

const root = join(import.meta.dirname, '..', '..');
const sandbox = join(root, 'sandbox');

/** Every Dockerfile of a Compose file, as a path below the source tree. */
async function listBuilds(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8');
  const pairs = text.matchAll(/context: \$\{HOMEIQ_SOURCE[^}]*\}(\S*)\s+dockerfile: (\S+)/g);
  return [...pairs].map(([, folder = '', dockerfile = '']) => join('.', folder, dockerfile));
}

async function listDockerfiles(): Promise<readonly string[]> {
  const files = await readdir(sandbox, { recursive: true });
  return files.filter(name => /(^|[/.])Dockerfile$/.test(name)).sort();
}

describe("the sandbox's source tree", () => {
  it('has every Dockerfile that the Compose files build, and no other', async () => {
    const builds = [
      ...(await listBuilds(join(root, 'compose.yaml'))),
      ...(await listBuilds(join(sandbox, 'compose.sandbox.yaml'))),
    ];
    const contexts = (await readFile(join(root, 'compose.yaml'), 'utf8')).match(/context: /g) ?? [];
    assert.equal(new Set(builds).size, contexts.length + 3, 'a build was not recognised');
    assert.deepEqual([...new Set(builds)].sort(), await listDockerfiles());
  });

  it('builds each stand-in from the base alone, for a service that exists, on its port', async () => {
    const seen: string[] = [];
    for (const name of await listDockerfiles()) {
      const lines = (await readFile(join(sandbox, name), 'utf8')).trimEnd().split('\n');
      const service = findService(/^ENV SANDBOX_SERVICE=(\S+)$/.exec(lines[1] ?? '')?.[1] ?? '');
      assert.ok(service !== undefined, name);
      assert.deepEqual(
        lines.slice(0, -1),
        [
          'FROM homeiq-sandbox/base:latest',
          `ENV SANDBOX_SERVICE=${service.name}`,
          `EXPOSE ${service.port}`,
          'CMD ["node", "/app/stand-in.mjs"]',
        ],
        name,
      );
      assert.match(lines.at(-1) ?? '', /^# \.+$/, name);
      seen.push(service.name);
    }
    assert.deepEqual(seen.sort(), [...serviceNames].sort());
  });

  it('has no two Dockerfiles of the same size', async () => {
    // BuildKit takes two that also have the same time (a checkout writes them in one tick) for one file, when it builds
    // both at once: a stand-in then answers as another service. The last line of each makes up the difference.
    const sizes = await Promise.all(
      (await listDockerfiles()).map(async name => (await readFile(join(sandbox, name))).length),
    );
    assert.equal(new Set(sizes).size, sizes.length, sizes.join());
  });

  it('gives every stand-in its two switches', async () => {
    const text = await readFile(join(sandbox, 'compose.sandbox.yaml'), 'utf8');
    const services = [...text.matchAll(/^ {2}([a-z][a-z-]+):$/gm)].map(([, name = '']) => name);
    for (const name of [...serviceNames, 'websocket-ingestion-test']) {
      assert.ok(services.includes(name), `${name} is missing`);
      const key = name.toUpperCase().replaceAll('-', '_');
      assert.ok(text.includes(`SANDBOX_FAULT: \${SANDBOX_${key}_FAULT:-}`), name);
    }
  });

  it('asks for the health of each service on the port and path of its stand-in', async () => {
    const text = await Promise.all(
      [join(root, 'compose.yaml'), join(sandbox, 'compose.sandbox.yaml')].map(file => readFile(file, 'utf8')),
    ).then(texts => texts.join('\n'));
    for (const name of serviceNames.filter(name => findService(name)?.homeAssistant === undefined)) {
      const service = findService(name);
      const body = text.split(`\n  ${name}:\n`)[1]?.split(/\n {2}[a-z][a-z-]+:\n/)[0] ?? '';
      const address = `http://127.0.0.1:${service?.port}${service?.healthPath}`;
      assert.match(body, new RegExp(`${address}['"]`), name);
    }
  });
});

import assert from 'node:assert/strict';
import { access, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ensureSandboxBase } from '../../src/adapters/docker/sandbox-base.ts';
import { packFolder, parseLibraries } from '../../src/adapters/docker/sandbox-base-files.ts';
import { runProcess } from '../../src/adapters/process/run-process.ts';
import { ExternalError, UserError } from '../../src/core/error.ts';
import { provideStandInBundle, type StandInBundle, sandboxFolder } from './stand-in-bundle.ts';

let bundle: StandInBundle;
before(async () => {
  bundle = await provideStandInBundle();
});
after(() => bundle.remove());

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Remembers images by reference and the tar streams that were imported. */
function createImageStore() {
  const images = new Map<string, string>();
  const imports: { readonly reference: string; readonly tar: Buffer }[] = [];
  return {
    images: async (references: readonly string[]) =>
      new Map(
        references.flatMap(name => (images.has(name) ? [[name, images.get(name) ?? ''] as const] : [])),
      ),
    importImage: async (reference: string, tar: AsyncIterable<Uint8Array>) => {
      imports.push({ reference, tar: await collect(tar) });
      images.set(reference, `sha256:${imports.length}`);
    },
    tagImage: async (imageId: string, reference: string) => {
      images.set(reference, imageId);
    },
    store: images,
    imports,
  };
}

// bash stands in for Node here: small, and linked the same way.
const ensure = (engine: ReturnType<typeof createImageStore>, programPath = bundle.path) =>
  ensureSandboxBase(engine, { sandboxFolder, programPath, nodePath: '/bin/bash' });

const staged = async (): Promise<readonly string[]> =>
  (await readdir(tmpdir())).filter(name => name.startsWith('homeiq-sandbox-base-'));

describe("the sandbox's base image", () => {
  it('is imported once, by content, and named latest', async () => {
    const engine = createImageStore();
    const first = await ensure(engine);
    assert.match(first.reference, /^homeiq-sandbox\/base:[0-9a-f]{12}$/);
    assert.equal(first.wasMade, true);
    assert.equal(engine.store.get('homeiq-sandbox/base:latest'), first.imageId);
    const second = await ensure(engine);
    assert.deepEqual(second, { ...first, wasMade: false });
    assert.equal(engine.imports.length, 1);
  });

  it('is named latest again after another content was', async () => {
    const engine = createImageStore();
    const first = await ensure(engine);
    const other = await ensure(engine, join(sandboxFolder, 'bundle.mjs'));
    assert.notEqual(other.reference, first.reference);
    assert.equal(engine.store.get('homeiq-sandbox/base:latest'), other.imageId);
    assert.equal((await ensure(engine)).wasMade, false);
    assert.equal(engine.store.get('homeiq-sandbox/base:latest'), first.imageId);
  });

  it('holds what the stand-ins need, owned by root, and leaves no temporary folder', async () => {
    const before = await staged();
    const engine = createImageStore();
    await ensure(engine);
    assert.deepEqual(await staged(), before);
    const listed = await runProcess('tar', ['--list', '--verbose', '--numeric-owner', '--file=-'], {
      input: engine.imports[0]?.tar ?? '',
    });
    const lines = listed.stdout.trim().split('\n');
    const modeOf = (path: string) =>
      lines.find(line => line.split(/\s+/)[5] === `./${path}`)?.split(/\s+/)[0];
    for (const path of [
      'usr/local/bin/node',
      'bin/bash',
      'bin/sh',
      'usr/local/bin/curl',
      'usr/local/bin/python',
    ]) {
      assert.match(modeOf(path) ?? path, /^[-h]rwxr-xr-x$/);
    }
    assert.match(modeOf('app/stand-in.mjs') ?? '', /^-rw.r-.r--$/);
    assert.equal(modeOf('tmp/'), 'drwxrwxrwt');
    assert.ok(lines.some(line => /libc\.so\.6|ld-musl/.test(line)));
    assert.ok(lines.every(line => line.split(/\s+/)[1] === '0/0'));
    assert.ok(lines.every(line => !line.startsWith('l')));
  });

  it('says which part is missing', async () => {
    await assert.rejects(ensure(createImageStore(), '/nowhere/stand-in.mjs'), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.message, '/nowhere/stand-in.mjs is missing');
      assert.deepEqual(error.nextSteps, ['Build the program again: npm run build']);
      return true;
    });
  });

  it('reports an engine that takes the image and does not have it', async () => {
    const engine = { ...createImageStore(), images: async () => new Map<string, string>() };
    await assert.rejects(ensure(engine), ExternalError);
  });

  it('reports tar when it fails, and is removed when the engine stops reading', async () => {
    await assert.rejects(collect(packFolder('/nowhere')), (error: unknown) => {
      assert.ok(error instanceof ExternalError);
      assert.match(error.tail ?? '', /nowhere/);
      return true;
    });
    const before = await staged();
    const engine = {
      ...createImageStore(),
      importImage: async () => {
        throw new ExternalError('no space left on device');
      },
    };
    await assert.rejects(ensure(engine), /no space left/);
    assert.deepEqual(await staged(), before);
  });
});

describe('the libraries of a program', () => {
  it('are read from what ldd says', async () => {
    const output = [
      '\tlinux-vdso.so.1 (0x00007ffd0a5f2000)',
      '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f534ba5000)',
      '\tlibgone.so.1 => not found',
      '\t/lib64/ld-linux-x86-64.so.2 (0x00007f534bbd000)',
    ].join('\n');
    assert.deepEqual(parseLibraries(output), {
      paths: ['/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2'],
      missing: ['libgone.so.1'],
    });
    assert.deepEqual(parseLibraries('\tnot a dynamic executable\n'), { paths: [], missing: [] });
  });

  it('exist on this machine', async () => {
    const { stdout } = await runProcess('ldd', [process.execPath]);
    const { paths } = parseLibraries(stdout);
    assert.ok(paths.length > 0);
    await Promise.all(paths.map(path => access(path)));
  });
});

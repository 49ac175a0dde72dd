import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imagesStep } from '../../../src/app/worker/images-step.ts';
import type { StepContext } from '../../../src/app/worker/step.ts';
import { ExternalError, UserError } from '../../../src/core/error.ts';
import { waitingLayers } from '../../../src/core/images/transfer.ts';
import type { RunEventBody } from '../../../src/core/run/journal-event.ts';
import type { ComposeTarget } from '../../../src/ports/compose.ts';

type Fake = {
  readonly names: readonly string[];
  readonly source?: 'none' | 'folder';
  readonly pull?: (reference: string) => Promise<void>;
  readonly build?: (target: ComposeTarget, say: (text: string) => void) => void;
};

const wanted: ComposeTarget = {
  folder: '/f',
  project: 'p',
  files: ['/c.yaml'],
  environment: { A: 'wanted' },
};

/** A step on services that all start; an image is here once it was pulled or built. */
function fakeContext({ names, source = 'none', pull = async () => {}, build = () => {} }: Fake) {
  const events: RunEventBody[] = [];
  const here = new Set<string>();
  const pulled: string[] = [];
  const services = names.map(name => ({
    name,
    image: `r.example/${name.replace(/-copy$/, '')}:1`,
    hasBuild: true,
    profiles: [],
  }));
  const context = {
    plan: { services: services.map(({ name }) => ({ name, start: true })), source: { kind: source } },
    request: { mode: 'test' },
    stack: async () => ({ services }),
    wantedTarget: async () => wanted,
    signal: new AbortController().signal,
    emit: async (event: RunEventBody) => void events.push(event),
    detail: () => {},
    ports: {
      clock: { now: () => new Date() },
      engine: {
        images: async (references: readonly string[]) =>
          new Map(references.filter(one => here.has(one)).map(one => [one, 'sha256:0'])),
      },
      images: {
        layerSizes: async () => new Map([['base', 10]]),
        references: async () => [],
        disk: async () => ({ folder: '/data', mountPoint: '/data', freeBytes: 1000 }),
        pull: async (reference: string, sizes: ReadonlyMap<string, number>, options: PullTold) => {
          pulled.push(reference);
          options.onProgress({ layers: waitingLayers(sizes), note: undefined });
          await pull(reference);
          here.add(reference);
        },
      },
      sources: { prepareBase: async () => {} },
      compose: {
        build: async (target: ComposeTarget, [name]: readonly string[], options: BuildTold) => {
          build(target, text => options.onProgress({ text }));
          here.add(`r.example/${name}:1`);
        },
      },
    },
  } as unknown as StepContext;
  return { context, events, pulled };
}
type PullTold = { readonly onProgress: (progress: unknown) => void };
type BuildTold = { readonly onProgress: (progress: { readonly text: string }) => void };

const failed = (code: string) =>
  new ExternalError(`because of ${code}`, { code, nextSteps: [`mend ${code}`] });

test('images that services share are pulled once', async () => {
  const { context, pulled } = fakeContext({ names: ['a', 'a-copy', 'b'] });
  assert.equal(await imagesStep.act(context), '0 here, 0 built, 3 pulled');
  await imagesStep.verify(context);
  assert.deepEqual(pulled.toSorted(), ['r.example/a:1', 'r.example/b:1']);
});

test('what meets one image only lets the others come; what meets all of them ends the pulling', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const run = async (code: string) => {
    const pull = async (reference: string) => {
      if (reference.includes('/a:')) throw failed(code);
      await new Promise(resolve => setImmediate(resolve));
    };
    const { context, pulled, events } = fakeContext({ names, pull });
    const thrown = await Promise.resolve(imagesStep.act(context)).catch((error: unknown) => error);
    assert.ok(thrown instanceof UserError);
    assert.match(thrown.message, /^because of /);
    assert.deepEqual(thrown.nextSteps, [`mend ${code}`]);
    assert.ok(events.some(event => event.kind === 'image' && event.phase === 'failed'));
    return pulled.length;
  };
  assert.equal(await run('image-not-found'), 6);
  assert.equal(await run('registry-rate-limit'), 3);
});

test('a build is of the wanted values, and tells its steps and nothing of what they print', async () => {
  const targets: ComposeTarget[] = [];
  const { context, events } = fakeContext({
    names: ['a'],
    source: 'folder',
    build: (target, say) => {
      targets.push(target);
      for (const text of ['Step 1/2 : FROM x', ' ---> 0a1b', 'Collecting y', 'Step 2/2 : RUN y', 'done'])
        say(text);
    },
  });
  assert.equal(await imagesStep.act(context), '0 here, 1 built, 0 pulled');
  assert.deepEqual(targets, [wanted]);
  assert.deepEqual(
    events.map(event => (event.kind === 'image' ? [event.phase, event.detail] : event.kind)),
    [
      ['building', undefined],
      ['building', 'step 1 of 2: FROM x'],
      ['building', 'step 2 of 2: RUN y'],
      ['ready', undefined],
    ],
  );
});

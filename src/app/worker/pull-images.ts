/** Pulls images, a few at a time, and tells their bytes as seldom as an eye needs. */

import { ExternalError, reportError, UserError } from '../../core/error.ts';
import { fitDisk } from '../../core/images/disk-fit.ts';
import {
  completeLayers,
  type Layers,
  type Transfer,
  transferOf,
  transferOfAll,
  waitingLayers,
} from '../../core/images/transfer.ts';
import type { ImageDisk } from '../../ports/images.ts';
import type { StepContext } from './step.ts';

/** More at once is not faster on a home line, and the engine takes three layers at a time. */
const pullsAtOnce = 3;
const sizesAtOnce = 6;
const tellEveryMs = 500;
/** An image is told in at most about a hundred steps, or one for each of these bytes while its size is not known. */
const tellEveryShare = 0.01;
const tellEveryBytes = 5_000_000;

export type WantedImage = { readonly service: string; readonly image: string };
export type PullFailure = WantedImage & { readonly thrown: unknown };

type Sizes = ReadonlyMap<string, number> | undefined;

/** What meets one image of a registry meets all of them. */
const isSharedFailure = (thrown: unknown): boolean =>
  thrown instanceof ExternalError &&
  ['disk-full', 'registry-rate-limit', 'registry-unreachable', 'engine-down'].includes(thrown.code ?? '');

/** Works on all items, `atOnce` at a time, until `work` says that there is no use. */
async function inTurns<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<'go-on' | 'enough'>,
): Promise<void> {
  const queue = items.values();
  let isEnough = false;
  const takeTurns = async (): Promise<void> => {
    for (const item of queue) {
      if (isEnough) return;
      if ((await work(item)) === 'enough') isEnough = true;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, takeTurns));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
const describeDisk = ({ folder, mountPoint }: ImageDisk): string =>
  folder === mountPoint ? folder : `${folder} (on ${mountPoint})`;

/** Refuses what cannot fit before anything is fetched; throws a UserError. */
async function requireDisk(context: StepContext, sizes: ReadonlyMap<string, Sizes>): Promise<void> {
  const { images } = context.ports;
  const [disk, here] = await Promise.all([images.disk(context.signal), images.references(context.signal)]);
  const wanted = [...sizes].map(([reference, layerSizes]) => ({ reference, layerSizes }));
  const fit = fitDisk(wanted, here, disk?.freeBytes);
  if (disk === undefined || fit.kind === 'fits') return;
  if (fit.kind === 'tight') {
    context.detail(
      `The images may take about ${gb(fit.expectedBytes)}, and ${describeDisk(disk)} has ${gb(disk.freeBytes)} free`,
    );
    return;
  }
  throw new UserError(
    `The images do not fit: they are at least ${gb(fit.neededBytes)}, and ${describeDisk(disk)} has ${gb(disk.freeBytes)} free.`,
    {
      hint: `${gb(fit.neededBytes - disk.freeBytes)} are missing, and about ${gb(fit.expectedBytes - disk.freeBytes)} when they are unpacked. Nothing was fetched.`,
      nextSteps: ['See what Docker holds: docker system df', 'Free space on that disk, then try again.'],
    },
  );
}

/** A full disk is named, so that the operator knows which one to clear. */
async function nameDisk(context: StepContext, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof ExternalError) || thrown.code !== 'disk-full') return thrown;
  const disk = await context.ports.images.disk(context.signal).catch(() => undefined);
  if (disk === undefined) return thrown;
  const { command, status, tail, code, nextSteps } = thrown;
  return new ExternalError(
    `The disk of Docker's data is full: ${describeDisk(disk)} has ${gb(disk.freeBytes)} free now`,
    {
      hint: 'What did not come whole was removed again; images that are complete stay.',
      nextSteps,
      ...(command === undefined ? {} : { command }),
      ...(status === undefined ? {} : { status }),
      ...(tail === undefined ? {} : { tail }),
      ...(code === undefined ? {} : { code }),
    },
  );
}

/**
 * Pulls every image; resolves to those that did not come. Goes on with the others unless the failure would meet them
 * too. What came stays, so the next run fetches only the rest.
 */
export async function pullImages(
  context: StepContext,
  wanted: readonly WantedImage[],
): Promise<readonly PullFailure[]> {
  const { ports, signal } = context;
  const sizes = new Map<string, Sizes>();
  context.detail('Asking how large the images are');
  await inTurns(wanted, sizesAtOnce, async ({ image }) => {
    sizes.set(image, await ports.images.layerSizes(image, signal));
    return 'go-on';
  });
  await requireDisk(context, sizes);
  const layersOf = new Map<string, Layers>(
    wanted.map(({ image }) => [image, waitingLayers(sizes.get(image) ?? new Map())]),
  );
  const failures: PullFailure[] = [];
  await inTurns(wanted, pullsAtOnce, async one => {
    const thrown = await pullOne(context, one, sizes.get(one.image), layersOf);
    if (thrown === undefined) return 'go-on';
    failures.push({ ...one, thrown });
    return isSharedFailure(thrown) ? 'enough' : 'go-on';
  });
  return failures;
}

/** Returns the error when the image did not come. */
async function pullOne(
  context: StepContext,
  { service, image }: WantedImage,
  sizes: Sizes,
  layersOf: Map<string, Layers>,
): Promise<unknown> {
  const { ports, signal } = context;
  const event = { kind: 'image', service, image } as const;
  const transfers = (): { readonly transfer?: Transfer; readonly allTransfer?: Transfer } => {
    const transfer = transferOf(layersOf.get(image) ?? new Map());
    // Nothing is known yet and nothing has come.
    if (transfer.totalBytes === undefined && transfer.currentBytes === 0) return {};
    return { transfer, allTransfer: transferOfAll(layersOf.values()) };
  };
  let toldAtMs = ports.clock.now().getTime();
  let told = { bytes: 0, note: undefined as string | undefined };
  try {
    await context.emit({ ...event, phase: 'pulling', ...transfers() });
    await ports.images.pull(image, sizes, {
      signal,
      onProgress: ({ layers, note }) => {
        layersOf.set(image, layers);
        const { currentBytes, totalBytes } = transferOf(layers);
        const nowMs = ports.clock.now().getTime();
        const stepBytes = totalBytes === undefined ? tellEveryBytes : totalBytes * tellEveryShare;
        const isNews = currentBytes - told.bytes >= stepBytes || note !== told.note;
        // The clock may be set back meanwhile.
        if (!isNews || Math.abs(nowMs - toldAtMs) < tellEveryMs) return;
        toldAtMs = nowMs;
        told = { bytes: currentBytes, note };
        void context.emit({
          ...event,
          phase: 'pulling',
          ...(note === undefined ? {} : { detail: note }),
          ...transfers(),
        });
      },
    });
    layersOf.set(image, completeLayers(layersOf.get(image) ?? new Map()));
    await context.emit({ ...event, phase: 'ready', ...transfers() });
    return undefined;
  } catch (thrown) {
    signal.throwIfAborted();
    const named = await nameDisk(context, thrown);
    await context.emit({ ...event, phase: 'failed', detail: reportError(named).message });
    return named;
  }
}

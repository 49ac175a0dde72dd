/** How far images are on their way from a registry, in bytes as they travel (compressed). */

/** Bytes that are here, of how many. */
export type Transfer = {
  readonly currentBytes: number;
  /** Undefined while the registry has not yet said how much it is. */
  readonly totalBytes?: number;
};

export type LayerState = 'waiting' | 'downloading' | 'unpacking' | 'here';

export type Layer = {
  readonly state: LayerState;
  readonly currentBytes: number;
  readonly totalBytes: number | undefined;
};

/** By the first twelve digits of the layer's digest: images that share a layer give it the same name. */
export type Layers = ReadonlyMap<string, Layer>;

/** One line of the engine's answer to `POST /images/create` (Engine API, "Create an image"). */
export type PullLine = {
  readonly id?: string;
  readonly status?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
};

const states: Readonly<Record<string, LayerState>> = {
  'Pulling fs layer': 'waiting',
  Waiting: 'waiting',
  Downloading: 'downloading',
  'Verifying Checksum': 'downloading',
  'Download complete': 'unpacking',
  Extracting: 'unpacking',
  'Pull complete': 'here',
  'Already exists': 'here',
};

/** The layers of an image whose manifest is known, before anything of it has come. */
export const waitingLayers = (sizes: ReadonlyMap<string, number>): Layers =>
  new Map(
    [...sizes].map(([id, totalBytes]) => [id, { state: 'waiting', currentBytes: 0, totalBytes } as const]),
  );

/** Folds one line in; a line that is not about a layer changes nothing. A layer's bytes never go back. */
export function reducePull(layers: Layers, line: PullLine): Layers {
  const { id, status = '' } = line;
  const isRetry = status.startsWith('Retrying in');
  const state = isRetry ? 'waiting' : states[status];
  if (id === undefined || state === undefined) return layers;
  const before = layers.get(id);
  const isDownloading = status === 'Downloading';
  const told = isDownloading ? line.progressDetail?.total : undefined;
  const totalBytes = before?.totalBytes ?? (told === undefined || told <= 0 ? undefined : told);
  // While it unpacks, the engine counts from 0 again: what matters is that all of it has come.
  const isComplete = state === 'unpacking' || state === 'here';
  const seen = isComplete ? (totalBytes ?? 0) : isDownloading ? (line.progressDetail?.current ?? 0) : 0;
  const currentBytes = Math.min(
    Math.max(before?.currentBytes ?? 0, seen),
    totalBytes ?? Number.POSITIVE_INFINITY,
  );
  return new Map(layers).set(id, { state, currentBytes, totalBytes });
}

/** All of it is here. */
export const completeLayers = (layers: Layers): Layers =>
  new Map(
    [...layers].map(([id, layer]) => [
      id,
      { ...layer, state: 'here', currentBytes: layer.totalBytes ?? layer.currentBytes } as const,
    ]),
  );

/** A layer that came without its size ever being told was here already, or too small to be told. */
const isCounted = ({ state, totalBytes }: Layer): boolean =>
  totalBytes !== undefined || state === 'unpacking' || state === 'here';

/** The bytes of one image. */
export function transferOf(layers: Layers): Transfer {
  const all = [...layers.values()];
  const currentBytes = all.reduce((sum, layer) => sum + layer.currentBytes, 0);
  if (all.length === 0 || !all.every(isCounted)) return { currentBytes };
  return { currentBytes, totalBytes: all.reduce((sum, layer) => sum + (layer.totalBytes ?? 0), 0) };
}

/** The bytes of several images; a layer that they share counts once. No total while one of them is not known. */
export function transferOfAll(images: Iterable<Layers>): Transfer {
  const union = new Map<string, Layer>();
  let isKnown = true;
  for (const layers of images) {
    if (layers.size === 0) isKnown = false;
    for (const [id, layer] of layers) {
      const other = union.get(id);
      if (other === undefined || other.currentBytes < layer.currentBytes || !isCounted(other)) {
        union.set(id, layer);
      }
    }
  }
  const transfer = transferOf(union);
  return isKnown ? transfer : { currentBytes: transfer.currentBytes };
}

/** What a pull does besides downloading: undefined while bytes come. */
export function describePull(layers: Layers, line: PullLine): string | undefined {
  // The engine counts the seconds down; each would be an event.
  if (line.status?.startsWith('Retrying in') === true) return 'the registry broke off, it is asked again';
  const all = [...layers.values()];
  const isUnpacking = all.length > 0 && all.every(({ state }) => state === 'unpacking' || state === 'here');
  return isUnpacking ? 'unpacking' : undefined;
}

/** Images from a registry: how large they are, whether they fit, and the pull with its bytes. */

import type { Layers } from '../core/images/transfer.ts';

export type PullOptions = {
  readonly signal?: AbortSignal;
  /** `note` is what it does besides downloading: unpacking, or waiting to try again. */
  readonly onProgress?: (progress: { readonly layers: Layers; readonly note: string | undefined }) => void;
};

/** Where the engine keeps images. */
export type ImageDisk = {
  readonly folder: string;
  readonly mountPoint: string;
  readonly freeBytes: number;
};

export type Images = {
  /**
   * Layers as they travel (compressed), by the first twelve digits of their digest. Undefined when the registry does
   * not say or cannot be asked: the pull itself then tells why.
   */
  readonly layerSizes: (
    reference: string,
    signal?: AbortSignal,
  ) => Promise<ReadonlyMap<string, number> | undefined>;
  /** References of everything that is here. */
  readonly references: (signal?: AbortSignal) => Promise<readonly string[]>;
  /** Undefined when the engine's disk cannot be seen from here: a remote engine, a virtual machine. */
  readonly disk: (signal?: AbortSignal) => Promise<ImageDisk | undefined>;
  /**
   * Pulls one image; nothing is tagged unless all of it came. `known` are the sizes from `layerSizes`. Throws an
   * ExternalError whose `code` is an ImageFailureCode, or the signal's reason.
   */
  readonly pull: (
    reference: string,
    known: ReadonlyMap<string, number> | undefined,
    options?: PullOptions,
  ) => Promise<void>;
};

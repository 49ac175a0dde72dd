/** Docker Compose, as a child process. Never given a shell string; runs without the operator's own variables. */

import type { ComposeAnswer } from '../core/run/run-request.ts';

export type ComposeTarget = {
  /** The deployment folder: `--project-directory`. */
  readonly folder: string;
  readonly project: string;
  /** Absolute paths, in order. */
  readonly files: readonly string[];
  /**
   * Values for interpolation. Undefined: Compose reads `.env` in the folder. Given (before the files are written):
   * they are handed over in the child's environment and the folder's `.env` is not read.
   */
  readonly environment: Readonly<Record<string, string>> | undefined;
};

export type ComposeProgress = {
  /** Without escape sequences; one line of what Compose said. */
  readonly text: string;
  readonly service: string | undefined;
  readonly phase:
    | 'creating'
    | 'created'
    | 'starting'
    | 'started'
    | 'waiting'
    | 'healthy'
    | 'stopping'
    | 'stopped'
    | 'removed'
    | 'pulling'
    | 'pulled'
    | 'building'
    | 'built'
    | 'error'
    | undefined;
};

export type ComposeOptions = {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ComposeProgress) => void;
};

export type Compose = {
  /** For example `2.26.1`. Throws an ExternalError when it is missing or older than 2.20. */
  readonly version: (signal?: AbortSignal) => Promise<string>;
  /** The parsed output of `config --format json` with every profile, `$$` undone. */
  readonly resolve: (target: ComposeTarget, signal?: AbortSignal) => Promise<unknown>;
  /** Config hash by service, right for this version of Compose. */
  readonly hashes: (target: ComposeTarget, signal?: AbortSignal) => Promise<ReadonlyMap<string, string>>;
  /** What is known of `resolve` and `hashes` and still fresh: for the worker, which asks the same at once. */
  readonly answers: () => Promise<readonly ComposeAnswer[]>;
  readonly build: (
    target: ComposeTarget,
    services: readonly string[],
    options?: ComposeOptions,
  ) => Promise<void>;
  /**
   * Makes the containers of the profile that are missing, and anew those whose configuration or image changed. Starts
   * none: each one is as `up` would make it, labels included, so that a later `up` only has to start it.
   */
  readonly create: (target: ComposeTarget, options?: ComposeOptions) => Promise<void>;
  /** `up -d` of the profile, or of the named services without their dependencies. Does not wait for health. */
  readonly up: (
    target: ComposeTarget,
    services: readonly string[] | 'profile',
    options?: ComposeOptions,
  ) => Promise<void>;
  /**
   * Makes the containers of the named services anew, changed or not, and starts them, without their dependencies. Their
   * volumes stay. Does not wait for health.
   */
  readonly recreate: (
    target: ComposeTarget,
    services: readonly string[],
    options?: ComposeOptions,
  ) => Promise<void>;
  /** Stops the named services; their containers and volumes stay. */
  readonly stop: (
    target: ComposeTarget,
    services: readonly string[],
    options?: ComposeOptions,
  ) => Promise<void>;
  /**
   * Runs a command in a container of its own of the service, without what the service depends on, and removes that
   * container. Resolves to what the command printed, which may be a secret: it is in no error and in no log.
   */
  readonly runOnce: (
    target: ComposeTarget,
    service: string,
    command: readonly string[],
    signal?: AbortSignal,
  ) => Promise<string>;
  readonly remove: (
    target: ComposeTarget,
    services: readonly string[],
    options?: ComposeOptions,
  ) => Promise<void>;
};

/** What the program brings with it: the bundled stack, the templates, and trees of source. */

import type { HealthAnswer } from '../core/health/health-answer.ts';
import type { Mode } from '../core/mode/mode.ts';
import type { Level } from '../core/plan/plan.ts';
import type { Container } from './engine.ts';

export type Program = {
  readonly version: string;
  /** The text of `env-templates/<mode>.env`. */
  readonly template: (mode: Mode) => Promise<string>;
  /** The Compose files that belong to the program and are written into a deployment folder, by name; `compose.yaml` first. */
  readonly stackFiles: (level: Level) => Promise<Readonly<Record<string, string>>>;
  /** Files that services mount from the deployment folder, by name: homeiq-guard. */
  readonly mountedFiles: () => Promise<Readonly<Record<string, string>>>;
  /** The Compose files as paths of the program's own copies, with the folder's `compose.override.yaml` when there is one. */
  readonly stackFilePaths: (level: Level, folder: string) => Promise<readonly string[]>;
  /** Values that stand in for what only a person could give, as env text; empty at the bundled level. */
  readonly standInValues: (level: Level, mode: Mode) => Promise<string>;
  /** The source tree whose Dockerfiles build the images of this level, when the program brings one. */
  readonly bundledSource: (level: Level) => string | undefined;
  /** The resolved model of the bundled stack, for where there is no Compose. */
  readonly stackSnapshot: () => Promise<unknown>;
};

export type SourceTrees = {
  /** Names the state of a source tree, fit for an image tag. Throws a UserError when it is no HomeIQ source tree. */
  readonly revision: (folder: string) => Promise<string>;
  readonly clone: (
    request: { readonly url: string; readonly revision: string; readonly folder: string },
    options: { readonly onLine: (line: string) => void; readonly signal: AbortSignal },
  ) => Promise<void>;
  /** Brings what the Dockerfiles of a bundled source stand on; nothing for a tree of the operator's own. */
  readonly prepareBase: (level: Level, signal: AbortSignal) => Promise<void>;
};

export type ServiceHealth = {
  /** Asks the service on its published port; undefined when it has none or does not answer. */
  readonly ask: (
    container: Container,
    path: string,
    signal: AbortSignal,
  ) => Promise<HealthAnswer | undefined>;
  /** Asks in the container, which costs a process there: for what publishes no port. Undefined when that cannot be. */
  readonly askInside: (
    container: Pick<Container, 'id'>,
    signal: AbortSignal,
  ) => Promise<HealthAnswer | undefined>;
};

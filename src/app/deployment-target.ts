import type { ComposeTarget } from '../ports/compose.ts';

/** The Compose target of a deployment whose files are written: Compose reads `.env` and its `COMPOSE_FILE` itself. */
export const deploymentTarget = (folder: string, project: string): ComposeTarget => ({
  folder,
  project,
  files: [],
  environment: undefined,
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bundle.mjs';

/** Node's flags as the launcher gives them. */
export function launcherFlags(): readonly string[] {
  const text = readFileSync(path.join(root, 'scripts', 'homeiq'), 'utf8');
  return /^exec "\$node" (.*) "\$root/m.exec(text)?.[1]?.split(' ') ?? [];
}

import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DeploymentPaths } from './deployment-paths.ts';
import { explainingFileErrors } from './file-errors.ts';
import { giveToOwnerOf, makePrivateFolder } from './write-file.ts';

/** Makes the deployment folder, `.homeiq` and, when given, one of the folders in it; what is there stays as it is. */
export async function makeFolders(paths: DeploymentPaths, inner?: string): Promise<void> {
  await explainingFileErrors(paths.folder, async () => {
    const first = await mkdir(paths.folder, { recursive: true });
    if (first !== undefined) await giveToOwnerOf(dirname(first), first);
  });
  await makePrivateFolder(paths.state);
  if (inner !== undefined) await makePrivateFolder(inner);
}

/** Who has a port: a container by its name where there is one, else the process that the machine tells of. */

type HeldPort = { readonly port: number; readonly holder: string | undefined };
type Publisher = {
  readonly name: string;
  readonly project: string | undefined;
  readonly publishedPorts: readonly { readonly hostPort: number }[];
};

/**
 * Names the holder of each port in use. A container comes first: the process that listens for it is only the engine's
 * own `docker-proxy`. Ports held by containers of `ownProject` are left out: they are where they should be.
 */
export function describePortHolders(
  portsInUse: readonly HeldPort[],
  containers: readonly Publisher[],
  ownProject: string | undefined,
): readonly { readonly port: number; readonly holder: string }[] {
  return portsInUse.flatMap(({ port, holder }) => {
    const publishers = containers.filter(({ publishedPorts }) =>
      publishedPorts.some(({ hostPort }) => hostPort === port),
    );
    const foreign = publishers.find(({ project }) => project === undefined || project !== ownProject);
    if (foreign !== undefined) return [{ port, holder: `the container ${foreign.name}` }];
    if (publishers.length > 0) return [];
    return [{ port, holder: holder ?? 'another program' }];
  });
}

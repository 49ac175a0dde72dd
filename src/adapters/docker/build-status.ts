/** What BuildKit says in its `rawjson` form, as Compose hands it on where machine-readable progress is asked for. */

/** `SolveStatus` of github.com/moby/buildkit, client/graph.go. */
export type BuildStatus = {
  readonly vertexes?: readonly {
    readonly name?: string;
    readonly started?: string;
    readonly completed?: string;
  }[];
  readonly logs?: readonly { readonly data?: string }[];
  readonly statuses?: readonly unknown[];
};

export const isBuildStatus = (value: object): value is BuildStatus =>
  ['vertexes', 'logs', 'statuses'].some(key => key in value);

/** The step that begins, else the last line that its command printed; undefined when neither is in it. */
export function describeBuildStatus({ vertexes = [], logs = [] }: BuildStatus): string | undefined {
  const begun = vertexes.findLast(
    ({ started, completed }) => started !== undefined && completed === undefined,
  );
  if (begun?.name !== undefined) return begun.name;
  const printed = Buffer.from(logs.at(-1)?.data ?? '', 'base64')
    .toString('utf8')
    .trimEnd();
  return printed === '' ? undefined : printed.split('\n').at(-1);
}

/** What BuildKit says in its `rawjson` form, as Compose hands it on where machine-readable progress is asked for. */

import { fields, list, optional, text } from './answer-shape.ts';

/** `SolveStatus` of github.com/moby/buildkit, client/graph.go. */
const readBuildStatus = fields({
  vertexes: optional(
    list(fields({ name: optional(text), started: optional(text), completed: optional(text) })),
  ),
  logs: optional(list(fields({ data: optional(text) }))),
});

export const isBuildStatus = (value: object): boolean =>
  ['vertexes', 'logs', 'statuses'].some(key => key in value);

/** The step that begins, else the last line that its command printed; undefined when neither is in it. */
export function describeBuildStatus(value: object): string | undefined {
  const { vertexes = [], logs = [] } = readBuildStatus(value, 'the build');
  const begun = vertexes.findLast(
    ({ started, completed }) => started !== undefined && completed === undefined,
  );
  if (begun?.name !== undefined) return begun.name;
  const printed = Buffer.from(logs.at(-1)?.data ?? '', 'base64')
    .toString('utf8')
    .trimEnd();
  return printed === '' ? undefined : printed.split('\n').at(-1);
}

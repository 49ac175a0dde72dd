/** What the deletion of a volume takes away. */

export type VolumeLoss = {
  /** As Docker knows it. */
  readonly name: string;
  /** Undefined where the engine does not tell. */
  readonly sizeMiB: number | undefined;
  readonly usedBy: readonly string[];
  /** Points by mode, of what InfluxDB in this volume could count. */
  readonly points: Readonly<Record<string, number>>;
};

/** How much arrives in buckets, from counters that only grow: rates and the time of the last growth. Pure. */

export type ShardCount = {
  readonly bucketId: string;
  readonly shardId: string;
  /** Written since the server started. */
  readonly points: number;
  readonly bytes: number;
};

type Look = {
  readonly atMs: number;
  /** Points by bucket id since the first look. */
  readonly totals: ReadonlyMap<string, number>;
};

export type PointCounts = {
  /** By shard id: what the next look is compared with. */
  readonly shards: ReadonlyMap<string, number>;
  /** The newest last; they reach a little further back than `windowMs`. */
  readonly looks: readonly Look[];
  /** When a bucket was last seen to have grown, by its id. */
  readonly grownAtMs: ReadonlyMap<string, number>;
};

/** Rates are told over this long: one figure for a minute is steadier than six for ten seconds. */
const windowMs = 60_000;

/** A shard that counts less than before is counted by a server that was started again meanwhile. */
const growth = (before: number | undefined, now: number): number =>
  before === undefined || now < before ? now : now - before;

/** The first look has nothing to compare with: nothing has grown. */
export function addCounts(
  before: PointCounts | undefined,
  counters: readonly ShardCount[],
  atMs: number,
): PointCounts {
  const totals = new Map(before?.looks.at(-1)?.totals);
  const grownAtMs = new Map(before?.grownAtMs);
  for (const { bucketId, shardId, points } of counters) {
    const grown = before === undefined ? 0 : growth(before.shards.get(shardId), points);
    totals.set(bucketId, (totals.get(bucketId) ?? 0) + grown);
    if (grown > 0) grownAtMs.set(bucketId, atMs);
  }
  const looks = [...(before?.looks ?? []), { atMs, totals }];
  const oldest = looks.findLastIndex(look => look.atMs <= atMs - windowMs);
  return {
    shards: new Map(counters.map(({ shardId, points }) => [shardId, points])),
    looks: looks.slice(Math.max(0, oldest)),
    grownAtMs,
  };
}

/** Into these buckets together; undefined until there are two looks. */
export function pointsPerMinute({ looks }: PointCounts, bucketIds: readonly string[]): number | undefined {
  const [first] = looks;
  const last = looks.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
  const sum = (look: Look): number => bucketIds.reduce((total, id) => total + (look.totals.get(id) ?? 0), 0);
  return ((sum(last) - sum(first)) * 60_000) / (last.atMs - first.atMs);
}

/** On disk, by bucket id. */
export function bytesByBucket(counters: readonly ShardCount[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { bucketId, bytes } of counters) sizes.set(bucketId, (sizes.get(bucketId) ?? 0) + bytes);
  return sizes;
}

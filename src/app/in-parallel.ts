/** Many small questions at once, and none left behind when one fails. */

/** As many connections as a small server takes without queueing. */
const atOnce = 8;

/**
 * Runs `work` on every item, a few at a time; resolves to the results in the order of the items. The first failure
 * aborts the rest and is thrown once all have ended.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
): Promise<readonly Result[]> {
  const ending = new AbortController();
  const both = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]);
  const results: Result[] = [];
  const failures: unknown[] = [];
  const queue = items.entries();
  const takeTurns = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (both.aborted) return;
      try {
        results[index] = await work(item, both);
      } catch (thrown) {
        failures.push(thrown);
        ending.abort(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, takeTurns));
  signal?.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return results;
}

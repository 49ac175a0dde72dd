/**
 * Resolves with the first value of `predicate` that is neither false, null nor undefined; asks again every few
 * milliseconds. Rejects after `timeoutMs` with what `describe` says, so that a failure shows what was there instead.
 */
export async function until<T>(
  predicate: () => T | Promise<T>,
  {
    timeoutMs = 5000,
    describe = () => predicate.toString(),
  }: { readonly timeoutMs?: number; readonly describe?: () => string } = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await predicate();
    if (value !== false && value !== null && value !== undefined) {
      return value as Exclude<T, false | null | undefined>;
    }
    if (performance.now() > deadline) {
      throw new Error(`Waited ${timeoutMs} ms in vain for: ${describe()}`);
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

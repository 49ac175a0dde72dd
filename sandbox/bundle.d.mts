/** Writes the bundled stand-in to `outfile`. Rejects when it does not compile. */
export function bundleStandIn(outfile: string): Promise<void>;

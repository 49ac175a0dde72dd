/** `npm run bench -- NAME [OPTIONS]`: one measurement by name. */

const benchmarks: Readonly<
  Record<string, () => Promise<{ run: (args: readonly string[]) => Promise<number> }>>
> = {
  startup: async () => {
    const { benchStartup } = await import('./bench/startup.ts');
    return { run: benchStartup };
  },
  buckets: async () => {
    const { benchBuckets } = await import('./bench/buckets.ts');
    return { run: benchBuckets };
  },
  switch: async () => {
    const { benchSwitch } = await import('./bench/switch.ts');
    return { run: benchSwitch };
  },
  status: async () => {
    const { benchStatus } = await import('./bench/status.ts');
    return { run: benchStatus };
  },
};

const name = process.argv[2] ?? '';
const load = benchmarks[name];
if (load === undefined) {
  process.stderr.write(
    `Usage: npm run bench -- NAME [OPTIONS]\nNames: ${Object.keys(benchmarks).join(', ')}\n`,
  );
  process.exitCode = 2;
} else {
  process.exitCode = await (await load()).run(process.argv.slice(3));
}

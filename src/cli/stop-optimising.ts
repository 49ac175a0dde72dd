import process from 'node:process';

/** What the first figures use; more would only take time. */
const usedSoon = 'node:http';

/**
 * What makes hot code faster takes 10 MB, and saves nothing in a program that draws a few times a second. As options of
 * Node the same flags would cost 25 ms at every start: Node refuses the compiled code of its own modules that it brings
 * along, once they are set. So what is needed soon is loaded before.
 */
export function stopOptimising(): void {
  process.getBuiltinModule(usedSoon);
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  for (const flag of ['--no-opt', '--no-maglev', '--optimize-for-size']) setFlagsFromString(flag);
}

/** Faults that a test switches on with SANDBOX_FAULT. */

const faults = ['never-healthy', 'exit-at-once', 'memory-hog', 'wrong-mode', 'slow-start'] as const;
export type Fault = (typeof faults)[number];

/** Undefined when no fault is wanted. Throws an Error for a name that is none. */
export function parseFault(value: string | undefined): Fault | undefined {
  if (value === undefined || value === '') return undefined;
  const fault = faults.find(name => name === value);
  if (fault === undefined) {
    throw new Error(`SANDBOX_FAULT "${value}" is not known; there are: ${faults.join(', ')}`);
  }
  return fault;
}

/** Real memory: every page is written, so that it counts as used. */
export const holdMemory = (mebibytes: number): Buffer => Buffer.alloc(mebibytes * 1024 * 1024, 1);

/** Takes memory as fast as it can until it is killed for it: it gets no further, so that it is healthy for no moment. */
export function hogMemory(): never {
  const held: Buffer[] = [];
  for (;;) held.push(holdMemory(16));
}

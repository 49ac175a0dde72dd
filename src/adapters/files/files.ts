/** What this folder offers to the composition root. */

export { createDeploymentFiles } from './deployment-files.ts';
export { createKnownStack } from './known-stack.ts';
export { createLock } from './lock.ts';
export { createMemoryRecords } from './memory-records.ts';
export { createProgram } from './program.ts';
export { createRuns } from './runs.ts';

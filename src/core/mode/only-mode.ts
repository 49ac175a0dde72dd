/** Types of services that exist for one mode. */

import type { Mode } from './mode.ts';

const onlyModes = { data_generation: 'test', test: 'test', external_api: 'production' } as const;

const isOfOneMode = (type: string): type is keyof typeof onlyModes => Object.hasOwn(onlyModes, type);

/** The only mode that services of this type run in; undefined: they run in both. */
export const onlyModeOf = (type: string): Mode | undefined =>
  isOfOneMode(type) ? onlyModes[type] : undefined;

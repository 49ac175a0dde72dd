/**
 * The order of names of services, by code unit: the same on every machine. The first use of `localeCompare` would read
 * the tables of every language, and keep 5 MB of them in memory.
 */
export const compareNames = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

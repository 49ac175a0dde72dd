/** Stands in for a package that the bundle must not contain. */

// biome-ignore lint/style/noDefaultExport: what is replaced has one
export default {};

/**
 * What each file for a page may weigh, bytes gzipped, with everything inside that it needs: `index` is the core, the others
 * are named as in `exports` of package.json, and workers for their files. The build fails without a limit.
 */
export const sizeLimits: Readonly<Record<string, number>> = {
  index: 75_000,
  diagnostics: 7_000,
  e2ee: 6_000,
  'encryption.worker': 4_000,
  precall: 5_000,
  processors: 3_000,
  released: 3_000,
  stats: 6_000,
};

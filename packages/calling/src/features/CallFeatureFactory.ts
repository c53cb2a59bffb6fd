/**
 * Makes a feature that not every application loads: `call.feature()` takes one, such as `MediaStats` of
 * `@parley/calling/stats`. The SDK calls it, once for each call, with what features alone are given.
 */
export type CallFeatureFactory<Feature> = (host: never) => Feature;

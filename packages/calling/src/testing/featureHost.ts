import type { CallFeatureFactory } from '../features/CallFeatureFactory.ts';
import type { CallFeatureHost } from '../features/callFeatureTypes.ts';

/** Hands out what a call gives to its features. */
export const featureHost: CallFeatureFactory<CallFeatureHost> = (host: CallFeatureHost) => host;

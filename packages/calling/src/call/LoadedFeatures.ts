import type { CallFeatureFactory } from '../features/CallFeatureFactory.ts';
import type { CallFeatureHost } from '../features/callFeatureTypes.ts';

/** The features of one call that the core does not hold, each made when it is first asked for. */
export class LoadedFeatures {
  readonly #host: CallFeatureHost;
  readonly #features = new Map<CallFeatureFactory<unknown>, unknown>();

  constructor(host: CallFeatureHost) {
    this.#host = host;
  }

  /** What was made before the end of the call can still be read after it. */
  get<Feature>(factory: CallFeatureFactory<Feature>): Feature {
    if (typeof factory !== 'function') {
      throw new TypeError('feature() takes what a module of features exports, such as MediaStats.');
    }
    if (!this.#features.has(factory)) {
      this.#host.assertLive();
      this.#features.set(factory, factory(this.#host as never));
    }

    return this.#features.get(factory) as Feature;
  }
}

import { BoundedMap } from './BoundedMap.ts';
import type { Clock } from './clock.ts';
import { TokenBucket } from './TokenBucket.ts';

export interface TokenBucketsOptions {
  /** Seconds of its rate that may be taken out of a bucket at once. */
  readonly burstSeconds: number;
  /** Buckets that are kept at a time; of more, the one that was used longest ago is forgotten. */
  readonly max: number;
  readonly clock: Clock;
}

/** A bucket is looked up, and noted as used, once in this time: one in steady use costs no more than it does alone. */
const notingMs = 1_000;

interface Used {
  readonly bucket: TokenBucket;
  /** Of the latest use that was noted. */
  readonly atMs: number;
}

/** One bucket for each key. It is forgotten when it is sure to be full again, since another would be the same. */
export class TokenBuckets {
  readonly #options: TokenBucketsOptions;
  /** The one used last at the end. */
  readonly #used: BoundedMap<string, Used>;

  constructor(options: TokenBucketsOptions) {
    this.#options = options;
    this.#used = new BoundedMap(options.max);
  }

  /** Those that are not full. */
  get size(): number {
    this.#forgetFull();

    return this.#used.size;
  }

  /** As `TokenBucket.take`, by key and rate as `of` says. */
  take(key: string, perSecond: number, tokens = 1): number {
    return this.#note(key, perSecond).take(tokens);
  }

  /**
   * The bucket of a key, for who takes from it often.
   *
   * @param perSecond Buckets of one key that are filled at another rate are others.
   */
  of(key: string, perSecond: number): Pick<TokenBucket, 'take'> {
    const { clock } = this.#options;
    let notedAtMs = -Infinity;
    let bucket: TokenBucket | undefined;

    return {
      take: (tokens) => {
        const nowMs = clock.now();
        if (bucket === undefined || nowMs - notedAtMs >= notingMs) {
          bucket = this.#note(key, perSecond);
          notedAtMs = nowMs;
        }

        return bucket.take(tokens);
      },
    };
  }

  #note(key: string, perSecond: number): TokenBucket {
    const { burstSeconds, clock } = this.#options;
    this.#forgetFull();
    const rated = `${perSecond} ${key}`;
    const used = this.#used.get(rated);
    const bucket = used?.bucket ?? new TokenBucket({ capacity: perSecond * burstSeconds, perSecond, clock });
    const nowMs = clock.now();
    if (used === undefined || nowMs - used.atMs >= notingMs) {
      this.#used.set(rated, { bucket, atMs: nowMs });
    }

    return bucket;
  }

  #forgetFull(): void {
    const { burstSeconds, clock } = this.#options;
    // It may have been used for as long after it was noted, by who had looked it up just before.
    const fullSinceMs = clock.now() - burstSeconds * 1000 - 2 * notingMs;
    for (let { oldest } = this.#used; oldest !== undefined; { oldest } = this.#used) {
      const [key, { atMs }] = oldest;
      if (atMs > fullSinceMs) {
        return;
      }
      this.#used.delete(key);
    }
  }
}

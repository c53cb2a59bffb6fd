import { CommunicationUserCredential } from '../index.ts';
import type { TokenCredentialOptions } from './releasedTypes.ts';

/**
 * A `CommunicationUserCredential` that is made as the released SDK makes one.
 *
 * @example
 * const credential = new AzureCommunicationTokenCredential({ tokenRefresher: async () => fetchToken(), token });
 * const agent = await new CallClient().createCallAgent(credential);
 */
export class AzureCommunicationTokenCredential extends CommunicationUserCredential {
  readonly #disposed: AbortController;

  /** @throws TypeError for an empty token, and without a refresher. */
  constructor(tokenOrOptions: string | TokenCredentialOptions) {
    const disposed = new AbortController();
    if (typeof tokenOrOptions === 'object' && typeof tokenOrOptions?.tokenRefresher === 'function') {
      const { tokenRefresher, token } = tokenOrOptions;
      super(async () => {
        disposed.signal.throwIfAborted();

        return tokenRefresher(disposed.signal);
      }, token);
    } else {
      super(tokenOrOptions as string);
    }
    this.#disposed = disposed;
  }

  /** Fetches no tokens from now on; a fetch that is on its way is told. May be called more than once. */
  dispose(): void {
    this.#disposed.abort();
  }
}

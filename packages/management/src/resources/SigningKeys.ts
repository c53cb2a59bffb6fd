import { Listing } from '../Listing.ts';
import type { ListQuery, SigningKey } from '../models.ts';
import { path } from '../path.ts';
import type { CreateOptions, RequestOptions, Transport } from '../Transport.ts';

/** What session tokens are signed with: the operator's. */
export class SigningKeys {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(query?: ListQuery, options?: RequestOptions): Listing<SigningKey> {
    return new Listing(this.#transport, path`/v1/signing-keys`, query, options);
  }

  /** Signs with a new key from now on; the one before verifies until its tokens have expired. */
  rotate(options?: CreateOptions): Promise<SigningKey> {
    return this.#transport.create(path`/v1/signing-keys`, {}, options);
  }
}

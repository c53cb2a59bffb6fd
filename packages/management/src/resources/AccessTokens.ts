import { Listing } from '../Listing.ts';
import type { AccessToken, AccessTokenWithValue, CreateAccessToken, ListQuery } from '../models.ts';
import { path } from '../path.ts';
import type { CreateOptions, RequestOptions, Transport } from '../Transport.ts';

/** Credentials of users that do not expire, good for session tokens only. */
export class AccessTokens {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Makes one; its value is shown this once. */
  create(
    userId: string,
    accessToken: CreateAccessToken = {},
    options?: CreateOptions,
  ): Promise<AccessTokenWithValue> {
    return this.#transport.create(path`/v1/users/${userId}/access-tokens`, accessToken, options);
  }

  list(userId: string, query?: ListQuery, options?: RequestOptions): Listing<AccessToken> {
    return new Listing(this.#transport, path`/v1/users/${userId}/access-tokens`, query, options);
  }

  /** Voids the session tokens it was exchanged for, too. */
  revoke(userId: string, accessTokenId: string, options?: RequestOptions): Promise<void> {
    return this.#transport.send({
      method: 'DELETE',
      path: path`/v1/users/${userId}/access-tokens/${accessTokenId}`,
      ...options,
    });
  }
}

import type { IssuedToken, IssueToken } from '../models.ts';
import { path } from '../path.ts';
import type { CreateOptions, RequestOptions, Transport } from '../Transport.ts';

export interface RevokeTokensOptions extends RequestOptions {
  /** Revokes the access tokens too. */
  readonly accessTokens?: boolean | undefined;
}

/** Session tokens, with which users connect. */
export class Tokens {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Issues one; for a day and for calls when nothing else is said. */
  issue(userId: string, token: IssueToken = {}, options?: CreateOptions): Promise<IssuedToken> {
    return this.#transport.create(path`/v1/users/${userId}/tokens`, token, options);
  }

  /** Voids every session and refresh token of the user at once, also on connections that are open. */
  revoke(userId: string, { accessTokens, signal }: RevokeTokensOptions = {}): Promise<void> {
    return this.#transport.send({
      method: 'DELETE',
      path: path`/v1/users/${userId}/tokens`,
      query: { accessTokens },
      signal,
    });
  }
}

import { Listing } from '../Listing.ts';
import type { ApiKey, ApiKeyWithSecret, CreateApiKey, ListQuery } from '../models.ts';
import { path } from '../path.ts';
import type { CreateOptions, RequestOptions, Transport } from '../Transport.ts';

/** API keys of applications. To rotate one make a second, move over to it, and revoke the first. */
export class ApiKeys {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Makes one; its secret is shown this once. */
  create(applicationId: string, key: CreateApiKey, options?: CreateOptions): Promise<ApiKeyWithSecret> {
    return this.#transport.create(path`/v1/applications/${applicationId}/keys`, key, options);
  }

  list(applicationId: string, query?: ListQuery, options?: RequestOptions): Listing<ApiKey> {
    return new Listing(this.#transport, path`/v1/applications/${applicationId}/keys`, query, options);
  }

  revoke(applicationId: string, keyId: string, options?: RequestOptions): Promise<void> {
    return this.#transport.send({
      method: 'DELETE',
      path: path`/v1/applications/${applicationId}/keys/${keyId}`,
      ...options,
    });
  }
}

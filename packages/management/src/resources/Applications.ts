import { Listing } from '../Listing.ts';
import type { Application, CreateApplication, ListQuery, UpdateApplication } from '../models.ts';
import { path } from '../path.ts';
import type { CreateOptions, RequestOptions, Transport } from '../Transport.ts';

/** The tenants of the service; creating, listing and deleting them is the operator's. */
export class Applications {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  create(application: CreateApplication, options?: CreateOptions): Promise<Application> {
    return this.#transport.create(path`/v1/applications`, application, options);
  }

  list(query?: ListQuery, options?: RequestOptions): Listing<Application> {
    return new Listing(this.#transport, path`/v1/applications`, query, options);
  }

  get(applicationId: string, options?: RequestOptions): Promise<Application> {
    return this.#transport.send({
      method: 'GET',
      path: path`/v1/applications/${applicationId}`,
      ...options,
    });
  }

  /** Changes what is named: null restores the standard. Limits are the operator's to set. */
  update(applicationId: string, changes: UpdateApplication, options?: RequestOptions): Promise<Application> {
    return this.#transport.send({
      method: 'PATCH',
      path: path`/v1/applications/${applicationId}`,
      body: changes,
      ...options,
    });
  }

  /** Deletes all that belongs to it; its calls end and all of its tokens are void. */
  delete(applicationId: string, options?: RequestOptions): Promise<void> {
    return this.#transport.send({
      method: 'DELETE',
      path: path`/v1/applications/${applicationId}`,
      ...options,
    });
  }
}

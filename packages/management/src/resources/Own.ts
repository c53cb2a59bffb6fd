import { Listing } from '../Listing.ts';
import type { Call, Contact, ListMyCallsQuery, ListQuery } from '../models.ts';
import { path } from '../path.ts';
import type { RequestOptions, Transport } from '../Transport.ts';

/** What a user asks for with their own session token. */
export class Own {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The other users and their presence, in applications that have contacts switched on. */
  contacts(query?: ListQuery, options?: RequestOptions): Listing<Contact> {
    return new Listing(this.#transport, path`/v1/contacts`, query, options);
  }

  calls(query?: ListMyCallsQuery, options?: RequestOptions): Listing<Call> {
    return new Listing(this.#transport, path`/v1/me/calls`, query, options);
  }
}

import type { AnonymousDestinations as Destinations } from '../models.ts';
import { path } from '../path.ts';
import type { RequestOptions, Transport } from '../Transport.ts';

/** Whom anonymous users may call: ids of users and E.164 numbers. */
export class AnonymousDestinations {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get(options?: RequestOptions): Promise<Destinations> {
    return this.#transport.send({ method: 'GET', path: path`/v1/anonymous-destinations`, ...options });
  }

  /** Replaces the whole list. */
  put(destinations: Destinations, options?: RequestOptions): Promise<Destinations> {
    return this.#transport.send({
      method: 'PUT',
      path: path`/v1/anonymous-destinations`,
      body: destinations,
      ...options,
    });
  }

  /** Empties the list. */
  delete(options?: RequestOptions): Promise<void> {
    return this.#transport.send({ method: 'DELETE', path: path`/v1/anonymous-destinations`, ...options });
  }
}

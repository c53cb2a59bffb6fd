import { Listing } from '../Listing.ts';
import type { CreateGuestLink, GuestLink, GuestLinkWithUrl, ListQuery } from '../models.ts';
import { path } from '../path.ts';
import type { CreateOptions, RequestOptions, Transport } from '../Transport.ts';

/** Links that let people without an account into a room. */
export class GuestLinks {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Makes one; its URL is shown this once. */
  create(roomId: string, link: CreateGuestLink = {}, options?: CreateOptions): Promise<GuestLinkWithUrl> {
    return this.#transport.create(path`/v1/rooms/${roomId}/guest-links`, link, options);
  }

  list(roomId: string, query?: ListQuery, options?: RequestOptions): Listing<GuestLink> {
    return new Listing(this.#transport, path`/v1/rooms/${roomId}/guest-links`, query, options);
  }

  /** Voids the tokens of the guests who came by it, too. */
  revoke(roomId: string, guestLinkId: string, options?: RequestOptions): Promise<void> {
    return this.#transport.send({
      method: 'DELETE',
      path: path`/v1/rooms/${roomId}/guest-links/${guestLinkId}`,
      ...options,
    });
  }
}

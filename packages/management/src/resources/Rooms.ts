import { Listing } from '../Listing.ts';
import type { CreateRoom, ListQuery, Room, UpdateRoom } from '../models.ts';
import { path } from '../path.ts';
import type { CreateOptions, RequestOptions, Transport } from '../Transport.ts';

/** Places to meet. */
export class Rooms {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Creates a room: invite-only, without a lobby, for 100 participants and 180 days when nothing else is said. */
  create(room: CreateRoom = {}, options?: CreateOptions): Promise<Room> {
    return this.#transport.create(path`/v1/rooms`, room, options);
  }

  list(query?: ListQuery, options?: RequestOptions): Listing<Room> {
    return new Listing(this.#transport, path`/v1/rooms`, query, options);
  }

  get(roomId: string, options?: RequestOptions): Promise<Room> {
    return this.#transport.send({ method: 'GET', path: path`/v1/rooms/${roomId}`, ...options });
  }

  /** Changes what is named: null restores the default, and in the roster takes a user off. */
  update(roomId: string, changes: UpdateRoom, options?: RequestOptions): Promise<Room> {
    return this.#transport.send({
      method: 'PATCH',
      path: path`/v1/rooms/${roomId}`,
      body: changes,
      ...options,
    });
  }

  /** Ends its call, and its guest links with it. */
  delete(roomId: string, options?: RequestOptions): Promise<void> {
    return this.#transport.send({ method: 'DELETE', path: path`/v1/rooms/${roomId}`, ...options });
  }
}

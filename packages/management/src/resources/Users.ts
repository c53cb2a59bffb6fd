import { Listing } from '../Listing.ts';
import type { CreatedUser, CreateUser, ListUsersQuery, UpdateUser, User } from '../models.ts';
import { path } from '../path.ts';
import type { CreateOptions, RequestOptions, Transport } from '../Transport.ts';

/** Who may call and be called. */
export class Users {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Creates a user, with first tokens when asked to. */
  create(user: CreateUser = {}, options?: CreateOptions): Promise<CreatedUser> {
    return this.#transport.create(path`/v1/users`, user, options);
  }

  list(query?: ListUsersQuery, options?: RequestOptions): Listing<User> {
    return new Listing(this.#transport, path`/v1/users`, query, options);
  }

  get(userId: string, options?: RequestOptions): Promise<User> {
    return this.#transport.send({ method: 'GET', path: path`/v1/users/${userId}`, ...options });
  }

  /** Changes what is named: null removes, what is left out stays, within the metadata too. */
  update(userId: string, changes: UpdateUser, options?: RequestOptions): Promise<User> {
    return this.#transport.send({
      method: 'PATCH',
      path: path`/v1/users/${userId}`,
      body: changes,
      ...options,
    });
  }

  /** Voids the user's tokens and ends their part in live calls, too. */
  delete(userId: string, options?: RequestOptions): Promise<void> {
    return this.#transport.send({ method: 'DELETE', path: path`/v1/users/${userId}`, ...options });
  }
}

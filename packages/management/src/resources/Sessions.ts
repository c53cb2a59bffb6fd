import type { CreateGuestSession, CreateSession, GuestSession, Session } from '../models.ts';
import { path } from '../path.ts';
import type { CreateOptions, Transport } from '../Transport.ts';

/** Session tokens for those who bring a secret of their own; the client needs no credential for these. */
export class Sessions {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Exchanges an access token for a session token. */
  create(session: CreateSession, options?: CreateOptions): Promise<Session> {
    return this.#transport.create(path`/v1/sessions`, session, options);
  }

  /** Enters with the code of a guest link, as a fresh identity in its room. */
  createForGuest(guest: CreateGuestSession, options?: CreateOptions): Promise<GuestSession> {
    return this.#transport.create(path`/v1/guest-sessions`, guest, options);
  }
}

import { CallError } from '../errors.ts';
import { NotConnectedError } from '../signaling/request.ts';
import type { ServerLink } from '../signaling/ServerLink.ts';
import { isNumbered, type Numbered } from '../signaling/wire.ts';
import { redirectTarget } from './redirectTarget.ts';

/** More than that in a row lead in circles. */
const maxRedirects = 4;

export interface CallRouteOptions {
  /** The connection of the user, which the call shares until the server sends it elsewhere. */
  home: ServerLink;
  /** Connects to another server of the service. */
  openLink: (endpoint: string) => ServerLink;
  onConnected: () => void;
  onLost: () => void;
  /** There will be no connection any more. */
  onEnded: (reason: CallError) => void;
  onNumbered: (numbered: Numbered) => void;
}

/** Which server a call is on, and the connection there. */
export class CallRoute {
  readonly #options: CallRouteOptions;
  #link: ServerLink;
  #unsubscribe: () => void;
  #redirects = 0;

  constructor(options: CallRouteOptions) {
    this.#options = options;
    this.#link = options.home;
    this.#unsubscribe = this.#subscribe();
  }

  get link(): ServerLink {
    return this.#link;
  }

  get isHome(): boolean {
    return this.#link === this.#options.home;
  }

  /**
   * The server sends the call to another one.
   * @throws CallError when that goes on for too long, or nobody should go there.
   */
  moveTo(url: string): void {
    const { home, openLink } = this.#options;
    this.#redirects += 1;
    if (this.#redirects > maxRedirects) {
      throw new CallError('internal', 'The servers send this client around in circles.');
    }
    const endpoint = redirectTarget(url, this.#link.endpoint);
    this.close();
    this.#link = endpoint === redirectTarget(home.endpoint, home.endpoint) ? home : openLink(endpoint);
    this.#unsubscribe = this.#subscribe();
  }

  /** The call is here. */
  arrived(): void {
    this.#redirects = 0;
  }

  /** Idempotent. */
  close(): void {
    this.#unsubscribe();
    if (!this.isHome) {
      this.#link.close();
    }
  }

  #subscribe(): () => void {
    const { onConnected, onLost, onEnded, onNumbered } = this.#options;
    const subscriptions = [
      this.#link.on('welcomed', onConnected),
      this.#link.on('lost', onLost),
      this.#link.on('ended', (reason) => onEnded(reason ?? new NotConnectedError())),
      this.#link.on('notification', (heard) => {
        if (isNumbered(heard)) {
          onNumbered(heard);
        }
      }),
    ];

    return () => subscriptions.forEach((unsubscribe) => unsubscribe());
  }
}

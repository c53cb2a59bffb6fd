import { Disposer, type Clock, type Disposable } from '@parley/kit';
import type { RequestAnswer, RequestData, RequestName } from '@parley/protocol';
import type { Automatic } from '../automatic.ts';
import { CallConnection } from '../call/CallConnection.ts';
import { CallError } from '../errors.ts';
import { EventSource } from '../events.ts';
import type { Logger } from '../logger.ts';
import type { WatchNetwork } from '../signaling/browserNetwork.ts';
import type { Welcome } from '../signaling/Connection.ts';
import { randomId } from '../signaling/randomId.ts';
import type { Request } from '../signaling/request.ts';
import { ServerLink, type LinkState } from '../signaling/ServerLink.ts';
import type { OpenSocket } from '../signaling/SocketPort.ts';
import type { TokenSource } from '../signaling/TokenSource.ts';
import { isNumbered, type UserNotification } from '../signaling/wire.ts';

export type UserConnectionEvents = {
  stateChanged: [];
  /** `reason` may be another than before, and is when the state has changed. */
  reasonChanged: [];
  /** On every connection, before anything else of it. */
  welcomed: [Welcome];
  /** Somebody rings, or rings no more. */
  notification: [UserNotification];
  /** Nobody can ring over it until the next connection, if there is one. */
  lost: [CallError];
  /** This machine's network is another than before. */
  networkChanged: [];
};

export interface UserConnectionOptions {
  /** The service's public URL. */
  endpoint: string;
  tokens: TokenSource;
  openSocket: OpenSocket;
  watchNetwork: WatchNetwork;
  automatic: Automatic;
  clock: Clock;
  logger: Logger;
}

/** A user's own connection to the service: it says who this is, and rings. Each call has its own over it or elsewhere. */
export class UserConnection extends EventSource<UserConnectionEvents> {
  readonly #options: UserConnectionOptions;
  /** The server knows the requests of this client by it, over whatever connection they come again. */
  readonly #clientId = randomId();
  readonly #home: ServerLink;
  readonly #calls = new Set<CallConnection>();
  readonly #cleanups = new Disposer();

  constructor(options: UserConnectionOptions) {
    super();
    this.#options = options;
    this.#home = this.#link(options.endpoint, () =>
      [...this.#calls].flatMap(({ endpoint, resumeTokens }) =>
        endpoint === options.endpoint ? resumeTokens : [],
      ),
    );
    const subscriptions: Disposable[] = [
      this.#home.on('stateChanged', () => {
        this.emit('reasonChanged');
        this.emit('stateChanged');
      }),
      this.#home.on('triedInVain', () => this.emit('reasonChanged')),
      this.#home.on('welcomed', (welcome) => this.emit('welcomed', welcome)),
      this.#home.on('lost', (reason) => this.emit('lost', reason)),
      this.#home.on('ended', (reason) => this.emit('lost', reason ?? new CallError('unavailable'))),
      this.#home.on('notification', (heard) => {
        if (!isNumbered(heard)) {
          this.emit('notification', heard);
        }
      }),
    ];
    subscriptions.forEach((unsubscribe) => this.#cleanups.add(unsubscribe));
  }

  get state(): LinkState {
    return this.#home.state;
  }

  /** Why there is no connection; undefined while there is one, and after `close()`. */
  get reason(): CallError | undefined {
    return this.#home.reason;
  }

  /** The first connection. @throws CallError when it cannot be made. */
  async open(): Promise<Welcome> {
    const welcome = await this.#home.open();
    const { automatic, watchNetwork } = this.#options;
    if (automatic.followNetwork) {
      this.#cleanups.add(
        watchNetwork(() => {
          this.#home.hurry();
          this.emit('networkChanged');
        }),
      );
    }

    return welcome;
  }

  /** Over the present connection or not at all. */
  readonly request: Request = (name, data, options) => this.#home.request(name, data, options);

  /** Asks that server; where it is not the user's own, over a connection for just that. */
  async requestAt<Name extends RequestName>(
    endpoint: string,
    name: Name,
    data: RequestData<Name>,
  ): Promise<RequestAnswer<Name>> {
    if (endpoint === this.#options.endpoint || this.state === 'ended') {
      return this.request(name, data);
    }
    const link = this.#link(endpoint, () => []);
    try {
      await link.open();

      return await link.request(name, data);
    } finally {
      link.close();
    }
  }

  /** The way to a call that is to be entered. */
  connectCall(): CallConnection {
    const { clock, logger } = this.#options;
    const connection: CallConnection = new CallConnection({
      home: this.#home,
      openLink: (endpoint) => {
        const link = this.#link(endpoint, () => connection.resumeTokens);
        link.openPatiently();

        return link;
      },
      clock,
      logger,
      onClosed: () => this.#calls.delete(connection),
    });
    this.#calls.add(connection);
    connection.start();

    return connection;
  }

  /** With it end the calls that ran over it. Idempotent. */
  close(): void {
    this.#home.close();
    for (const call of this.#calls) {
      call.abandon();
    }
    this.#cleanups.dispose();
  }

  #link(endpoint: string, resumeTokens: () => string[]): ServerLink {
    const { tokens, openSocket, automatic, clock, logger } = this.#options;

    return new ServerLink({
      endpoint,
      clientId: this.#clientId,
      tokens,
      openSocket,
      automatic,
      clock,
      logger,
      resumeTokens,
    });
  }
}

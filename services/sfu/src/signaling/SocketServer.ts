import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import type { Disposable } from '@parley/kit';
import {
  errorTable,
  maxFrameBytes,
  ProtocolError,
  signalingPath,
  toWireError,
  type ErrorCode,
} from '@parley/protocol';
import { Server } from 'socket.io';
import { AnswerCache } from './AnswerCache.ts';
import { authenticate, isRevoked } from './authenticate.ts';
import { Connection, type ConnectionDependencies } from './Connection.ts';
import { farewellMs } from './farewell.ts';
import { Handshakes, type Transport } from './Handshakes.ts';
import { createUserBuckets } from './RequestRate.ts';
import { Seats, type Occupant } from './Seats.ts';
import type { SignalingServer, SignalingSocket } from './socketTypes.ts';
import { wireOptions } from './wireOptions.ts';

/** Together the time after which a socket that says nothing any more is noticed. */
const ping = { pingInterval: 15_000, pingTimeout: 10_000 };

export interface SocketServerDependencies extends Omit<ConnectionDependencies, 'answers' | 'userBuckets'> {
  readonly publicUrl: string;
  readonly trustedProxies: readonly string[];
  /** Handshakes of one address that may fail within a minute. */
  readonly addressHandshakesPerMinute: number;
  /** Sockets of one address that may wait to be admitted at a time. */
  readonly anonymousSocketsPerAddress: number;
  /** Time for the transport to open and the token to arrive. */
  readonly handshakeSeconds: number;
  /** False refuses new connections with `unavailable`. */
  readonly isReady: () => boolean;
}

/** The Socket.IO endpoint: admits sockets and owns their connections. */
export class SocketServer {
  readonly #deps: SocketServerDependencies & ConnectionDependencies;
  readonly #io: SignalingServer;
  readonly #handshakes: Handshakes;
  readonly #seats = new Seats();
  /** Also those that never got past the handshake. */
  readonly #tcpSockets = new Set<TcpSocket>();
  readonly #stopHearing: Disposable;

  constructor(deps: SocketServerDependencies) {
    const { clock, backplane, calls } = deps;
    this.#deps = {
      ...deps,
      answers: new AnswerCache(clock),
      userBuckets: createUserBuckets(clock),
    };
    this.#handshakes = new Handshakes({
      failuresPerMinute: deps.addressHandshakesPerMinute,
      maxWaiting: deps.anonymousSocketsPerAddress,
      trustedProxies: deps.trustedProxies,
      clock,
    });
    this.#io = new Server({
      path: signalingPath,
      transports: ['websocket'],
      serveClient: false,
      perMessageDeflate: false,
      maxHttpBufferSize: maxFrameBytes,
      connectTimeout: deps.handshakeSeconds * 1_000,
      allowRequest: (request, decide) =>
        decide('Too many connections of this address are waiting.', this.#handshakes.mayOpen(request)),
      ...wireOptions,
      ...ping,
    });
    this.#io.use((socket, next) => void this.#admit(socket, next));
    this.#io.on('connection', (socket) => this.#connect(socket));
    this.#stopHearing = backplane.admission.onRevoked((revocation) => {
      for (const connection of this.#seats.connectionsOf(revocation)) {
        this.#endIfRevoked(connection);
      }
      calls.places.endRevoked(revocation);
    });
  }

  /** Listens on the path of the protocol; the server stays its maker's to start and to close. */
  attach(server: HttpServer): void {
    this.#io.attach(server);
    this.#io.engine.on('connection', (transport: Transport) => {
      this.#handshakes.open(transport);
      const { socket } = transport.request;
      this.#tcpSockets.add(socket);
      socket.once('close', () => this.#tcpSockets.delete(socket));
    });
  }

  /** Sockets that are connected. */
  get size(): number {
    return this.#seats.connections.length;
  }

  /** Tells every client that the service ends, and cuts those that do not hang up. Idempotent. */
  async close(): Promise<void> {
    this.#stopHearing();
    for (const connection of this.#seats.connections) {
      connection.end('unavailable', 'server_ended');
    }
    this.#io.disconnectSockets(true);
    await this.#farewell();
    for (const socket of this.#tcpSockets) {
      socket.destroy();
    }
    // Not `io.close()`: that closes the HTTP server as well, which belongs to somebody else.
    this.#io.engine?.close();
  }

  /** Waits until all clients have hung up, but not for long. */
  async #farewell(): Promise<void> {
    const closed = [...this.#tcpSockets].map((socket) => once(socket, 'close'));
    const { promise: tooLate, resolve } = Promise.withResolvers<void>();
    const timer = this.#deps.clock.schedule(farewellMs, resolve);
    await Promise.race([Promise.allSettled(closed), tooLate]);
    timer.cancel();
  }

  async #admit(socket: SignalingSocket, next: (refusal?: Error) => void): Promise<void> {
    const { isReady, backplane, calls, clock, logger, verify, publicUrl } = this.#deps;

    try {
      this.#handshakes.try(socket.conn);
      if (!isReady()) {
        throw new ProtocolError('unavailable');
      }
      const { auth, headers } = socket.handshake;
      const { claims, application, clientId } = await authenticate(
        { auth, origin: headers.origin },
        {
          admission: backplane.admission,
          verify,
          publicUrl,
          clock,
          logger,
          keepsPlace: (...asked) => calls.places.isKept(...asked),
        },
      );
      // A changed limit holds from the next connection on, and cuts none.
      const seat = this.#seats.take(claims, application.limits.connectionsPerUser);
      whenClosed(socket.conn, () => this.#seats.free(seat));
      socket.data = { claims, clientId, limits: application.limits, seat };
      this.#handshakes.settle(socket.conn, 'admitted');
      next();
    } catch (error) {
      const refusal = this.#refusal(error);
      this.#handshakes.settle(socket.conn, errorTable[refusal.data.code].status < 500 ? 'failed' : 'spared');
      next(refusal);
      // One try a connection. Not at once: the refusal leaves on the next tick, and closing waits for it.
      setImmediate(() => socket.conn.close());
    }
  }

  #connect(socket: SignalingSocket): void {
    const { seat } = socket.data;
    const connection = Connection.open(socket, this.#deps, (claims) => this.#seats.renew(seat, claims));
    seat.connection = connection;
    // A revocation that arrived since the token was checked found no connection to end.
    this.#endIfRevoked(connection);
  }

  /** Stays while nobody can know: a node that has lost the list keeps whom it has let in. */
  #endIfRevoked(connection: Occupant): void {
    if (isRevoked(connection.claims, this.#deps.backplane.admission) === true) {
      connection.end('token_revoked');
    }
  }

  /** Socket.IO hands `data` to the client's `connect_error`. */
  #refusal(error: unknown): Error & { data: { code: ErrorCode; message: string } } {
    if (!(error instanceof ProtocolError)) {
      this.#deps.logger.error({ err: error }, 'connection failed');
    }
    const { code, message } = toWireError(error);
    this.#deps.logger.debug({ code }, 'connection refused');

    return Object.assign(new Error(message), { data: { code, message } });
  }
}

/** At once when the transport is closed already: it says so only to those who listen then. */
function whenClosed(transport: SignalingSocket['conn'], listener: () => void): void {
  if (transport.readyState === 'closed') {
    listener();
  } else {
    transport.once('close', listener);
  }
}

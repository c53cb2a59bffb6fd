import type { Backplane, Endpoint as PresentEndpoint } from '@parley/backplane';
import { SerialQueue, TokenBucket, type Clock, type Timer } from '@parley/kit';
import {
  errorTable,
  ProtocolError,
  protocolVersion,
  toWireError,
  type AnswerEnvelope,
  type EndReasonName,
  type ErrorCode,
  type NotificationEnvelope,
  type RtpCapabilities,
} from '@parley/protocol';
import type { SessionClaims } from '@parley/tokens';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { CallEndpoint } from '../calls/CallEndpoint.ts';
import type { CallService } from '../calls/CallService.ts';
import { answersWithCall, handleRequest, parseEnvelope, type ParsedEnvelope } from './dispatch.ts';
import { Outbox } from './Outbox.ts';
import type { SignalingSocket } from './socketTypes.ts';

/** Seconds of an application's request rate that may be spent at once, as on entering a large call. */
const burstSeconds = 4;

/** Refusals for the rate after which a client is not going to listen. */
const maxRefusals = 1_000;

export interface ConnectionDependencies {
  readonly nodeId: string;
  readonly backplane: Backplane;
  readonly calls: CallService;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly routerRtpCapabilities: RtpCapabilities;
}

/**
 * One authenticated socket: the endpoint the calls know, and its requests, which are carried out one after
 * another in the order they were sent.
 */
export class Connection {
  readonly claims: SessionClaims;
  readonly endpoint: CallEndpoint;
  readonly #socket: SignalingSocket;
  readonly #deps: ConnectionDependencies;
  readonly #logger: Logger;
  readonly #outbox: Outbox;
  readonly #queue = new SerialQueue('requests of a connection');
  /** Requests that may come at once, and may wait for their turn while the worker is slow. */
  readonly #burst: number;
  readonly #bucket: TokenBucket;
  readonly #expiry: Timer;
  #refusals = 0;
  /** Why the others lose sight of the endpoint, should the socket close now. */
  #leaveReason: EndReasonName = 'connection_lost';

  private constructor(socket: SignalingSocket, deps: ConnectionDependencies) {
    const { claims, limits } = socket.data;
    // A limit of devices that is changed holds from the next connection on.
    const perSecond = limits.signalingRequestsPerSecond;
    this.#burst = perSecond * burstSeconds;
    const { applicationId, identity, scopes, guestOf } = claims;
    const outbox = new Outbox((notification) =>
      socket.emit('notification', notification as NotificationEnvelope),
    );
    const endpointId = randomUUID();
    this.#socket = socket;
    this.#deps = deps;
    this.claims = claims;
    this.#logger = deps.logger.child({ endpointId, applicationId, userId: identity.userId });
    this.#outbox = outbox;
    this.#bucket = new TokenBucket({ capacity: this.#burst, perSecond, clock: deps.clock });
    this.endpoint = {
      id: endpointId,
      applicationId,
      identity,
      scopes,
      ...(guestOf === undefined ? {} : { guestOf }),
      token: {
        applicationId,
        userId: identity.userId,
        grantId: claims.grantId,
        issuedAtMs: claims.issuedAtMs,
      },
      get hasExpired() {
        return deps.clock.now() >= claims.expiresAtMs;
      },
      maxCalls: limits.callsPerDevice,
      get isConnected() {
        return socket.connected;
      },
      notify: (notification) => outbox.notify(notification),
    };
    this.#expiry = deps.clock.schedule(claims.expiresAtMs - deps.clock.now(), () =>
      this.end('token_expired'),
    );
  }

  /** Takes over a socket that has just been connected. */
  static open(socket: SignalingSocket, deps: ConnectionDependencies): Connection {
    const connection = new Connection(socket, deps);
    const entered = connection.#enter();
    entered.catch((error: unknown) => connection.#failToEnter(error));
    socket.on('request', (request: unknown, acknowledge: unknown) => connection.#take(request, acknowledge));
    socket.onAny((event: string) => {
      if (event !== 'request') {
        connection.#ignore();
      }
    });
    socket.once('disconnect', () => connection.#leave(entered));

    return connection;
  }

  /** Tells the client why and closes the socket; the endpoint leaves its calls. */
  end(code: ErrorCode, leaveReason: EndReasonName = 'unauthenticated'): void {
    this.#leaveReason = leaveReason;
    this.#outbox.release();
    this.#outbox.notify({ name: 'sessionEnded', data: { code, message: errorTable[code].title } });
    this.#socket.disconnect(true);
  }

  get #presence(): PresentEndpoint {
    const { id, applicationId, identity } = this.endpoint;

    return { applicationId, userId: identity.userId, endpointId: id, nodeId: this.#deps.nodeId };
  }

  /** The first task of the queue: no request runs before the client was welcomed. */
  #enter(): Promise<void> {
    return this.#queue.push(async () => {
      const { backplane, calls, routerRtpCapabilities } = this.#deps;
      await backplane.presence.enter(this.#presence);
      if (!this.endpoint.isConnected) {
        return;
      }
      this.#logger.info('endpoint connected');
      this.#outbox.notify({
        name: 'welcomed',
        data: {
          protocolVersion,
          identity: this.endpoint.identity,
          endpointId: this.endpoint.id,
          routerRtpCapabilities,
          iceServers: calls.iceServersFor(this.endpoint.identity.userId),
          tokenExpiresAtMs: this.claims.expiresAtMs,
        },
      });
      // Only now: somebody may be ringing the user already.
      calls.connect(this.endpoint);
    });
  }

  #failToEnter(error: unknown): void {
    if (this.endpoint.isConnected) {
      this.#logger.error({ err: error }, 'endpoint could not enter');
      this.end('unavailable', 'failed');
    }
  }

  #leave(entered: Promise<void>): void {
    this.#expiry.cancel();
    this.#queue.close();
    this.#deps.calls.disconnect(this.endpoint, this.#leaveReason);
    this.#logger.info({ reason: this.#leaveReason }, 'endpoint disconnected');
    entered
      .catch(() => {})
      .then(() => this.#deps.backplane.presence.leave(this.#presence))
      .catch((error: unknown) => this.#logger.error({ err: error }, 'presence not left'));
  }

  /** Anything at all may come from the other end; without a way to answer there is nothing to be done. */
  #take(request: unknown, acknowledge: unknown): void {
    if (typeof acknowledge !== 'function') {
      this.#ignore();

      return;
    }
    const answer = acknowledge as (envelope: AnswerEnvelope) => void;

    try {
      this.#requireRate();
      const envelope = parseEnvelope(request);
      this.#queue.push(() => this.#run(envelope, answer)).catch(() => {});
    } catch (error) {
      answer({ ok: false, error: toWireError(error) });
    }
  }

  /** What cannot be answered counts like a request, and nobody can be told to slow down. */
  #ignore(): void {
    if (this.#bucket.take() > 0) {
      this.end('too_many_requests');
    }
  }

  #requireRate(): void {
    const waitSeconds = this.#bucket.take();
    if (waitSeconds > 0 || this.#queue.pending > this.#burst) {
      this.#refusals += 1;
      if (this.#refusals > maxRefusals) {
        this.end('too_many_requests');
      }
      throw new ProtocolError('too_many_requests', undefined, {
        retryAfterSeconds: Math.max(1, Math.ceil(waitSeconds)),
      });
    }
  }

  async #run({ name, data }: ParsedEnvelope, answer: (envelope: AnswerEnvelope) => void): Promise<void> {
    this.#outbox.hold();
    try {
      const context = { endpoint: this.endpoint, calls: this.#deps.calls };
      const outcome = handleRequest(name, data, context);
      if (outcome instanceof Promise && !answersWithCall(name)) {
        // The worker is being asked; what happens in the calls meanwhile has nothing to do with its answer.
        this.#outbox.release();
      }
      answer({ ok: true, data: await outcome });
    } catch (error) {
      if (!(error instanceof ProtocolError)) {
        this.#logger.error({ err: error, request: name }, 'request failed');
      }
      answer({ ok: false, error: toWireError(error) });
    } finally {
      this.#outbox.release();
    }
  }
}

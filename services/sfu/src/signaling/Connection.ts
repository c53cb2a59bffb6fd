import { subjectKey, type Backplane } from '@parley/backplane';
import { SerialQueue, type Clock } from '@parley/kit';
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
import type { SessionClaims, SessionVerifier } from '@parley/tokens';
import type { Logger } from 'pino';
import type { CallEndpoint } from '../calls/CallEndpoint.ts';
import type { CallService } from '../calls/CallService.ts';
import type { SfuMetrics } from '../metrics/SfuMetrics.ts';
import type { Probes } from '../probes/Probes.ts';
import type { AnswerCache } from './AnswerCache.ts';
import { readToken } from './authenticate.ts';
import { Backlog } from './Backlog.ts';
import { DevicePresence } from './DevicePresence.ts';
import { answersWithCall, entersCall, parseEnvelope, type ParsedEnvelope } from './dispatch.ts';
import { Outbox } from './Outbox.ts';
import { carryOutOnce } from './carryOutOnce.ts';
import { cutAfterFarewell } from './farewell.ts';
import { FrameGate } from './FrameGate.ts';
import type { RequestCosts } from './requestCosts.ts';
import { RequestRate, type UserBuckets } from './RequestRate.ts';
import { Session } from './Session.ts';
import { measureRequest } from './measureRequest.ts';
import type { SignalingSocket } from './socketTypes.ts';
import { writeTogether } from './writeTogether.ts';

export interface ConnectionDependencies {
  readonly nodeId: string;
  readonly backplane: Backplane;
  readonly calls: CallService;
  readonly probes: Probes;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly routerRtpCapabilities: RtpCapabilities;
  readonly verify: SessionVerifier;
  /** Those of all connections of this node. */
  readonly answers: AnswerCache;
  readonly userBuckets: UserBuckets;
  /** The largest request. */
  readonly requestBytes: number;
  readonly requestCosts: RequestCosts;
  readonly metrics: SfuMetrics;
}

/**
 * One authenticated socket: the endpoint the calls know, and its requests, which are carried out one after
 * another in the order they were sent.
 */
export class Connection {
  readonly #socket: SignalingSocket;
  readonly #deps: ConnectionDependencies;
  readonly #logger: Logger;
  readonly #outbox: Outbox;
  readonly #queue = new SerialQueue('requests of a connection');
  readonly #rate: RequestRate;
  readonly #session: Session;
  readonly #presence: DevicePresence;
  readonly #onRenewed: (claims: SessionClaims) => void;
  /** Why the others lose sight of the endpoint; undefined unless it is ended from here. */
  #leaveReason: EndReasonName | undefined;

  private constructor(
    socket: SignalingSocket,
    deps: ConnectionDependencies,
    onRenewed: (claims: SessionClaims) => void,
  ) {
    const { claims, limits } = socket.data;
    const { backplane, calls, clock, nodeId, userBuckets } = deps;
    this.#socket = socket;
    this.#deps = deps;
    this.#onRenewed = onRenewed;
    this.#outbox = new Outbox((notification) =>
      socket.emit('notification', notification as NotificationEnvelope),
    );
    // A limit of devices that is changed holds from the next connection on.
    this.#rate = new RequestRate({
      perSecond: limits.signalingRequestsPerSecond,
      user: subjectKey(claims.applicationId, { kind: 'user', userId: claims.identity.userId }),
      userBuckets,
      costs: deps.requestCosts,
      clock,
      onDeaf: () => this.#showOut(),
    });
    this.#session = new Session({
      claims,
      limits,
      clock,
      isConnected: () => socket.connected,
      notify: (notification) => this.#outbox.notify(notification),
      onExpired: () => this.#expire(),
      isInUse: () => calls.takesPart(this.endpoint),
      onIdle: () => this.end('token_expired'),
    });
    const { id: endpointId, applicationId, identity } = this.endpoint;
    const { userId } = identity;
    this.#logger = deps.logger.child({ endpointId, applicationId, userId });
    this.#presence = new DevicePresence(backplane.presence, { applicationId, userId, endpointId, nodeId });
  }

  /**
   * Takes over a socket that has just been connected.
   *
   * @param onRenewed Told of the claims of a newer token before anything else is done with it.
   */
  static open(
    socket: SignalingSocket,
    deps: ConnectionDependencies,
    onRenewed: (claims: SessionClaims) => void,
  ): Connection {
    const connection = new Connection(socket, deps, onRenewed);
    const entered = connection.#enter();
    entered.catch((error: unknown) => connection.#failToEnter(error));
    socket.on('request', (request: unknown, acknowledge: unknown) => connection.#take(request, acknowledge));
    FrameGate.watch({
      carrier: socket.conn,
      rate: connection.#rate,
      requestBytes: deps.requestBytes,
      pending: () => connection.#queue.pending,
    });
    socket.once('disconnect', (reason) => connection.#leave(entered, reason));
    Backlog.watch(socket.conn, () => connection.#cut());
    writeTogether(socket.conn);

    return connection;
  }

  get endpoint(): CallEndpoint {
    return this.#session.endpoint;
  }

  get claims(): SessionClaims {
    return this.#session.claims;
  }

  /** Tells the client why and closes the socket; the endpoint leaves its calls. */
  end(code: ErrorCode, leaveReason: EndReasonName = 'unauthenticated'): void {
    this.#leaveReason = leaveReason;
    this.#outbox.release();
    this.#outbox.notify({ name: 'sessionEnded', data: { code, message: errorTable[code].title } });
    this.#socket.disconnect(true);
  }

  /**
   * The client does not read. Without a farewell, which would wait behind all the rest; its places are kept, as of any
   * socket that is lost.
   */
  #cut(): void {
    const { socket } = this.#socket.conn.request;
    if (!socket.destroyed) {
      this.#logger.warn('endpoint cut off: it does not read what it is sent');
      this.#deps.metrics.cutOff();
      socket.destroy();
    }
  }

  /** The client does not slow down. */
  #showOut(): void {
    this.end('too_many_requests');
    cutAfterFarewell(this.#socket.conn, this.#deps.clock);
  }

  /** The first task of the queue: no request runs before the client was welcomed. */
  #enter(): Promise<void> {
    return this.#queue.push(async () => {
      const { calls, routerRtpCapabilities } = this.#deps;
      if (!this.#session.hasExpired) {
        await this.#presence.enter();
      }
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
          iceServers: calls.iceServersFor(this.endpoint),
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

  /** @param closing How the socket was closed, in the words of Socket.IO. */
  #leave(entered: Promise<void>, closing: string): void {
    this.#session.close();
    this.#queue.close();
    this.#deps.calls.disconnect(this.endpoint, this.#leaveReason ?? 'connection_lost');
    this.#deps.probes.disconnect(this.endpoint);
    this.#logger.info({ reason: this.#leaveReason ?? closing }, 'endpoint disconnected');
    void entered.catch(() => {}).then(() => this.#vanish());
  }

  /** Nobody finds the device any more. */
  async #vanish(): Promise<void> {
    try {
      await this.#presence.leave();
    } catch (error) {
      this.#logger.error({ err: error }, 'presence not left');
    }
  }

  /** What goes on goes on; nobody rings the device until it has a newer token. */
  #expire(): void {
    this.#logger.info('token expired');
    this.#outbox.notify({ name: 'tokenExpired', data: {} });
    void this.#vanish();
  }

  /** Answers when the newer token runs out. Rejects as `readToken` does, and with `forbidden` as `Session.renew`. */
  async #refresh(token: string): Promise<number> {
    const { backplane, calls, verify } = this.#deps;
    const claims = await readToken(token, { admission: backplane.admission, verify });
    const hadExpired = this.#session.hasExpired;
    this.#session.renew(claims);
    this.#onRenewed(claims);
    calls.renew(this.endpoint);
    this.#logger.info('token refreshed');
    if (hadExpired && this.endpoint.isConnected) {
      await this.#presence.enter();
      // It may have gone while it entered; then it has left before.
      await (this.endpoint.isConnected ? calls.appear(this.endpoint) : this.#vanish());
    }

    return claims.expiresAtMs;
  }

  /** Anything at all may come from the other end; without a way to answer there is nothing to be done. */
  #take(request: unknown, acknowledge: unknown): void {
    if (typeof acknowledge !== 'function') {
      return;
    }
    const answer = acknowledge as (envelope: AnswerEnvelope) => void;

    try {
      const envelope = parseEnvelope(request);
      this.#rate.require(envelope.name);
      this.#queue.push(() => this.#run(envelope, answer)).catch(() => {});
    } catch (error) {
      answer({ ok: false, error: toWireError(error) });
    }
  }

  async #run(envelope: ParsedEnvelope, answer: (envelope: AnswerEnvelope) => void): Promise<void> {
    const { calls, probes, answers, metrics } = this.#deps;
    const measured = measureRequest(envelope, { endpointId: this.endpoint.id, metrics });
    this.#outbox.hold();
    try {
      const outcome = carryOutOnce(envelope, {
        context: {
          endpoint: this.endpoint,
          calls,
          probes,
          refreshToken: (token) => this.#refresh(token),
        },
        clientId: this.#socket.data.clientId,
        answers,
      });
      if (outcome instanceof Promise && !answersWithCall(envelope.name)) {
        // The worker is being asked; what happens in the calls meanwhile has nothing to do with its answer.
        this.#outbox.release();
      }
      const data = await outcome;
      measured.answered(data);
      answer({ ok: true, data });
    } catch (error) {
      const refusal = toWireError(error);
      if (!(error instanceof ProtocolError)) {
        const { callId } = measured;
        this.#logger.error({ err: error, request: envelope.name, callId }, 'request failed');
      } else if (entersCall(envelope.name)) {
        // Of no other request: a client may be refused as often as it asks.
        const { callId } = measured;
        this.#logger.info({ request: envelope.name, callId, code: refusal.code }, 'request refused');
      }
      measured.refused(refusal.code);
      answer({ ok: false, error: refusal });
    } finally {
      this.#outbox.release();
    }
  }
}

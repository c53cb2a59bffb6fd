import type { Clock, Timer } from '@parley/kit';
import { ProtocolError, type Limits, type Notification, type NumberedNotification } from '@parley/protocol';
import type { SessionClaims } from '@parley/tokens';
import { randomUUID } from 'node:crypto';
import type { CallEndpoint } from '../calls/CallEndpoint.ts';

/** How long a connection may go on with a token that has run out and with no place in a call. */
const idleMs = 5 * 60_000;

export interface SessionOptions {
  readonly claims: SessionClaims;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly isConnected: () => boolean;
  readonly notify: (notification: Notification | NumberedNotification) => void;
  /** The token has run out, which ends nothing by itself. */
  readonly onExpired: () => void;
  /** Asked now and then from there on whether there is still something to go on with. */
  readonly isInUse: () => boolean;
  readonly onIdle: () => void;
}

/**
 * For whom a connection speaks, by the token it has shown last:
 *
 *     valid ──── its time is over ────► expired ──── in no call for a while ────► idle
 *       ▲                                  │
 *       └──────────── renew ───────────────┘
 */
export class Session {
  readonly endpoint: CallEndpoint;
  readonly #options: SessionOptions;
  #claims: SessionClaims;
  #timer: Timer | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#claims = options.claims;
    this.endpoint = this.#createEndpoint(randomUUID());
    this.#watch();
  }

  get claims(): SessionClaims {
    return this.#claims;
  }

  get hasExpired(): boolean {
    return this.#options.clock.now() >= this.#claims.expiresAtMs;
  }

  /** Goes on with a newer token. Throws `forbidden` for one of somebody else. */
  renew(claims: SessionClaims): void {
    if (!isOfSame(this.#claims, claims)) {
      throw new ProtocolError('forbidden', 'The token is not of the user who is connected.');
    }
    this.#claims = claims;
    this.#watch();
  }

  /** Idempotent. */
  close(): void {
    this.#timer?.cancel();
  }

  #watch(): void {
    const { clock, onExpired } = this.#options;
    this.#timer?.cancel();
    const leftMs = this.#claims.expiresAtMs - clock.now();
    if (leftMs > 0) {
      this.#timer = clock.schedule(leftMs, () => {
        this.#watchUse();
        onExpired();
      });
    } else {
      this.#watchUse();
    }
  }

  #watchUse(): void {
    const { clock, isInUse, onIdle } = this.#options;
    this.#timer = clock.schedule(idleMs, () => {
      if (isInUse()) {
        this.#watchUse();
      } else {
        onIdle();
      }
    });
  }

  /** What the calls know of it follows the token. */
  #createEndpoint(id: string): CallEndpoint {
    const { limits, isConnected, notify } = this.#options;
    const claims = (): SessionClaims => this.#claims;
    const hasExpired = (): boolean => this.hasExpired;
    const { applicationId, guestOf } = this.#claims;

    return {
      id,
      applicationId,
      ...(guestOf === undefined
        ? {}
        : {
            guestOf: {
              roomId: guestOf.roomId,
              get role() {
                return claims().guestOf?.role ?? guestOf.role;
              },
            },
          }),
      maxCalls: limits.callsPerDevice,
      notify,
      get identity() {
        return claims().identity;
      },
      get scopes() {
        return claims().scopes;
      },
      get token() {
        const { identity, grantId, issuedAtMs } = claims();

        return { applicationId, userId: identity.userId, grantId, issuedAtMs };
      },
      get hasExpired() {
        return hasExpired();
      },
      get isConnected() {
        return isConnected();
      },
    };
  }
}

/** A guest's token also names the one room they were let into. */
function isOfSame(one: SessionClaims, other: SessionClaims): boolean {
  return (
    one.applicationId === other.applicationId &&
    one.identity.userId === other.identity.userId &&
    one.identity.kind === other.identity.kind &&
    one.guestOf?.roomId === other.guestOf?.roomId
  );
}

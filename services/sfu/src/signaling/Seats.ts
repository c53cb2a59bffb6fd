import { subjectKey, subjectsOf, type Revocation } from '@parley/backplane';
import { ProtocolError, type ErrorCode, type EndReasonName } from '@parley/protocol';
import type { SessionClaims } from '@parley/tokens';

/** Who sits there once they were let in. */
export interface Occupant {
  readonly claims: SessionClaims;
  end(code: ErrorCode, leaveReason?: EndReasonName): void;
}

/** The place of a connection, from its admission until its transport has closed. */
export interface Seat {
  claims: SessionClaims;
  /** Missing until the client was let in. */
  connection?: Occupant;
}

/** Who is connected or about to be, by everything that a revocation can be about. */
export class Seats {
  readonly #bySubject = new Map<string, Set<Seat>>();

  /**
   * Takes a seat as long as its user has fewer than `limit`; throws `too_many_requests`. Those who are being let in
   * count: of many who come at once no more get in.
   */
  take(claims: SessionClaims, limit: number): Seat {
    const { applicationId, identity } = claims;
    const userKey = subjectKey(applicationId, { kind: 'user', userId: identity.userId });
    if ((this.#bySubject.get(userKey)?.size ?? 0) >= limit) {
      throw new ProtocolError('too_many_requests', 'This user is connected from too many devices.');
    }
    const seat: Seat = { claims };
    this.#put(seat);

    return seat;
  }

  /** Who sits there shows a newer token from now on. */
  renew(seat: Seat, claims: SessionClaims): void {
    this.free(seat);
    seat.claims = claims;
    this.#put(seat);
  }

  /** Idempotent. */
  free(seat: Seat): void {
    for (const key of keysOf(seat)) {
      const seats = this.#bySubject.get(key);
      seats?.delete(seat);
      if (seats?.size === 0) {
        this.#bySubject.delete(key);
      }
    }
  }

  /** The connections that a revocation concerns, whenever their tokens were issued. */
  connectionsOf({ applicationId, subject }: Revocation): Occupant[] {
    return connectionsAt(this.#bySubject.get(subjectKey(applicationId, subject)) ?? []);
  }

  get connections(): Occupant[] {
    return connectionsAt(new Set([...this.#bySubject.values()].flatMap((seats) => [...seats])));
  }

  #put(seat: Seat): void {
    for (const key of keysOf(seat)) {
      this.#bySubject.set(key, (this.#bySubject.get(key) ?? new Set()).add(seat));
    }
  }
}

function keysOf({ claims: { applicationId, identity, grantId } }: Seat): string[] {
  return subjectsOf({ userId: identity.userId, grantId }).map((subject) =>
    subjectKey(applicationId, subject),
  );
}

function connectionsAt(seats: Iterable<Seat>): Occupant[] {
  return [...seats].map(({ connection }) => connection).filter((connection) => connection !== undefined);
}

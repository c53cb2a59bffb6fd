import { ProtocolError, type EndReasonName } from '@parley/protocol';
import type { CallEndpoint } from './CallEndpoint.ts';

interface Entry {
  readonly endpoint: CallEndpoint;
  /** Calls it is about to take part in. */
  entering: number;
  /** The calls the endpoint takes part in. */
  readonly joined: Set<string>;
  /** The calls that ring on it. */
  readonly ringing: Set<string>;
  /** The calls it waits to be let into. */
  readonly waiting: Set<string>;
}

/** The endpoints connected to this node, and which calls each has a part in. */
export class EndpointDirectory {
  readonly #entries = new Map<string, Entry>();
  /** Ids of a user's endpoints, by application and user. */
  readonly #ofUser = new Map<string, Set<string>>();
  /** The count at which each came, also of those that are gone. */
  readonly #arrivals = new WeakMap<CallEndpoint, number>();
  #arrived = 0;
  /** Why those are gone that are. */
  readonly #ends = new WeakMap<CallEndpoint, EndReasonName>();

  add(endpoint: CallEndpoint): void {
    this.#arrived += 1;
    this.#arrivals.set(endpoint, this.#arrived);
    this.#entries.set(endpoint.id, {
      endpoint,
      entering: 0,
      joined: new Set(),
      ringing: new Set(),
      waiting: new Set(),
    });
    const key = keyOf(endpoint.applicationId, endpoint.identity.userId);
    this.#ofUser.set(key, (this.#ofUser.get(key) ?? new Set()).add(endpoint.id));
  }

  /** The endpoint is gone, for that reason: answers the calls it had a part in. */
  remove(endpoint: CallEndpoint, reason: EndReasonName): string[] {
    const entry = this.#entries.get(endpoint.id);
    if (entry === undefined) {
      return [];
    }
    this.#entries.delete(endpoint.id);
    this.#ends.set(endpoint, reason);
    const key = keyOf(endpoint.applicationId, endpoint.identity.userId);
    const ids = this.#ofUser.get(key);
    ids?.delete(endpoint.id);
    if (ids?.size === 0) {
      this.#ofUser.delete(key);
    }

    return [...new Set([...entry.joined, ...entry.ringing, ...entry.waiting])];
  }

  /** Why the endpoint is gone: what it began meanwhile may not know yet. Undefined while it is there. */
  endOf(endpoint: CallEndpoint): EndReasonName | undefined {
    return this.#ends.get(endpoint);
  }

  /** Whether the endpoint came before the other, be that gone by now. */
  cameBefore(endpoint: CallEndpoint, other: CallEndpoint): boolean {
    return (this.#arrivals.get(endpoint) ?? 0) < (this.#arrivals.get(other) ?? 0);
  }

  devicesOf(applicationId: string, userId: string): CallEndpoint[] {
    return this.#entriesOf(applicationId, userId).map(({ endpoint }) => endpoint);
  }

  /**
   * Whether any device of the user takes part in a call. One that only rings or waits does not, nor one that is about
   * to enter: of two who call each other at once, the first to get in rings the other.
   */
  isBusy(applicationId: string, userId: string): boolean {
    return this.#entriesOf(applicationId, userId).some(({ joined }) => joined.size > 0);
  }

  /**
   * Carries out an entry into a call, which counts among those of the endpoint meanwhile. Rejects with
   * `invalid_state` when it has as many as it may have.
   *
   * @param callId Undefined while the call has no id yet. One that it takes part in already is no further one.
   */
  async whileEntering<T>(
    endpoint: CallEndpoint,
    callId: string | undefined,
    enter: () => Promise<T>,
  ): Promise<T> {
    const entry = this.#entries.get(endpoint.id);
    if (
      entry === undefined ||
      (callId !== undefined && (entry.joined.has(callId) || entry.waiting.has(callId)))
    ) {
      return enter();
    }
    const { maxCalls } = endpoint;
    if (entry.joined.size + entry.waiting.size + entry.entering >= maxCalls) {
      throw new ProtocolError('invalid_state', `A device takes part in at most ${maxCalls} calls at a time.`);
    }
    entry.entering += 1;
    try {
      return await enter();
    } finally {
      entry.entering -= 1;
    }
  }

  enteredCall(endpoint: CallEndpoint, callId: string): void {
    this.#entries.get(endpoint.id)?.joined.add(callId);
  }

  leftCall(endpoint: CallEndpoint, callId: string): void {
    this.#entries.get(endpoint.id)?.joined.delete(callId);
  }

  setRinging(endpoint: Pick<CallEndpoint, 'id'>, callId: string, isRinging: boolean): void {
    const ringing = this.#entries.get(endpoint.id)?.ringing;
    if (isRinging) {
      ringing?.add(callId);
    } else {
      ringing?.delete(callId);
    }
  }

  setWaiting(endpoint: CallEndpoint, callId: string, isWaiting: boolean): void {
    const waiting = this.#entries.get(endpoint.id)?.waiting;
    if (isWaiting) {
      waiting?.add(callId);
    } else {
      waiting?.delete(callId);
    }
  }

  /** Whether it is in a call, or waits to be let into one. */
  takesPart(endpoint: CallEndpoint): boolean {
    const entry = this.#entries.get(endpoint.id);

    return entry !== undefined && entry.joined.size + entry.waiting.size > 0;
  }

  /** The calls it takes part in. */
  callsOf(endpoint: CallEndpoint): string[] {
    return [...(this.#entries.get(endpoint.id)?.joined ?? [])];
  }

  #entriesOf(applicationId: string, userId: string): Entry[] {
    const ids = this.#ofUser.get(keyOf(applicationId, userId)) ?? [];

    return [...ids].map((id) => this.#entries.get(id)).filter((entry) => entry !== undefined);
  }
}

/** A slash occurs in neither an application's id nor a user's. */
function keyOf(applicationId: string, userId: string): string {
  return `${applicationId}/${userId}`;
}

import type { CallEndpoint } from './CallEndpoint.ts';

interface Entry {
  readonly endpoint: CallEndpoint;
  /** The calls the endpoint takes part in. */
  readonly joined: Set<string>;
  /** The calls that ring on it. */
  readonly ringing: Set<string>;
}

/** The endpoints connected to this node, and which calls each has a part in. */
export class EndpointDirectory {
  readonly #entries = new Map<string, Entry>();
  /** Ids of a user's endpoints, by application and user. */
  readonly #ofUser = new Map<string, Set<string>>();

  add(endpoint: CallEndpoint): void {
    this.#entries.set(endpoint.id, { endpoint, joined: new Set(), ringing: new Set() });
    const key = keyOf(endpoint.applicationId, endpoint.identity.userId);
    this.#ofUser.set(key, (this.#ofUser.get(key) ?? new Set()).add(endpoint.id));
  }

  /** Forgets the endpoint and answers the calls it had a part in. */
  remove(endpoint: CallEndpoint): string[] {
    const entry = this.#entries.get(endpoint.id);
    if (entry === undefined) {
      return [];
    }
    this.#entries.delete(endpoint.id);
    const key = keyOf(endpoint.applicationId, endpoint.identity.userId);
    const ids = this.#ofUser.get(key);
    ids?.delete(endpoint.id);
    if (ids?.size === 0) {
      this.#ofUser.delete(key);
    }

    return [...new Set([...entry.joined, ...entry.ringing])];
  }

  find(endpointId: string): CallEndpoint | undefined {
    return this.#entries.get(endpointId)?.endpoint;
  }

  /** Whether any device of the user takes part in a call; one that only rings does not. */
  isBusy(applicationId: string, userId: string): boolean {
    const ids = this.#ofUser.get(keyOf(applicationId, userId)) ?? [];

    return [...ids].some((id) => (this.#entries.get(id)?.joined.size ?? 0) > 0);
  }

  enteredCall(endpoint: CallEndpoint, callId: string): void {
    this.#entries.get(endpoint.id)?.joined.add(callId);
  }

  leftCall(endpoint: CallEndpoint, callId: string): void {
    this.#entries.get(endpoint.id)?.joined.delete(callId);
  }

  setRinging(endpoint: CallEndpoint, callId: string, isRinging: boolean): void {
    const ringing = this.#entries.get(endpoint.id)?.ringing;
    if (isRinging) {
      ringing?.add(callId);
    } else {
      ringing?.delete(callId);
    }
  }
}

/** A slash occurs in neither an application's id nor a user's. */
function keyOf(applicationId: string, userId: string): string {
  return `${applicationId}/${userId}`;
}

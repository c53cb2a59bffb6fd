import type { Endpoint, Presence } from '../presence.ts';

/** `Presence` for one process. */
export class MemoryPresence implements Presence {
  /** A user's endpoints by their ids, by application and user. */
  readonly #ofUser = new Map<string, Map<string, Endpoint>>();

  async enter(endpoint: Endpoint): Promise<void> {
    const key = keyOf(endpoint.applicationId, endpoint.userId);
    const endpoints = this.#ofUser.get(key) ?? new Map<string, Endpoint>();
    endpoints.set(endpoint.endpointId, endpoint);
    this.#ofUser.set(key, endpoints);
  }

  async leave(endpoint: Endpoint): Promise<void> {
    const key = keyOf(endpoint.applicationId, endpoint.userId);
    const endpoints = this.#ofUser.get(key);
    endpoints?.delete(endpoint.endpointId);
    if (endpoints?.size === 0) {
      this.#ofUser.delete(key);
    }
  }

  async endpointsOf(applicationId: string, userId: string): Promise<readonly Endpoint[]> {
    return [...(this.#ofUser.get(keyOf(applicationId, userId))?.values() ?? [])];
  }

  async connectedAmong(applicationId: string, userIds: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(userIds.filter((userId) => this.#ofUser.has(keyOf(applicationId, userId))));
  }
}

/** A slash occurs in neither an application's id nor a user's. */
function keyOf(applicationId: string, userId: string): string {
  return `${applicationId}/${userId}`;
}

import type { Endpoint, Presence } from './presence.ts';

/** `Presence` for one process. */
export class MemoryPresence implements Presence {
  readonly #endpoints = new Map<string, Endpoint>();

  async enter(endpoint: Endpoint): Promise<void> {
    this.#endpoints.set(endpoint.endpointId, endpoint);
  }

  async leave(endpoint: Endpoint): Promise<void> {
    this.#endpoints.delete(endpoint.endpointId);
  }

  async endpointsOf(applicationId: string, userId: string): Promise<readonly Endpoint[]> {
    return [...this.#endpoints.values()].filter(
      (endpoint) => endpoint.applicationId === applicationId && endpoint.userId === userId,
    );
  }
}

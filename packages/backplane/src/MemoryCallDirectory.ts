import type { CallDirectory, LiveCall } from './callDirectory.ts';

/** `CallDirectory` for one process. */
export class MemoryCallDirectory implements CallDirectory {
  readonly #calls = new Map<string, LiveCall>();
  /** The calls each user is connected in, by application and user. */
  readonly #ofUser = new Map<string, Set<string>>();

  async put(call: LiveCall): Promise<void> {
    await this.remove(call);
    const key = keyOf(call.applicationId, call.callId);
    this.#calls.set(key, call);
    for (const userId of call.userIds) {
      const user = keyOf(call.applicationId, userId);
      this.#ofUser.set(user, (this.#ofUser.get(user) ?? new Set()).add(key));
    }
  }

  async remove({ applicationId, callId }: Pick<LiveCall, 'applicationId' | 'callId'>): Promise<void> {
    const key = keyOf(applicationId, callId);
    for (const userId of this.#calls.get(key)?.userIds ?? []) {
      const user = keyOf(applicationId, userId);
      const calls = this.#ofUser.get(user);
      calls?.delete(key);
      if (calls?.size === 0) {
        this.#ofUser.delete(user);
      }
    }
    this.#calls.delete(key);
  }

  async find(applicationId: string, callId: string): Promise<LiveCall | undefined> {
    return this.#calls.get(keyOf(applicationId, callId));
  }

  async busyAmong(applicationId: string, userIds: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(userIds.filter((userId) => this.#ofUser.has(keyOf(applicationId, userId))));
  }
}

/** A slash occurs in neither an application's id nor a call's or user's. */
function keyOf(applicationId: string, id: string): string {
  return `${applicationId}/${id}`;
}

import { Emitter, type Disposable } from '@parley/kit';
import type { CallDirectory, CallKey, LiveCall, RoomHome, RoomKey } from '../callDirectory.ts';
import type { MemoryNodes } from './MemoryNodes.ts';
import type { SfuNode } from '../nodes.ts';

/** `CallDirectory` for one process. */
export class MemoryCallDirectory implements CallDirectory {
  readonly #nodes: MemoryNodes;
  readonly #events: Emitter<{ superseded: [CallKey] }>;
  readonly #calls = new Map<string, LiveCall>();
  /** The calls each user is connected in, by application and user. */
  readonly #ofUser = new Map<string, Set<string>>();
  /** By application and room. */
  readonly #homes = new Map<string, RoomHome>();
  #epoch = 0;

  constructor(nodes: MemoryNodes, onListenerError: (error: unknown) => void) {
    this.#nodes = nodes;
    this.#events = new Emitter(onListenerError);
  }

  async put(call: LiveCall): Promise<void> {
    const { applicationId, callId, roomId, roomEpoch } = call;
    const home = roomId === undefined ? undefined : this.#homes.get(keyOf(applicationId, roomId));
    if (roomEpoch !== undefined && home !== undefined && roomEpoch < home.epoch) {
      await this.remove(call);
      this.#events.emit('superseded', { applicationId, callId });

      return;
    }
    await this.remove(call);
    const key = keyOf(applicationId, callId);
    this.#calls.set(key, call);
    for (const userId of call.userIds) {
      const user = keyOf(applicationId, userId);
      this.#ofUser.set(user, (this.#ofUser.get(user) ?? new Set()).add(key));
    }
  }

  async remove({ applicationId, callId }: CallKey): Promise<void> {
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

  async claimRoom({ applicationId, roomId }: RoomKey, node: SfuNode): Promise<RoomHome> {
    const key = keyOf(applicationId, roomId);
    const present = this.#homes.get(key);
    if (present !== undefined && (present.nodeId === node.nodeId || this.#nodes.has(present.nodeId))) {
      return present;
    }
    this.#epoch += 1;
    const home = { nodeId: node.nodeId, url: node.url, epoch: this.#epoch };
    this.#homes.set(key, home);

    return home;
  }

  async releaseRoom({ applicationId, roomId }: RoomKey, epoch: number): Promise<void> {
    const key = keyOf(applicationId, roomId);
    if (this.#homes.get(key)?.epoch === epoch) {
      this.#homes.delete(key);
    }
  }

  onSuperseded(listener: (call: CallKey) => void): Disposable {
    return this.#events.on('superseded', listener);
  }
}

/** A slash occurs in neither an application's id nor a call's, a user's or a room's. */
function keyOf(applicationId: string, id: string): string {
  return `${applicationId}/${id}`;
}

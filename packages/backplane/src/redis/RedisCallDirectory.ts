import { Emitter, type Disposable } from '@parley/kit';
import { ProtocolError } from '@parley/protocol';
import type { CallDirectory, CallKey, LiveCall, RoomHome, RoomKey } from '../callDirectory.ts';
import type { SfuNode } from '../nodes.ts';
import { busy, claim, claimAgain, find, meet, put, release, remove } from './callDirectoryScripts.ts';
import { inBatches } from './inBatches.ts';
import { OwnEntries } from './OwnEntries.ts';
import { entryMs, type Ownership } from './Ownership.ts';
import type { RedisLink } from './RedisLink.ts';

export interface RedisCallDirectoryOptions {
  readonly link: RedisLink;
  readonly ownership: Ownership;
  readonly onListenerError: (error: unknown) => void;
  /**
   * After a start of Redis no room gets a new home for so long: what was lost with it is put again by those that
   * live, and must not find somebody else there.
   */
  readonly settleMs: number;
}

interface OwnClaim {
  readonly room: RoomKey;
  readonly home: RoomHome;
}

/** `CallDirectory` for several processes. */
export class RedisCallDirectory implements CallDirectory {
  readonly #link: RedisLink;
  readonly #settleMs: number;
  readonly #events: Emitter<{ superseded: [CallKey] }>;
  readonly #claims: OwnEntries<OwnClaim>;
  readonly #calls: OwnEntries<LiveCall>;
  /** Names the present start of Redis. */
  #runId = '';

  constructor({ link, ownership, onListenerError, settleMs }: RedisCallDirectoryOptions) {
    this.#link = link;
    this.#settleMs = settleMs;
    this.#events = new Emitter(onListenerError);
    link.whenUp(async ({ runId }) => {
      this.#runId = runId;
      await link.run(meet, runId, entryMs);
    });
    // The claims first: calls are held against them.
    this.#claims = new OwnEntries<OwnClaim>(ownership, {
      put: async ({ room, home }) => {
        const entry = JSON.stringify({ ...home, owner: link.owner });
        await link.run(claimAgain, roomOf(room), home.epoch, entry, entryMs);
      },
      remove: async ({ room, home }) => {
        await link.run(release, roomOf(room), home.epoch);
      },
    });
    this.#calls = new OwnEntries<LiveCall>(ownership, {
      put: (call) => this.#put(call),
      remove: async (call) => {
        await link.run(remove, callOf(call), call.applicationId, link.owner);
      },
    });
  }

  put(call: LiveCall): Promise<void> {
    return this.#calls.put(callOf(call), call);
  }

  async remove(call: CallKey): Promise<void> {
    const key = callOf(call);
    await this.#calls.remove(key, this.#calls.get(key) ?? { ...call, nodeId: '', userIds: [] });
  }

  async find(applicationId: string, callId: string): Promise<LiveCall | undefined> {
    const found = (await this.#link.run(find, callOf({ applicationId, callId }))) as string | null;

    return found === null ? undefined : (JSON.parse(found) as { call: LiveCall }).call;
  }

  async busyAmong(applicationId: string, userIds: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await inBatches(
      userIds.map((userId) => `${applicationId}/${userId}`),
      async (users) => (await this.#link.run(busy, ...users)) as number[],
    );

    return new Set(userIds.filter((_, index) => found[index] === 1));
  }

  /** Rejects with `unavailable` for some seconds after Redis was started. */
  async claimRoom(room: RoomKey, { nodeId, url }: SfuNode): Promise<RoomHome> {
    const { owner } = this.#link;
    const key = roomOf(room);
    // Not before it is known which start of Redis this is.
    const answer = this.#link.isUp
      ? await this.#link.run(claim, key, owner, nodeId, url, this.#runId, this.#settleMs, entryMs)
      : undefined;
    if (typeof answer !== 'string') {
      throw new ProtocolError('unavailable', 'It is not known yet where the room is held.', {
        retryAfterSeconds: Math.max(1, Math.ceil(this.#settleMs / 1000)),
      });
    }
    const claimed = JSON.parse(answer) as RoomHome & { owner: string };
    const home = { nodeId: claimed.nodeId, url: claimed.url, epoch: claimed.epoch };
    if (claimed.owner === owner) {
      await this.#claims.put(key, { room, home });
    }

    return home;
  }

  async releaseRoom(room: RoomKey, epoch: number): Promise<void> {
    const key = roomOf(room);
    const own = this.#claims.get(key);
    if (own?.home.epoch === epoch) {
      await this.#claims.remove(key, own);
    }
  }

  onSuperseded(listener: (call: CallKey) => void): Disposable {
    return this.#events.on('superseded', listener);
  }

  async #put(call: LiveCall): Promise<void> {
    const { applicationId, callId, roomId, roomEpoch, userIds } = call;
    const { owner } = this.#link;
    const room = roomId === undefined ? '' : roomOf({ applicationId, roomId });
    const isListed = await this.#link.run(
      put,
      callOf(call),
      applicationId,
      owner,
      JSON.stringify({ call, owner }),
      entryMs,
      room,
      roomEpoch ?? '',
      ...new Set(userIds),
    );
    if (isListed === 0) {
      this.#calls.forget(callOf(call));
      this.#events.emit('superseded', { applicationId, callId });
    }
  }
}

/** A slash occurs in neither an application's id nor a call's. */
function callOf({ applicationId, callId }: CallKey): string {
  return `${applicationId}/${callId}`;
}

function roomOf({ applicationId, roomId }: RoomKey): string {
  return `${applicationId}/${roomId}`;
}

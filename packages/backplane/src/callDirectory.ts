import type { Disposable } from '@parley/kit';
import type { SfuNode } from './nodes.ts';

/** A live call and the node that is its home. */
export interface LiveCall {
  readonly applicationId: string;
  readonly callId: string;
  readonly nodeId: string;
  /** Set for the call of a room. */
  readonly roomId?: string;
  /** Of the claim to the room that the call was made under. */
  readonly roomEpoch?: number;
  /** Users who are connected in the call: they are busy. */
  readonly userIds: readonly string[];
}

export type CallKey = Pick<LiveCall, 'applicationId' | 'callId'>;

export interface RoomKey {
  readonly applicationId: string;
  readonly roomId: string;
}

/** The node that the call of a room is held on. */
export interface RoomHome extends SfuNode {
  /** Grows with every new claim to the room: what was claimed before is void. */
  readonly epoch: number;
}

/**
 * Which calls are live, and where. Each call is put by its home node whenever who is in it changes, and stays listed
 * as long as that node lives; a node that says nothing for 5 s is taken for dead.
 */
export interface CallDirectory {
  /** What was put under an older claim than the room's present one is refused, of which `onSuperseded` tells. */
  put(call: LiveCall): Promise<void>;
  remove(call: CallKey): Promise<void>;
  find(applicationId: string, callId: string): Promise<LiveCall | undefined>;
  /** Those of the users who are connected in a call. */
  busyAmong(applicationId: string, userIds: readonly string[]): Promise<ReadonlySet<string>>;

  /** Makes the node the home of the room's call, unless one that lives is that already; answers the home. */
  claimRoom(room: RoomKey, node: SfuNode): Promise<RoomHome>;
  /** Gives up a claim; an older one than the present changes nothing. */
  releaseRoom(room: RoomKey, epoch: number): Promise<void>;
  /**
   * Calls `listener` for each call put here whose room has another home by now, as after this node was taken for
   * dead: it must end, because the room's call goes on over there.
   */
  onSuperseded(listener: (call: CallKey) => void): Disposable;
}

import type { Backplane, RoomChange, SfuNode } from '@parley/backplane';
import { exponentialBackoff, retry, type Clock, type Disposable } from '@parley/kit';
import {
  callSettingsWith,
  ProtocolError,
  type CallSettings,
  type Entered,
  type MediaOffer,
} from '@parley/protocol';
import { admitToRoom } from './admitToRoom.ts';
import type { Call } from '../Call.ts';
import type { CallEndpoint } from '../CallEndpoint.ts';
import type { CallOptions } from '../callTypes.ts';
import type { KeptCall } from '../recovery/keptCall.ts';
import { HeldElsewhere } from '../HeldElsewhere.ts';
import { orRedirect } from '../orRedirect.ts';
import { LiveRoom } from './LiveRoom.ts';

/** Half a minute in all: nobody waits longer for a call to come back. */
const restorePolicy = exponentialBackoff({ attempts: 12, firstDelayMs: 250, maxDelayMs: 4_000, jitter: 0 });

export interface RoomCallsOptions {
  readonly backplane: Pick<Backplane, 'admission' | 'callDirectory'>;
  /** This one. */
  readonly node: SfuNode;
  readonly clock: Clock;
  readonly createCall: (options: Omit<CallOptions, 'id'>) => Promise<Call>;
}

export interface RoomEntrant {
  readonly endpoint: CallEndpoint;
  readonly offer: MediaOffer;
  readonly kickSiblings?: boolean | undefined;
  /** What the application allows; the room may allow less. */
  readonly maxParticipants: number;
  /** Of the application's calls; the room may have them otherwise. */
  readonly settings: CallSettings;
}

/** The room calls going on: one for each room, made with its first participant. */
export class RoomCalls {
  readonly #options: RoomCallsOptions;
  /** Also those that are being made: who else enters meanwhile waits for the same one. */
  readonly #live = new Map<string, LiveRoom>();
  readonly #stopHearing: Disposable;

  constructor(options: RoomCallsOptions) {
    this.#options = options;
    this.#stopHearing = options.backplane.admission.onRoomChanged((change) => this.#pass(change));
  }

  /**
   * Enters the room's call. Should that end in the meantime, the room is still open: the entrant, who named no
   * call, is let into the next one. Whoever comes to another node than the room's is sent there.
   */
  async enter(roomId: string, entrant: RoomEntrant): Promise<Entered> {
    return orRedirect(() => this.#enter(roomId, entrant));
  }

  /**
   * Goes on with the room's call of an earlier process, if the room is still open. A machine that was started again has
   * started the backplane too, which does not know for a while who holds what.
   */
  async restore(applicationId: string, roomId: string, kept: KeptCall): Promise<void> {
    await retry(() => this.#open(applicationId, roomId, { settings: kept.settings, kept }).made, {
      policy: restorePolicy,
      isRetryable: (error) => error instanceof ProtocolError && error.code === 'unavailable',
      clock: this.#options.clock,
    });
  }

  /** Rooms that change concern nobody from here on. */
  close(): void {
    this.#stopHearing();
  }

  async #enter(roomId: string, entrant: RoomEntrant): Promise<Entered> {
    try {
      return await this.#enterPresent(roomId, entrant);
    } catch (error) {
      const hasCallEnded = error instanceof ProtocolError && error.code === 'call_not_found';
      if (!hasCallEnded || !entrant.endpoint.isConnected) {
        throw error;
      }
    }

    return this.#enterPresent(roomId, entrant);
  }

  async #enterPresent(
    roomId: string,
    { endpoint, offer, kickSiblings, maxParticipants, settings }: RoomEntrant,
  ): Promise<Entered> {
    const {
      backplane: { admission },
      clock,
    } = this.#options;
    // Asked before there is a call: nobody has one made who may not enter it.
    const room = await admission.room(endpoint.applicationId, roomId);
    admitToRoom(endpoint, roomId, room, clock.now());
    const how = { settings: callSettingsWith(settings, room?.callSettings) };

    return this.#open(endpoint.applicationId, roomId, how).enter({
      endpoint,
      offer,
      kickSiblings,
      capacity: maxParticipants,
    });
  }

  #pass({ applicationId, roomId, room }: RoomChange): void {
    this.#live.get(keyOf(applicationId, roomId))?.change(room);
  }

  #open(applicationId: string, roomId: string, how: Pick<CallOptions, 'settings' | 'kept'>): LiveRoom {
    const { backplane, node, clock, createCall } = this.#options;
    const { admission, callDirectory } = backplane;
    const room = { applicationId, roomId };
    const key = keyOf(applicationId, roomId);
    const present = this.#live.get(key);
    if (present !== undefined) {
      return present;
    }
    const forget = (): void => void this.#live.delete(key);
    const opened = new LiveRoom({
      roomId,
      clock,
      read: () => admission.room(applicationId, roomId),
      claim: async () => {
        const home = await callDirectory.claimRoom(room, node);
        if (home.nodeId !== node.nodeId) {
          throw new HeldElsewhere(home.url);
        }

        return home.epoch;
      },
      release: (epoch) => void callDirectory.releaseRoom(room, epoch),
      createCall: (options) => createCall({ kind: 'room', applicationId, roomId, ...how, ...options }),
      onEnded: forget,
    });
    this.#live.set(key, opened);
    opened.made.catch(forget);

    return opened;
  }
}

/** A slash occurs in neither id. */
function keyOf(applicationId: string, roomId: string): string {
  return `${applicationId}/${roomId}`;
}

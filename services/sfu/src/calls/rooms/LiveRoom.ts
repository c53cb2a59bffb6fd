import type { RoomRecord } from '@parley/backplane';
import type { Clock, Timer } from '@parley/kit';
import { ProtocolError, type Entered, type Role } from '@parley/protocol';
import { admitToRoom, isOpen, roleInRoom, type Admittance } from './admitToRoom.ts';
import type { Call } from '../Call.ts';
import type { CallEndpoint } from '../CallEndpoint.ts';
import type { CallOptions, Entrant, RoomDoor } from '../callTypes.ts';
import { withdrawForbidden } from '../participants/publish.ts';

export interface LiveRoomOptions {
  readonly roomId: string;
  readonly read: () => Promise<RoomRecord | undefined>;
  /** Makes this node the room's home and answers the epoch of that; rejects with `HeldElsewhere`. */
  readonly claim: () => Promise<number>;
  readonly release: (epoch: number) => void;
  readonly createCall: (options: Pick<CallOptions, 'door' | 'roomEpoch' | 'onEnded'>) => Promise<Call>;
  /** Called once, when the call has ended. */
  readonly onEnded: () => void;
  readonly clock: Clock;
}

/** A timer of JavaScript's that is set for longer fires at once. */
const longestDelayMs = 2 ** 31 - 1;

/** The call of one room, held to what the room is at the moment for as long as the call lasts. */
export class LiveRoom {
  readonly #options: LiveRoomOptions;
  /** Settled when the call was made, or could not be. */
  readonly made: Promise<Call>;
  /** What the room was said to be last; nothing was said yet while undefined. */
  #known: { readonly room: RoomRecord | undefined } | undefined;
  #call: Call | undefined;
  /** Runs until the window of the room ends. */
  #window: Timer | undefined;

  constructor(options: LiveRoomOptions) {
    this.#options = options;
    this.made = this.#make();
  }

  /**
   * Enters the call, or its lobby. Rejects as `admitToRoom` and the rates of `Entrances` throw, with `room_full`, with
   * `removed_from_call`, and with `call_not_found` when the call has ended meanwhile.
   *
   * @param entrant Whose capacity is what the application allows; the room may allow less.
   */
  async enter(entrant: Omit<Entrant, 'role'>): Promise<Entered> {
    const call = await this.made;
    const { endpoint } = entrant;
    const mustWait = !call.hasEnded && this.#admit(endpoint).mustWait;
    if (mustWait) {
      return call.entrances.wait({ ...entrant, role: (waiting) => this.#admit(waiting).role });
    }

    return call.entrances.enter({ ...entrant, role: (entering) => this.#roleOfUnexpected(entering) });
  }

  /** The room was changed, or without a record deleted. */
  change(room: RoomRecord | undefined): void {
    this.#known = { room };
    this.#enforce();
  }

  get #room(): RoomRecord | undefined {
    return this.#known?.room;
  }

  #admit(endpoint: CallEndpoint): Admittance {
    const { roomId, clock } = this.#options;

    return admitToRoom(endpoint, roomId, this.#room, clock.now());
  }

  /** Of somebody whom nobody inside has let in. */
  #roleOfUnexpected(endpoint: CallEndpoint): Role {
    const { role, mustWait } = this.#admit(endpoint);
    // The lobby was set up while they entered: the next time they wait there.
    if (mustWait) {
      throw new ProtocolError('not_admitted');
    }

    return role;
  }

  get #door(): RoomDoor {
    const room = (): RoomRecord | undefined => this.#room;

    return {
      get rules() {
        return room();
      },
      get hasLobby() {
        return room()?.lobby ?? false;
      },
      get maxParticipants() {
        return room()?.maxParticipants ?? 0;
      },
      roleOf(endpoint) {
        const present = room();

        return present && roleInRoom(endpoint, present);
      },
    };
  }

  async #make(): Promise<Call> {
    const { read, claim, release, createCall, onEnded } = this.#options;
    const room = await read();
    // A change that arrived meanwhile may be newer than what was read.
    this.#known ??= { room };
    const roomEpoch = await claim();
    const call = await createCall({
      roomEpoch,
      door: this.#door,
      onEnded: (how) => {
        this.#window?.cancel();
        // Behind nothing of the next call, which is not begun before the room is forgotten here.
        if (how === 'ended') {
          release(roomEpoch);
        }
        onEnded();
      },
    }).catch((error: unknown) => {
      release(roomEpoch);
      throw error;
    });
    this.#call = call;
    this.#enforce();

    return call;
  }

  /** Ends the call of a room that is not open any more, and brings everyone in it in line with the room. */
  #enforce(): void {
    const { clock } = this.#options;
    const call = this.#call;
    if (call === undefined || call.hasEnded) {
      return;
    }
    const room = this.#room;
    if (room === undefined) {
      call.end('server_ended');
    } else if (!isOpen(room, clock.now())) {
      call.end('outside_room_window');
    } else {
      this.#watchWindow(room.validUntilMs - clock.now());
      call.roles.followRules();
      enforceRoles(call, room);
      followLobby(call, room);
    }
  }

  #watchWindow(remainingMs: number): void {
    this.#window?.cancel();
    const delayMs = Math.min(remainingMs, longestDelayMs);
    this.#window = this.#options.clock.schedule(delayMs, () => this.#enforce());
  }
}

/** Who waits is turned away when the room does not know them any more, and let in when they need not wait. */
function followLobby({ lobby }: Call, room: RoomRecord): void {
  for (const { endpoint, participantId } of lobby.entrants) {
    const role = roleInRoom(endpoint, room);
    if (role === undefined) {
      lobby.deny([participantId], 'not_on_roster');
    } else if (!room.lobby || role === 'presenter') {
      void lobby.admit([participantId]);
    }
  }
}

/** Who is inside, be their connection lost, stays, lobby or not, unless the room does not know them any more. */
function enforceRoles(call: Call, room: RoomRecord): void {
  for (const participant of call.present) {
    const role = participant.bearer && roleInRoom(participant.bearer, room);
    if (role === undefined) {
      call.expel(participant, 'not_on_roster');
    } else {
      call.roles.change(participant, role);
      withdrawForbidden({ call, participant });
    }
  }
}

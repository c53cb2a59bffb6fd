import { ProtocolError, type Joined } from '@parley/protocol';
import type { Call } from './Call.ts';
import type { Entrant } from './callTypes.ts';

type CreateRoomCall = (applicationId: string, roomId: string, onEnded: () => void) => Promise<Call>;

/** The room calls going on: one for each room, made with its first participant. */
export class RoomCalls {
  readonly #create: CreateRoomCall;
  /** Also those that are being made: who else enters meanwhile waits for the same one. */
  readonly #byRoom = new Map<string, Promise<Call>>();

  constructor(create: CreateRoomCall) {
    this.#create = create;
  }

  /**
   * Enters the room's call. Should that end in the meantime, the room is still open: the entrant, who named no
   * call, is let into the next one.
   */
  async enter(roomId: string, entrant: Entrant): Promise<Joined> {
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

  async #enterPresent(roomId: string, entrant: Entrant): Promise<Joined> {
    const call = await this.#callOf(entrant.endpoint.applicationId, roomId);

    return call.enter(entrant);
  }

  #callOf(applicationId: string, roomId: string): Promise<Call> {
    // A slash occurs in neither id.
    const key = `${applicationId}/${roomId}`;
    const present = this.#byRoom.get(key);
    if (present !== undefined) {
      return present;
    }
    const forget = (): void => void this.#byRoom.delete(key);
    const created = this.#create(applicationId, roomId, forget);
    this.#byRoom.set(key, created);
    created.catch(forget);

    return created;
  }
}

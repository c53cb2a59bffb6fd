import { SerialQueue } from '@parley/kit';
import type { Joined } from '@parley/protocol';
import type { Call } from './Call.ts';
import type { Entrant } from './callTypes.ts';

type CreateRoomCall = (applicationId: string, roomId: string, onEnded: () => void) => Promise<Call>;

/** The room calls going on: one for each room, made with its first participant. */
export class RoomCalls {
  readonly #create: CreateRoomCall;
  readonly #byRoom = new Map<string, Call>();
  readonly #queue = new SerialQueue('room calls');

  constructor(create: CreateRoomCall) {
    this.#create = create;
  }

  async enter(roomId: string, entrant: Entrant): Promise<Joined> {
    // The place is taken in the queue, so that the call cannot end in between; the media is made outside of
    // it, so that people enter side by side. The promise is wrapped, or the queue would wait for it.
    const { entered } = await this.#queue.push(async () => {
      const call = await this.#callOf(entrant.endpoint.applicationId, roomId);

      return { entered: call.enter(entrant) };
    });

    return entered;
  }

  async #callOf(applicationId: string, roomId: string): Promise<Call> {
    // A slash occurs in neither id.
    const key = `${applicationId}/${roomId}`;
    const present = this.#byRoom.get(key);
    if (present !== undefined && !present.hasEnded) {
      return present;
    }
    const call = await this.#create(applicationId, roomId, () => this.#byRoom.delete(key));
    this.#byRoom.set(key, call);

    return call;
  }
}

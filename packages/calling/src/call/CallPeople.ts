import { roles, type Role } from '@parley/protocol';
import { endReasonOf, toCallEndReason } from '../endReason.ts';
import { CallError, toCallError } from '../errors.ts';
import type { ParticipantRegistry } from '../participants/ParticipantRegistry.ts';
import type { RemoteParticipant } from '../participants/participantTypes.ts';
import type { Request } from '../signaling/request.ts';
import type { OwnPart } from './OwnPart.ts';

interface CallPeopleOptions {
  callId: string;
  request: Request;
  own: OwnPart;
  participants: ParticipantRegistry;
}

/** What one does to the others in a call: rings them, mutes them, puts them out. */
export class CallPeople {
  readonly #options: CallPeopleOptions;
  readonly #ringing = new WeakMap<RemoteParticipant, Promise<void>>();

  #isClosed = false;

  constructor(options: CallPeopleOptions) {
    this.#options = options;
  }

  /** Whoever is in the call already is answered as they are. */
  add(id: string): RemoteParticipant {
    const { own, participants } = this.#options;
    own.assertMay('addParticipants');
    const known = participants.participants.find(({ identity }) => identity.id === id);
    if (known !== undefined) {
      return known;
    }
    const participant = participants.dial(id);
    // Before it is told: a listener may remove whom it does not want here.
    this.#ringing.set(participant, this.#ring(participant));
    participants.announce(participant);

    return participant;
  }

  /** Whom this page has just added is awaited first: only then is there something to cancel. */
  async remove(participant: RemoteParticipant): Promise<void> {
    this.#assertKnown(participant);
    if (participant.endpointId === undefined) {
      await this.#ringing.get(participant);
    }
    const { callId, request } = this.#options;
    const { endpointId: participantId, state } = participant;
    if (participantId === undefined || state === 'Disconnected') {
      return;
    }
    const isRinging = state === 'Ringing' || state === 'Connecting';
    try {
      await request(isRinging ? 'cancelRinging' : 'removeParticipant', { callId, participantId });
    } catch (error) {
      const { code } = toCallError(error);
      if (isRinging && code === 'invalid_state') {
        // They have answered meanwhile.
        await request('removeParticipant', { callId, participantId });
      } else if (code !== 'not_found') {
        throw error;
      }
    }
  }

  /** One of them, or without a name all. */
  async mute(participant?: RemoteParticipant): Promise<void> {
    const { callId, own, request } = this.#options;
    const whom = participant && { participantIds: [this.#presentId(participant)] };
    own.assertMay('muteOthers');
    await request('muteParticipants', { callId, ...whom });
  }

  async changeRole(participant: RemoteParticipant, role: Role): Promise<void> {
    if (!roles.includes(role)) {
      throw new TypeError(`The role must be one of ${roles.join(', ')}.`);
    }
    this.#assertKnown(participant);
    const participantId = this.#presentId(participant);
    this.#options.own.assertMay('changeRoles');
    await this.#options.request('changeRole', { callId: this.#options.callId, participantId, role });
  }

  /** This page leaves the call. Idempotent. */
  close(): void {
    this.#isClosed = true;
  }

  #assertKnown(participant: RemoteParticipant): void {
    if (!this.#options.participants.has(participant)) {
      throw new TypeError('That is no participant of this call.');
    }
  }

  /** @throws CallError `invalid_state` for who is not in the call yet, or any more. */
  #presentId({ endpointId, state }: RemoteParticipant): string {
    if (endpointId === undefined || state === 'Disconnected') {
      throw new CallError('invalid_state', 'The participant is not in the call.');
    }

    return endpointId;
  }

  async #ring(participant: RemoteParticipant): Promise<void> {
    const { callId, request, participants } = this.#options;
    try {
      const { added, unreachable } = await request('addParticipants', {
        callId,
        callees: [participant.identity.id],
      });
      const [found] = added;
      participants.settle(
        participant,
        found?.participantId ?? toCallEndReason(unreachable[0]?.reason ?? 'failed'),
      );
    } catch (error) {
      // Who was still to be rung when this page hung up ends with the call, and as it does.
      if (!this.#isClosed) {
        participants.settle(participant, endReasonOf(toCallError(error)));
      }
    }
  }
}

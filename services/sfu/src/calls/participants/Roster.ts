import type { CallNotification, MediaOffer, ParticipantInfo } from '@parley/protocol';
import type { ParticipantMedia } from '../../media/mediaTypes.ts';
import type { CallEndpoint } from '../CallEndpoint.ts';
import { sizeOf } from './Mailbox.ts';
import type { Participant } from './Participant.ts';
import { UserIndex } from './UserIndex.ts';

/** The participants of one call: those who ring, those who are connected and those whose place is kept. */
export class Roster {
  readonly #byId = new Map<string, Participant>();
  readonly #byUser = new UserIndex();
  /** Those who are connected. */
  readonly #byEndpoint = new Map<CallEndpoint, Participant>();
  readonly #onTold: (notification: CallNotification) => void;

  /** @param onTold Hears all that the participants are told. */
  constructor(onTold: (notification: CallNotification) => void = () => {}) {
    this.#onTold = onTold;
  }

  get size(): number {
    return this.#byId.size;
  }

  get connected(): ReadonlyMap<CallEndpoint, Participant> {
    return this.#byEndpoint;
  }

  get all(): readonly Participant[] {
    return [...this.#byId.values()];
  }

  /** Those who are in the call, their connection lost or not, and do not only ring. */
  get present(): readonly Participant[] {
    return this.all.filter(({ isPresent }) => isPresent);
  }

  get infos(): ParticipantInfo[] {
    return this.all.map(({ info }) => info);
  }

  find(participantId: string): Participant | undefined {
    return this.#byId.get(participantId);
  }

  /** Some place of the user, be it one that only rings. */
  ofUser(userId: string): Participant | undefined {
    return this.#byUser.of(userId)[0];
  }

  /** The places of the user that a token may have been made for. */
  presentOf(userId: string): Participant[] {
    return this.#byUser.of(userId).filter(({ isPresent }) => isPresent);
  }

  /** How many people that is: some are there with two devices. */
  get users(): number {
    return this.#byUser.size;
  }

  add(participant: Participant): void {
    this.#byId.set(participant.id, participant);
    this.#byUser.add(participant);
  }

  connect(
    participant: Participant,
    endpoint: CallEndpoint,
    offer: MediaOffer,
    media: ParticipantMedia,
  ): void {
    participant.connect(endpoint, offer, media);
    this.add(participant);
    this.#byEndpoint.set(endpoint, participant);
  }

  /** The participant's connection is lost, their place stays; answers the endpoint that was connected. */
  lose(participant: Participant): CallEndpoint | undefined {
    const endpoint = participant.lose();
    if (endpoint !== undefined) {
      this.#byEndpoint.delete(endpoint);
    }

    return endpoint;
  }

  /** The endpoint takes the participant's place; answers the one it is taken from, if there was one. */
  resume(participant: Participant, endpoint: CallEndpoint): CallEndpoint | undefined {
    const before = participant.resume(endpoint);
    if (before !== undefined) {
      this.#byEndpoint.delete(before);
    }
    this.#byEndpoint.set(endpoint, participant);

    return before;
  }

  /** Takes the participant off and closes their media; answers the endpoint that was connected. */
  remove(participant: Participant): CallEndpoint | undefined {
    this.#byId.delete(participant.id);
    this.#byUser.delete(participant);
    const endpoint = participant.disconnect();
    if (endpoint !== undefined) {
      this.#byEndpoint.delete(endpoint);
    }

    return endpoint;
  }

  /** Tells everyone who is in the call, but for one; those whose place is kept hear of it when they are back. */
  tell(notification: CallNotification, except?: Participant): void {
    this.#onTold(notification);
    const size = sizeOf(notification);
    for (const participant of this.#byId.values()) {
      if (participant !== except && participant.isPresent) {
        participant.tell(notification, size);
      }
    }
  }
}

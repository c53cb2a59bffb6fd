import type { Notification, ParticipantInfo } from '@parley/protocol';
import type { ParticipantMedia } from '../media/mediaTypes.ts';
import type { CallEndpoint } from './CallEndpoint.ts';
import type { Participant } from './Participant.ts';

/** The participants of one call, those who ring and those who are connected. */
export class Roster {
  readonly #byId = new Map<string, Participant>();
  /** Those who are connected. */
  readonly #byEndpoint = new Map<CallEndpoint, Participant>();

  get size(): number {
    return this.#byId.size;
  }

  get connected(): ReadonlyMap<CallEndpoint, Participant> {
    return this.#byEndpoint;
  }

  get infos(): ParticipantInfo[] {
    return [...this.#byId.values()].map(({ info }) => info);
  }

  find(participantId: string): Participant | undefined {
    return this.#byId.get(participantId);
  }

  add(participant: Participant): void {
    this.#byId.set(participant.id, participant);
  }

  connect(participant: Participant, endpoint: CallEndpoint, media: ParticipantMedia): void {
    participant.connect(endpoint, media);
    this.#byId.set(participant.id, participant);
    this.#byEndpoint.set(endpoint, participant);
  }

  /** Takes the participant off and closes their media; answers the endpoint that was connected. */
  remove(participant: Participant): CallEndpoint | undefined {
    this.#byId.delete(participant.id);
    const endpoint = participant.disconnect();
    if (endpoint !== undefined) {
      this.#byEndpoint.delete(endpoint);
    }

    return endpoint;
  }

  /** Tells everyone who is connected, but for one. */
  tell(notification: Notification, except?: Participant): void {
    for (const [endpoint, participant] of this.#byEndpoint) {
      if (participant !== except) {
        endpoint.notify(notification);
      }
    }
  }
}

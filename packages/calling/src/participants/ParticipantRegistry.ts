import type { CallNotification, CallSnapshot, ParticipantInfo } from '@parley/protocol';
import { toCallEndReason, type CallEndReason } from '../endReason.ts';
import type { CollectionUpdate } from '../events.ts';
import type { RemoteParticipant } from './participantTypes.ts';
import type { ParticipantMedia } from './ParticipantMedia.ts';
import { RemoteParticipantImpl } from './RemoteParticipantImpl.ts';

interface ParticipantRegistryOptions {
  /** This endpoint itself, which is no remote participant. */
  ownId: string;
  media: ParticipantMedia;
  onUpdated: (update: CollectionUpdate<RemoteParticipant>) => void;
}

/** Everybody else in a call. */
export class ParticipantRegistry {
  readonly #options: ParticipantRegistryOptions;
  readonly #participants = new Map<string, RemoteParticipantImpl>();

  constructor(options: ParticipantRegistryOptions) {
    this.#options = options;
  }

  get participants(): readonly RemoteParticipant[] {
    return [...this.#participants.values()];
  }

  find(participantId: string): RemoteParticipantImpl | undefined {
    return this.#participants.get(participantId);
  }

  enter(snapshot: CallSnapshot): void {
    const added = snapshot.participants.flatMap((info) => this.#add(info) ?? []);
    if (added.length > 0) {
      this.#options.onUpdated({ added, removed: [] });
    }
    this.#setSpeakers(snapshot.speakers);
  }

  /**
   * Takes over who is in the call now, where single changes are not known: nobody comes or goes who did not. Those who
   * have gone have left, as far as can be said.
   */
  follow(snapshot: CallSnapshot): void {
    const present = new Map(snapshot.participants.map((info) => [info.id, info]));
    const gone = [...this.#participants].filter(([id]) => !present.has(id));
    const removed = gone.map(([id, participant]) => {
      this.#participants.delete(id);
      participant.end(toCallEndReason('hangup'));

      return participant;
    });
    const added = snapshot.participants.flatMap((info) => {
      const known = this.#participants.get(info.id);
      known?.update(info);

      return known === undefined ? (this.#add(info) ?? []) : [];
    });
    if (added.length + removed.length > 0) {
      this.#options.onUpdated({ added, removed });
    }
    this.#setSpeakers(snapshot.speakers);
  }

  apply({ name, data }: CallNotification): void {
    switch (name) {
      case 'participantJoined': {
        this.#join(data.participant);
        break;
      }
      case 'participantLeft': {
        this.#leave(data.participantId, toCallEndReason(data.reason));
        break;
      }
      case 'producerAdded': {
        this.#participants.get(data.participantId)?.addProducer(data.producer);
        break;
      }
      case 'producerPaused':
      case 'producerResumed': {
        this.#participants
          .get(data.participantId)
          ?.setProducerPaused(data.producerId, name === 'producerPaused');
        break;
      }
      case 'producerRemoved': {
        this.#participants.get(data.participantId)?.removeProducer(data.producerId);
        break;
      }
      case 'participantStateChanged': {
        this.#participants.get(data.participantId)?.setPresence(data.state);
        break;
      }
      case 'holdChanged': {
        this.#participants.get(data.participantId)?.setOnHold(data.isOnHold);
        break;
      }
      case 'roleChanged': {
        this.#participants.get(data.participantId)?.setRole(data.role);
        break;
      }
      case 'speakersChanged': {
        this.#setSpeakers(data.participantIds);
        break;
      }
      default:
    }
  }

  /** The call is over. */
  end(reason: CallEndReason): void {
    const removed = [...this.#participants.values()];
    this.#participants.clear();
    for (const participant of removed) {
      participant.end(reason);
    }
    if (removed.length > 0) {
      this.#options.onUpdated({ added: [], removed });
    }
  }

  #setSpeakers(participantIds: readonly string[]): void {
    for (const [id, participant] of this.#participants) {
      participant.setSpeaking(participantIds.includes(id));
    }
  }

  #join(info: ParticipantInfo): void {
    const known = this.#participants.get(info.id);
    if (known !== undefined) {
      known.update(info);

      return;
    }
    const participant = this.#add(info);
    if (participant !== undefined) {
      this.#options.onUpdated({ added: [participant], removed: [] });
    }
  }

  #add(info: ParticipantInfo): RemoteParticipantImpl | undefined {
    if (info.id === this.#options.ownId) {
      return undefined;
    }
    const participant = new RemoteParticipantImpl(info, this.#options.media);
    this.#participants.set(info.id, participant);

    return participant;
  }

  #leave(participantId: string, reason: CallEndReason): void {
    const participant = this.#participants.get(participantId);
    if (participant !== undefined) {
      this.#participants.delete(participantId);
      participant.end(reason);
      this.#options.onUpdated({ added: [], removed: [participant] });
    }
  }
}

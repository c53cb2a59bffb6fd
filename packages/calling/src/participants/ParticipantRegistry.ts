import {
  phoneNumberSchema,
  type CallNotification,
  type CallSnapshot,
  type ParticipantInfo,
  type ProducerInfo,
} from '@parley/protocol';
import { toCallEndReason, type CallEndReason } from '../endReason.ts';
import type { CollectionUpdate } from '../events.ts';
import type { ParticipantIdentity, RemoteParticipant } from './participantTypes.ts';
import type { ParticipantMedia } from './ParticipantMedia.ts';
import { RemoteParticipantImpl } from './RemoteParticipantImpl.ts';

interface ParticipantRegistryOptions {
  /** This endpoint itself, which is no remote participant. */
  ownId: string;
  media: ParticipantMedia;
  mute: (participant: RemoteParticipant) => Promise<void>;
  onUpdated: (update: CollectionUpdate<RemoteParticipant>) => void;
}

/** Everybody else in a call. */
export class ParticipantRegistry {
  readonly #options: ParticipantRegistryOptions;
  readonly #participants = new Map<string, RemoteParticipantImpl>();
  /** Those whom this page has added and of whom the server has told nothing yet. */
  readonly #dialled = new Set<RemoteParticipantImpl>();
  /** What was told of those, by their ids, who may turn out to be somebody dialled by number. */
  readonly #held = new Map<string, (() => void)[]>();
  #weakSenders: readonly string[] = [];
  readonly #everybody = new WeakSet<RemoteParticipant>();

  constructor(options: ParticipantRegistryOptions) {
    this.#options = options;
  }

  get participants(): readonly RemoteParticipant[] {
    return [...this.#participants.values(), ...this.#dialled];
  }

  find(participantId: string): RemoteParticipantImpl | undefined {
    return this.#participants.get(participantId);
  }

  /** Those whose media reaches the server badly. */
  get weakSenders(): RemoteParticipant[] {
    return this.#weakSenders.flatMap((id) => this.#participants.get(id) ?? []);
  }

  /** Who sends that stream, with what is known of it. */
  owners(producerId: string): [RemoteParticipant, ProducerInfo][] {
    return [...this.#participants.values()].flatMap((participant) => {
      const producer = participant.producer(producerId);

      return producer === undefined ? [] : [[participant, producer]];
    });
  }

  /** Whether it is one of this call, or was. */
  has(participant: RemoteParticipant): boolean {
    return this.#everybody.has(participant);
  }

  /** Somebody is to be rung at this page's wish: by user id, or by number. `announce` and `settle` are to follow. */
  dial(id: string): RemoteParticipant {
    const type = phoneNumberSchema.safeParse(id).success ? 'phoneNumber' : 'user';
    const participant = this.#make({ id, type });
    this.#dialled.add(participant);

    return participant;
  }

  announce(participant: RemoteParticipant): void {
    this.#options.onUpdated({ added: [participant], removed: [] });
  }

  /** The server has answered which participant it is, or why nobody could be rung. */
  settle(participant: RemoteParticipant, outcome: string | CallEndReason): void {
    const dialled = [...this.#dialled].find((one) => one === participant);
    // Else they were told of already, or the call is over.
    if (dialled !== undefined) {
      this.#dialled.delete(dialled);
      if (typeof outcome === 'string' && !this.#participants.has(outcome)) {
        this.#participants.set(outcome, dialled);
        dialled.setEndpointId(outcome);
      } else {
        // The number may be of somebody who is in the call already, under the name they have here.
        this.#remove(dialled, typeof outcome === 'string' ? toCallEndReason('busy') : outcome);
      }
    }
    for (const [id, told] of this.#held) {
      if (this.#participants.has(id) || !this.#awaitsNumber) {
        this.#held.delete(id);
        told.forEach((tell) => tell());
      }
    }
  }

  /**
   * Takes over who is in the call now, where single changes are not known: nobody comes or goes who did not. Those who
   * have gone have left, as far as can be said.
   */
  follow(snapshot: CallSnapshot): void {
    this.#held.clear();
    const present = new Set(snapshot.participants.map(({ id }) => id));
    const gone = [...this.#participants].filter(([id]) => !present.has(id));
    const removed = gone.map(([id, participant]) => {
      this.#participants.delete(id);
      participant.end(toCallEndReason('hangup'));

      return participant;
    });
    const added = snapshot.participants.flatMap((info) => this.#arrive(info) ?? []);
    if (added.length + removed.length > 0) {
      this.#options.onUpdated({ added, removed });
    }
    this.#setSpeakers(snapshot.speakers);
    this.#weakSenders = snapshot.weakSenders ?? [];
  }

  apply(notification: CallNotification): void {
    const { data } = notification;
    const held = 'participantId' in data && this.#held.get(data.participantId ?? '');
    if (held) {
      held.push(() => this.apply(notification));
    } else {
      this.#apply(notification);
    }
  }

  #apply({ name, data }: CallNotification): void {
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
      case 'weakSendersChanged': {
        this.#weakSenders = data.participantIds;
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
    const removed = [...this.#participants.values(), ...this.#dialled];
    this.#participants.clear();
    this.#dialled.clear();
    this.#held.clear();
    for (const participant of removed) {
      participant.end(reason);
    }
    if (removed.length > 0) {
      this.#options.onUpdated({ added: [], removed });
    }
  }

  get #awaitsNumber(): boolean {
    return [...this.#dialled].some(({ identity }) => identity.type === 'phoneNumber');
  }

  #setSpeakers(participantIds: readonly string[]): void {
    for (const [id, participant] of this.#participants) {
      participant.setSpeaking(participantIds.includes(id));
    }
  }

  #join(info: ParticipantInfo): void {
    const participant = this.#arrive(info);
    if (participant !== undefined) {
      this.announce(participant);
    }
  }

  /** Answers who is new by it. */
  #arrive(info: ParticipantInfo): RemoteParticipantImpl | undefined {
    const { id, identity, state } = info;
    const dialled = [...this.#dialled].find((one) => one.identity.id === identity.userId);
    const known = this.#participants.get(id) ?? dialled;
    const held = this.#held.get(id);
    if (id === this.#options.ownId) {
      return undefined;
    }
    if (known === undefined && (held !== undefined || (state === 'ringing' && this.#awaitsNumber))) {
      this.#held.set(id, [...(held ?? []), () => this.#join(info)]);

      return undefined;
    }
    const participant = known ?? this.#make({ id: identity.userId, type: identity.kind });
    this.#dialled.delete(participant);
    this.#participants.set(id, participant);
    participant.update(info);

    return known === undefined ? participant : undefined;
  }

  #make(identity: ParticipantIdentity): RemoteParticipantImpl {
    const participant = new RemoteParticipantImpl({ identity, ...this.#options });
    this.#everybody.add(participant);

    return participant;
  }

  #leave(participantId: string, reason: CallEndReason): void {
    const participant = this.#participants.get(participantId);
    if (participant !== undefined) {
      this.#participants.delete(participantId);
      this.#remove(participant, reason);
    }
  }

  #remove(participant: RemoteParticipantImpl, reason: CallEndReason): void {
    participant.end(reason);
    this.#options.onUpdated({ added: [], removed: [participant] });
  }
}

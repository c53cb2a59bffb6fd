import {
  ProtocolError,
  type CallNotification,
  type Identity,
  type MediaOffer,
  type MediaSource,
  type ParticipantInfo,
  type ProducerInfo,
  type Role,
} from '@parley/protocol';
import type { ParticipantMedia } from '../../media/mediaTypes.ts';
import type { Bearer, CallEndpoint } from '../CallEndpoint.ts';
import { ResumeTokens } from '../recovery/ResumeTokens.ts';
import { Mailbox } from './Mailbox.ts';
import { createParticipantMachine, type PlaceState } from './participantMachine.ts';

/** What there is while somebody is in the call. */
interface Place {
  /** The one that was there last; none since the process began, when the place has outlived another. */
  readonly endpoint: CallEndpoint | undefined;
  readonly offer: MediaOffer;
  readonly media: ParticipantMedia;
  /** The endpoint, or who had the place in the process before. */
  readonly bearer: Bearer;
}

/** What a participant is made again from whose place outlived the process. */
export interface KeptPlace {
  readonly resumeTokens: ResumeTokens;
  readonly mailbox: Mailbox;
}

/**
 * One endpoint in a call, or one callee being rung, until a device and its media are put in the place that was kept for
 * them (`participantMachine.ts` has the diagram).
 */
export class Participant {
  readonly id: string;
  readonly resumeTokens: ResumeTokens;
  role: Role;
  isOnHold = false;
  /** How often their identity had been removed from the call when the place was made. */
  epoch = 0;
  /** In which order the places of the call were asked for; that of one who rings is 0. */
  turn = 0;
  handRaisedAtMs: number | undefined;
  /** The latest connection of their client that was in the place, or has asked for it: the place is for no earlier one. */
  claimant: CallEndpoint | undefined;
  /** The sound that has ended with the latest screen: their client may ask for that as well. */
  endedSoundId: string | undefined;
  readonly #identity: Identity;
  readonly #mailbox: Mailbox;
  readonly #machine = createParticipantMachine();
  #place: Place | undefined;
  readonly #producers = new Map<string, ProducerInfo>();
  /** Sources with a producer, or with one being made. */
  readonly #sources = new Set<MediaSource>();

  constructor(id: string, role: Role, identity: Identity, kept: Partial<KeptPlace> = {}) {
    this.id = id;
    this.role = role;
    this.#identity = identity;
    this.resumeTokens = kept.resumeTokens ?? new ResumeTokens();
    this.#mailbox = kept.mailbox ?? new Mailbox();
  }

  get identity(): Identity {
    // The name a device's token carries may be newer than the one a callee was looked up with.
    return this.#place?.bearer.identity ?? this.#identity;
  }

  get state(): PlaceState {
    return this.#machine.state;
  }

  /** In the call, their connection lost or not. */
  get isPresent(): boolean {
    return this.state === 'connected' || this.state === 'reconnecting';
  }

  /** Throws `call_not_found` for somebody who is out of the call. */
  get info(): ParticipantInfo {
    const { state } = this;
    if (state === 'gone') {
      throw new ProtocolError('call_not_found');
    }

    return {
      id: this.id,
      identity: this.identity,
      role: this.role,
      state,
      isOnHold: this.isOnHold,
      ...(this.handRaisedAtMs === undefined ? {} : { handRaisedAtMs: this.handRaisedAtMs }),
      producers: [...this.producers],
    };
  }

  /** Undefined while they ring, and while their connection is lost. */
  get endpoint(): CallEndpoint | undefined {
    return this.state === 'connected' ? this.#place?.endpoint : undefined;
  }

  /** What their client can receive; undefined while they ring. */
  get offer(): MediaOffer | undefined {
    return this.#place?.offer;
  }

  get producers(): readonly ProducerInfo[] {
    return [...this.#producers.values()];
  }

  /** Undefined while they ring. */
  get bearer(): Bearer | undefined {
    return this.#place?.bearer;
  }

  get mailbox(): Mailbox {
    return this.#mailbox;
  }

  /** Throws `call_not_found` for somebody who is not in the call, or not any more. */
  get media(): ParticipantMedia {
    if (this.#place === undefined) {
      throw new ProtocolError('call_not_found');
    }

    return this.#place.media;
  }

  /** Tells the participant's client, now or when it comes back. `size` is that of the notification, if it is known. */
  tell(notification: CallNotification, size?: number): void {
    this.#mailbox.post(notification, size);
  }

  connect(endpoint: CallEndpoint, offer: MediaOffer, media: ParticipantMedia): void {
    this.#machine.go('connected');
    this.#place = { endpoint, offer, media, bearer: endpoint };
    // Who waited to be let in may have asked by another since.
    this.claimant ??= endpoint;
    this.#mailbox.attach(endpoint);
  }

  /** The place is theirs though nobody is there: it has outlived the process. */
  restore(offer: MediaOffer, media: ParticipantMedia, bearer: Bearer): void {
    this.#machine.go('reconnecting');
    this.#place = { endpoint: undefined, offer, media, bearer };
  }

  /** Another endpoint of theirs takes the place; answers the one it is taken from, if there was one. */
  resume(endpoint: CallEndpoint): CallEndpoint | undefined {
    const before = this.endpoint;
    this.#machine.go('connected');
    if (this.#place !== undefined) {
      this.#place = { ...this.#place, endpoint, bearer: endpoint };
    }
    this.#mailbox.attach(endpoint);

    return before;
  }

  /** Media that was lost has been made anew. */
  replaceMedia(media: ParticipantMedia): void {
    if (this.#place !== undefined) {
      this.#place = { ...this.#place, media };
      this.#mailbox.mediaWasReset();
    }
  }

  /** The connection is lost, if there is one; the place and its media stay. Answers the endpoint that was connected. */
  lose(): CallEndpoint | undefined {
    const { endpoint } = this;
    if (endpoint !== undefined) {
      this.#machine.go('reconnecting');
      this.#mailbox.detach();
    }

    return endpoint;
  }

  /** Gives up the place and its media; answers the endpoint that was connected. Idempotent. */
  disconnect(): CallEndpoint | undefined {
    const { endpoint } = this;
    if (this.#machine.canGo('gone')) {
      this.#machine.go('gone');
      this.#mailbox.detach();
      this.#place?.media.close();
      this.#place = undefined;
    }

    return endpoint;
  }

  /** Takes the source's only place; throws `invalid_state` when it is taken. */
  reserveSource(source: MediaSource): void {
    if (this.#sources.has(source)) {
      throw new ProtocolError('invalid_state', `The ${source} is being sent already.`);
    }
    this.#sources.add(source);
  }

  releaseSource(source: MediaSource): void {
    this.#sources.delete(source);
  }

  /** Throws `not_found` when the participant has no such producer. */
  producer(producerId: string): ProducerInfo {
    const producer = this.#producers.get(producerId);
    if (producer === undefined) {
      throw new ProtocolError('not_found', 'There is no such producer.');
    }

    return producer;
  }

  /** Adds the producer, or replaces what is known of it. */
  setProducer(producer: ProducerInfo): void {
    this.#producers.set(producer.id, producer);
  }

  /** What they send of that source. */
  sent(source: MediaSource): ProducerInfo | undefined {
    return this.producers.find((producer) => producer.source === source);
  }

  removeProducer(producerId: string): void {
    const { source } = this.producer(producerId);
    this.#producers.delete(producerId);
    this.#sources.delete(source);
  }
}

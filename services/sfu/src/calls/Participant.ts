import {
  ProtocolError,
  type Identity,
  type MediaSource,
  type ParticipantInfo,
  type ProducerInfo,
  type Role,
} from '@parley/protocol';
import type { ParticipantMedia } from '../media/mediaTypes.ts';
import type { CallEndpoint } from './CallEndpoint.ts';

interface Connection {
  readonly endpoint: CallEndpoint;
  readonly media: ParticipantMedia;
}

/**
 * One endpoint in a call, or one callee being rung: ringing until a device and its media are put in the place
 * that was kept for them.
 */
export class Participant {
  readonly id: string;
  role: Role;
  readonly #identity: Identity;
  #connection: Connection | undefined;
  readonly #producers = new Map<string, ProducerInfo>();
  /** Sources with a producer, or with one being made. */
  readonly #sources = new Set<MediaSource>();

  constructor(id: string, role: Role, identity: Identity) {
    this.id = id;
    this.role = role;
    this.#identity = identity;
  }

  get info(): ParticipantInfo {
    return {
      id: this.id,
      // The name a device's token carries may be newer than the one a callee was looked up with.
      identity: this.#connection?.endpoint.identity ?? this.#identity,
      role: this.role,
      state: this.#connection === undefined ? 'ringing' : 'connected',
      producers: [...this.producers],
    };
  }

  /** Undefined while they ring. */
  get endpoint(): CallEndpoint | undefined {
    return this.#connection?.endpoint;
  }

  get producers(): readonly ProducerInfo[] {
    return [...this.#producers.values()];
  }

  /** Throws `call_not_found` for somebody who is not in the call, or not any more. */
  get media(): ParticipantMedia {
    if (this.#connection === undefined) {
      throw new ProtocolError('call_not_found');
    }

    return this.#connection.media;
  }

  connect(endpoint: CallEndpoint, media: ParticipantMedia): void {
    this.#connection = { endpoint, media };
  }

  /** Closes the media, and answers the endpoint that was connected. Idempotent. */
  disconnect(): CallEndpoint | undefined {
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.media.close();

    return connection?.endpoint;
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

  removeProducer(producer: ProducerInfo): void {
    this.#producers.delete(producer.id);
    this.#sources.delete(producer.source);
  }
}

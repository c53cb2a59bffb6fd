import type { Clock } from '@parley/kit';
import {
  kindOfSource,
  type MediaSource,
  type ParticipantInfo,
  type ProducerInfo,
  type Role,
} from '@parley/protocol';
import type { CallEndReason } from '../endReason.ts';
import { EventSource } from '../events.ts';
import { RemoteVideoStreamImpl } from '../streams/RemoteVideoStreamImpl.ts';
import type { RemoteAudioStream, RemoteVideoStream } from '../streams/streamTypes.ts';
import type { Subscription } from '../streams/Subscription.ts';
import type {
  ParticipantIdentity,
  RemoteParticipant,
  RemoteParticipantEvents,
  RemoteParticipantState,
} from './participantTypes.ts';
import { RemoteAudio } from './RemoteAudio.ts';

/** What a participant needs of the call it is in. */
export interface ParticipantMedia {
  /** Sound and picture of one `syncGroup` are played in step. */
  subscribe(producerId: string, syncGroup: string): Promise<Subscription>;
  /** Has a stream heard until the returned function is called. */
  playAudio(stream: MediaStream): () => void;
  readonly clock: Clock;
}

export class RemoteParticipantImpl extends EventSource<RemoteParticipantEvents> implements RemoteParticipant {
  readonly identity: ParticipantIdentity;
  readonly endpointId: string;
  readonly displayName: string;
  readonly #media: ParticipantMedia;
  readonly #producers = new Map<string, ProducerInfo>();
  readonly #videos = new Map<string, RemoteVideoStreamImpl>();
  readonly #audios = new Map<string, RemoteAudio>();
  #role: Role;
  #state: RemoteParticipantState;
  #isMuted = true;
  #isSpeaking = false;
  #callEndReason: CallEndReason | undefined;

  constructor(info: ParticipantInfo, media: ParticipantMedia) {
    super();
    this.identity = { id: info.identity.userId, type: info.identity.kind };
    this.endpointId = info.id;
    this.displayName = info.identity.displayName;
    this.#media = media;
    this.#role = info.role;
    this.#state = stateOf(info);
    this.update(info);
  }

  get role(): Role {
    return this.#role;
  }

  get state(): RemoteParticipantState {
    return this.#state;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  get videoStreams(): readonly RemoteVideoStream[] {
    return this.#streams('Video');
  }

  get screenSharingStreams(): readonly RemoteVideoStream[] {
    return this.#streams('ScreenSharing');
  }

  get audioStreams(): readonly RemoteAudioStream[] {
    return [...this.#audios.values()].flatMap(({ stream }) => stream ?? []);
  }

  get callEndReason(): CallEndReason | undefined {
    return this.#callEndReason;
  }

  /** Takes over what the server says of the participant now. */
  update(info: ParticipantInfo): void {
    this.setRole(info.role);
    this.#setState(stateOf(info));
    for (const producer of info.producers) {
      this.addProducer(producer);
    }
  }

  addProducer(producer: ProducerInfo): void {
    if (this.#producers.has(producer.id)) {
      this.setProducerPaused(producer.id, producer.paused);

      return;
    }
    this.#producers.set(producer.id, producer);
    if (kindOfSource[producer.source] === 'video') {
      this.#addVideo(producer);
    } else {
      this.#addAudio(producer);
    }
    this.#updateMuted();
  }

  setProducerPaused(producerId: string, paused: boolean): void {
    const producer = this.#producers.get(producerId);
    if (producer !== undefined) {
      this.#producers.set(producerId, { ...producer, paused });
      this.#videos.get(producerId)?.setAvailable(!paused);
      this.#updateMuted();
    }
  }

  removeProducer(producerId: string): void {
    const producer = this.#producers.get(producerId);
    this.#producers.delete(producerId);
    const video = this.#videos.get(producerId);
    if (producer !== undefined && video !== undefined) {
      this.#videos.delete(producerId);
      video.end();
      this.emit(updateEventOf(producer.source), { added: [], removed: [video] });
    }
    this.#removeAudio(producerId);
    this.#updateMuted();
  }

  setRole(role: Role): void {
    if (role !== this.#role) {
      this.#role = role;
      this.emit('roleChanged');
    }
  }

  setSpeaking(isSpeaking: boolean): void {
    if (isSpeaking !== this.#isSpeaking) {
      this.#isSpeaking = isSpeaking;
      this.emit('isSpeakingChanged');
    }
  }

  /** The participant has left, or the call is over. Idempotent. */
  end(reason: CallEndReason): void {
    if (this.#state === 'Disconnected') {
      return;
    }
    for (const producerId of this.#producers.keys()) {
      this.removeProducer(producerId);
    }
    this.setSpeaking(false);
    this.#callEndReason = reason;
    this.emit('callEndReasonChanged');
    this.#setState('Disconnected');
  }

  #addVideo({ id, source, paused }: ProducerInfo): void {
    const stream = new RemoteVideoStreamImpl({
      id,
      type: source === 'screen' ? 'ScreenSharing' : 'Video',
      isAvailable: !paused,
      subscribe: () => this.#media.subscribe(id, this.#syncGroup(source)),
    });
    this.#videos.set(id, stream);
    this.emit(updateEventOf(source), { added: [stream], removed: [] });
  }

  #addAudio({ id, source }: ProducerInfo): void {
    const audio = new RemoteAudio({
      id,
      type: source === 'screenAudio' ? 'ScreenSharing' : 'Microphone',
      subscribe: () => this.#media.subscribe(id, this.#syncGroup(source)),
      clock: this.#media.clock,
      play: (stream) => this.#media.playAudio(stream),
      onStarted: (stream) => this.emit('audioStreamsUpdated', { added: [stream], removed: [] }),
    });
    this.#audios.set(id, audio);
    audio.start();
  }

  #removeAudio(producerId: string): void {
    const audio = this.#audios.get(producerId);
    if (audio !== undefined) {
      const { stream } = audio;
      this.#audios.delete(producerId);
      audio.end();
      if (stream !== undefined) {
        this.emit('audioStreamsUpdated', { added: [], removed: [stream] });
      }
    }
  }

  #streams(type: RemoteVideoStream['type']): RemoteVideoStream[] {
    return [...this.#videos.values()].filter((stream) => stream.type === type);
  }

  #syncGroup(source: MediaSource): string {
    return `${this.endpointId}-${source === 'screen' || source === 'screenAudio' ? 'screen' : 'person'}`;
  }

  #updateMuted(): void {
    const isMuted = ![...this.#producers.values()].some(
      ({ source, paused }) => source === 'microphone' && !paused,
    );
    if (isMuted !== this.#isMuted) {
      this.#isMuted = isMuted;
      this.emit('isMutedChanged');
    }
  }

  #setState(state: RemoteParticipantState): void {
    if (state !== this.#state) {
      this.#state = state;
      this.emit('stateChanged');
    }
  }
}

function stateOf(info: ParticipantInfo): RemoteParticipantState {
  return info.state === 'ringing' ? 'Ringing' : 'Connected';
}

function updateEventOf(source: MediaSource): 'videoStreamsUpdated' | 'screenSharingStreamsUpdated' {
  return source === 'screen' ? 'screenSharingStreamsUpdated' : 'videoStreamsUpdated';
}

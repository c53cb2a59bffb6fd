import {
  kindOfSource,
  type MediaSource,
  type ParticipantInfo,
  type ParticipantState,
  type ProducerInfo,
  type Role,
  type ToldProducer,
} from '@parley/protocol';
import type { CallEndReason } from '../endReason.ts';
import { EventSource } from '../events.ts';
import { RemoteVideoStreamImpl } from '../streams/RemoteVideoStreamImpl.ts';
import type { RemoteAudioStream, RemoteVideoStream } from '../streams/streamTypes.ts';
import { identifierOf } from './identifier.ts';
import type { ParticipantMedia } from './ParticipantMedia.ts';
import type {
  CommunicationIdentifier,
  ParticipantIdentity,
  RemoteParticipant,
  RemoteParticipantEvents,
  RemoteParticipantState,
} from './participantTypes.ts';
import { RemoteAudio } from './RemoteAudio.ts';

interface RemoteParticipantImplOptions {
  identity: ParticipantIdentity;
  media: ParticipantMedia;
  mute: (participant: RemoteParticipant) => Promise<void>;
}

/** What somebody may have in the call besides media. */
export type Mark = 'isHandRaised' | 'isSpotlighted';

export class RemoteParticipantImpl extends EventSource<RemoteParticipantEvents> implements RemoteParticipant {
  readonly identity: ParticipantIdentity;
  readonly #media: ParticipantMedia;
  readonly #mute: RemoteParticipantImplOptions['mute'];
  readonly #producers = new Map<string, ProducerInfo>();
  readonly #videos = new Map<string, RemoteVideoStreamImpl>();
  readonly #audios = new Map<string, RemoteAudio>();
  #endpointId: string | undefined;
  #displayName: string;
  #role: Role = 'collaborator';
  /** Undefined until the server has told of the participant. */
  #presence: ParticipantState | undefined;
  #isOnHold = false;
  #state: RemoteParticipantState = 'Connecting';
  #isMuted = true;
  #isSpeaking = false;
  readonly #marks: Record<Mark, boolean> = { isHandRaised: false, isSpotlighted: false };
  #callEndReason: CallEndReason | undefined;

  constructor({ identity, media, mute }: RemoteParticipantImplOptions) {
    super();
    this.identity = identity;
    this.#displayName = identity.id;
    this.#media = media;
    this.#mute = mute;
  }

  get identifier(): CommunicationIdentifier {
    return identifierOf(this.identity);
  }

  get endpointId(): string | undefined {
    return this.#endpointId;
  }

  get displayName(): string {
    return this.#displayName;
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

  get isHandRaised(): boolean {
    return this.#marks.isHandRaised;
  }

  get isSpotlighted(): boolean {
    return this.#marks.isSpotlighted;
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

  async mute(): Promise<void> {
    await this.#mute(this);
  }

  /** One of the streams that the participant sends. */
  producer(producerId: string): ProducerInfo | undefined {
    return this.#producers.get(producerId);
  }

  /** Which one the server says it is. */
  setEndpointId(endpointId: string): void {
    if (endpointId !== this.#endpointId) {
      this.#endpointId = endpointId;
      this.emit('endpointIdChanged');
    }
  }

  /** Takes over what the server says of the participant now. */
  update(info: ParticipantInfo): void {
    const { displayName } = info.identity;
    this.setEndpointId(info.id);
    if (displayName !== this.#displayName) {
      this.#displayName = displayName;
      this.emit('displayNameChanged');
    }
    this.setRole(info.role);
    this.#presence = info.state;
    this.setOnHold(info.isOnHold);
    const present = new Set(info.producers.map(({ id }) => id));
    for (const producerId of this.#producers.keys()) {
      if (!present.has(producerId)) {
        this.removeProducer(producerId);
      }
    }
    for (const producer of info.producers) {
      this.addProducer(producer);
    }
  }

  addProducer({ id, source, paused }: ToldProducer): void {
    // Of a newer client, and nothing that could be shown or heard here.
    if (source === 'unknown') {
      return;
    }
    if (this.#producers.has(id)) {
      this.setProducerPaused(id, paused);

      return;
    }
    const producer = { id, source, paused };
    this.#producers.set(id, producer);
    if (kindOfSource[source] === 'video') {
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

  /** How the connection of the participant stands. */
  setPresence(presence: ParticipantState): void {
    this.#presence = presence;
    this.setOnHold(this.#isOnHold);
  }

  setOnHold(isOnHold: boolean): void {
    this.#isOnHold = isOnHold;
    if (this.#presence !== undefined) {
      this.#setState(isOnHold && this.#presence === 'connected' ? 'OnHold' : states[this.#presence]);
    }
  }

  setSpeaking(isSpeaking: boolean): void {
    if (isSpeaking !== this.#isSpeaking) {
      this.#isSpeaking = isSpeaking;
      this.emit('isSpeakingChanged');
    }
  }

  /** To be called when it changes. */
  mark(mark: Mark, isSet: boolean): void {
    this.#marks[mark] = isSet;
    this.emit(`${mark}Changed`);
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
      subscribe: (listener) => this.#media.watch(id, this.#syncGroup(source), listener),
      rulesOff: this.#media.rulesOff,
      clock: this.#media.clock,
    });
    this.#videos.set(id, stream);
    this.emit(updateEventOf(source), { added: [stream], removed: [] });
  }

  #addAudio({ id, source }: ProducerInfo): void {
    const audio = new RemoteAudio({
      id,
      type: source === 'screenAudio' ? 'ScreenSharing' : 'Microphone',
      hear: (onChanged) => this.#media.hear(id, this.#syncGroup(source), onChanged),
      onChanged: (update) => this.emit('audioStreamsUpdated', update),
    });
    this.#audios.set(id, audio);
    audio.start();
  }

  #removeAudio(producerId: string): void {
    const audio = this.#audios.get(producerId);
    this.#audios.delete(producerId);
    audio?.end();
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

const states = { ringing: 'Ringing', connected: 'Connected', reconnecting: 'Reconnecting' } as const;

function updateEventOf(source: MediaSource): 'videoStreamsUpdated' | 'screenSharingStreamsUpdated' {
  return source === 'screen' ? 'screenSharingStreamsUpdated' : 'videoStreamsUpdated';
}

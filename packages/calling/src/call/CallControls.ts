import {
  dataChannels,
  maxExpectedVideos,
  userIdSchema,
  type Action,
  type DataChannelKind,
  type Role,
  type Survey,
} from '@parley/protocol';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import type { LocalCapture } from '../devices/LocalCapture.ts';
import type { MediaDeviceError } from '../devices/MediaDeviceError.ts';
import { CallError } from '../errors.ts';
import { EventSource } from '../events.ts';
import { CallFeatures } from '../features/CallFeatures.ts';
import type { CallChat, CallMember, DtmfTone } from '../features/featureTypes.ts';
import type { MediaConstraints } from '../media/encodingTypes.ts';
import { limitsWith, type CallLimits } from '../media/sendLimits.ts';
import { idOf } from '../participants/identifier.ts';
import type { CommunicationIdentifier, RemoteParticipant } from '../participants/participantTypes.ts';
import { isVideoSource, type CustomSource } from '../streams/customSource.ts';
import type { AudioProcessor } from '../streams/processorTypes.ts';
import type { LocalVideoStream } from '../streams/streamTypes.ts';
import type { CallPeople } from './CallPeople.ts';
import type { CallSession } from './CallSession.ts';
import type { CheckedCallOptions } from './callDependencies.ts';
import type { ScreenSharingOptions, VideoOptions } from './videoOptionTypes.ts';
import type { Call, CallEvents } from './callTypes.ts';
import { IncomingSound } from './IncomingSound.ts';
import { LobbyImpl } from './LobbyImpl.ts';
import { LocalMedia } from './LocalMedia.ts';
import { OwnPart } from './OwnPart.ts';

/** What one does and sees in a call while it lasts; `CallImpl` has its life. */
export abstract class CallControls extends EventSource<CallEvents> {
  readonly lobby = new LobbyImpl(async (decision, participantIds) => {
    this.assertLive();
    await this.#entered.decide(decision, participantIds);
  });
  protected readonly local: LocalMedia;
  protected readonly own: OwnPart;
  protected readonly features: CallFeatures;
  protected readonly incomingSound = new IncomingSound();
  /** Undefined until the call is entered. */
  protected session: CallSession | undefined;
  protected limits: CallLimits;

  constructor(capture: LocalCapture, options: CheckedCallOptions) {
    super();
    this.limits = limitsWith({}, options.constraints ?? {});
    this.local = new LocalMedia({
      capture,
      options,
      onMutedChanged: () => this.emit('isMutedChanged'),
      onMutedByOthers: () => this.emit('mutedByOthers'),
      onMicrophoneAvailableChanged: () => this.emit('isMicrophoneAvailableChanged'),
      onScreenSharingChanged: () => this.emit('isScreenSharingOnChanged'),
      onStreamsUpdated: (update) => this.emit('localVideoStreamsUpdated', update),
      onReplaced: (replacement) => this.emit('mediaDeviceReplaced', replacement),
      onFailed: (error) => void this.tellFailure(error),
      onAudioProcessorChanged: () => this.emit('audioProcessorChanged'),
      onAudioProcessorFailed: (error) => this.emit('audioProcessorFailed', error),
    });
    this.own = new OwnPart({
      media: this.local,
      onRoleChanged: () => {
        // Of who comes and goes there nothing more is told.
        if (!this.own.may('manageLobby')) {
          this.lobby.follow([]);
        }
        this.emit('roleChanged');
      },
      onSpeakingChanged: () => this.emit('isSpeakingChanged'),
      onHoldChanged: () => this.settle(),
      // Of a call that ends meanwhile nothing is heard either.
      onHoldForgotten: () => void this.session?.setOnHold(true).catch(() => {}),
    });
    this.features = new CallFeatures({
      emit: (name, ...args) => this.emit(name, ...args),
      assertMay: (action) => (action === undefined ? this.assertLive() : this.assertMay(action)),
    });
  }

  get endpointId(): string | undefined {
    return this.own.id;
  }

  get role(): Role | undefined {
    return this.own.role;
  }

  get isMuted(): boolean {
    return this.local.microphone.isMuted;
  }

  get isMicrophoneAvailable(): boolean {
    return this.local.microphone.isAvailable;
  }

  get isSpeaking(): boolean {
    return this.own.isSpeaking;
  }

  get isScreenSharingOn(): boolean {
    return this.local.isScreenSharingOn;
  }

  get isHandRaised(): boolean {
    return this.raisedHands.includes('own');
  }

  get raisedHands(): readonly CallMember[] {
    return this.features.raisedHands;
  }

  get isSpotlighted(): boolean {
    return this.spotlight.includes('own');
  }

  get spotlight(): readonly CallMember[] {
    return this.features.spotlight;
  }

  get dominantSpeakers(): readonly CallMember[] {
    return this.features.dominantSpeakers;
  }

  get customData(): Readonly<Record<string, string>> {
    return this.features.customData.items;
  }

  get chat(): CallChat {
    return this.features.chat;
  }

  get localVideoStreams(): readonly LocalVideoStream[] {
    return this.local.streams;
  }

  get remoteParticipants(): readonly RemoteParticipant[] {
    return this.session?.participants.participants ?? [];
  }

  async mute(): Promise<void> {
    this.assertLive();
    await this.local.microphone.setMuted(true);
  }

  async unmute(): Promise<void> {
    this.assertMay('sendAudio');
    await this.local.microphone.setMuted(false);
  }

  addParticipant(who: string | CommunicationIdentifier): RemoteParticipant {
    const id = userIdSchema.safeParse(idOf(who));
    if (!id.success) {
      throw new TypeError('addParticipant() takes the id of a user, or an E.164 number.');
    }

    return this.#people.add(id.data);
  }

  async removeParticipant(who: RemoteParticipant | string | CommunicationIdentifier): Promise<void> {
    const named = this.remoteParticipants.find(({ identity }) => identity.id === idOf(who));
    await this.#people.remove(named ?? (who as RemoteParticipant));
  }

  async muteOthers(): Promise<void> {
    await this.#people.mute();
  }

  async muteAllRemoteParticipants(): Promise<void> {
    await this.muteOthers();
  }

  async changeRole(participant: RemoteParticipant, role: Role): Promise<void> {
    await this.#people.changeRole(participant, role);
  }

  async startVideo(
    source?: VideoDeviceInfo | LocalVideoStream | CustomSource,
    options: VideoOptions = {},
  ): Promise<LocalVideoStream> {
    this.assertMay('sendVideo');

    return this.local.startVideo(source, options);
  }

  async stopVideo(stream?: LocalVideoStream): Promise<void> {
    this.assertLive();
    if (stream !== undefined && stream.type !== 'Video') {
      throw new TypeError('stopVideo() takes the stream that startVideo() gave.');
    }
    if (stream === undefined || this.localVideoStreams.includes(stream)) {
      await this.local.stopVideo();
    }
  }

  get isIncomingAudioMuted(): boolean {
    return this.incomingSound.isMuted;
  }

  async muteIncomingAudio(): Promise<void> {
    this.#muteIncomingAudio(true);
  }

  async unmuteIncomingAudio(): Promise<void> {
    this.#muteIncomingAudio(false);
  }

  async startScreenSharing(
    source: ScreenSharingOptions | LocalVideoStream | CustomSource = {},
    options: ScreenSharingOptions = {},
  ): Promise<void> {
    this.assertMay('shareScreen');
    await (isVideoSource(source)
      ? this.local.startScreenSharing(source, options)
      : this.local.startScreenSharing(undefined, source));
  }

  async stopScreenSharing(): Promise<void> {
    this.assertLive();
    await this.local.stopScreenSharing();
  }

  async setConstraints(constraints: MediaConstraints): Promise<void> {
    const limits = limitsWith(this.limits, constraints);
    this.assertLive();
    this.limits = limits;
    await this.session?.media.setLimits(limits);
  }

  async setAudioSource(source: CustomSource | undefined): Promise<void> {
    this.assertLive();
    await this.local.setAudioSource(source);
  }

  get optimalVideoCount(): number {
    return this.session?.videoCount.count ?? maxExpectedVideos;
  }

  get optimalVideoCountReason(): Call['optimalVideoCountReason'] {
    return this.session?.videoCount.reason;
  }

  get audioProcessor(): AudioProcessor | undefined {
    return this.local.microphone.processor;
  }

  async setAudioProcessor(processor: AudioProcessor | undefined): Promise<void> {
    this.assertLive();
    await this.local.microphone.setProcessor(processor);
  }

  async sendData(
    payload: Uint8Array,
    { channel = 'ordered' }: { channel?: DataChannelKind } = {},
  ): Promise<void> {
    // By its name, not its class: it may belong to another window than this script.
    if (Object.prototype.toString.call(payload) !== '[object Uint8Array]') {
      throw new TypeError('sendData() takes a Uint8Array.');
    }
    if (!dataChannels.includes(channel)) {
      throw new TypeError("The channel must be 'ordered' or 'lossy'.");
    }
    this.assertMay('sendData');
    if (this.own.isOnHold) {
      throw new CallError('invalid_state', 'The call is on hold.');
    }
    await this.#entered.media.sendData(payload, channel);
  }

  async raiseHand(): Promise<void> {
    await this.features.raiseHand();
  }

  async lowerHand(member: CallMember = 'own'): Promise<void> {
    await this.features.lowerHand(member);
  }

  async sendReaction(reaction: string): Promise<void> {
    await this.features.sendReaction(reaction);
  }

  async setSpotlight(members: readonly CallMember[]): Promise<void> {
    await this.features.setSpotlight(members);
  }

  async setCustomData(items: Readonly<Record<string, string | null>>): Promise<void> {
    await this.features.setCustomData(items);
  }

  async submitSurvey(survey: Survey): Promise<void> {
    await this.features.submitSurvey(survey);
  }

  async sendDtmf(tone: DtmfTone): Promise<never> {
    return this.features.sendDtmf(tone);
  }

  async hold(): Promise<void> {
    await this.#setOnHold(true);
  }

  async resume(): Promise<void> {
    await this.#setOnHold(false);
  }

  /** The page is hidden, or seen again. */
  setVisible(isVisible: boolean): void {
    this.local.setVisible(isVisible);
  }

  /** Changes over to another microphone. */
  async switchMicrophone(microphoneId: string): Promise<void> {
    await this.local.switchMicrophone(microphoneId);
  }

  async followMicrophone(name: string | undefined): Promise<void> {
    await this.local.followMicrophone(name);
  }

  /** Brings the state in line with what it depends on. */
  protected abstract settle(): void;

  /** A device could not be had, or has stopped by itself. Never rejects. */
  protected abstract tellFailure(error: MediaDeviceError): Promise<void>;

  /** @throws CallError `invalid_state` when the call has ended, or is about to. */
  protected abstract assertLive(): void;

  protected assertMay(action: Action): void {
    this.assertLive();
    this.own.assertMay(action);
  }

  #muteIncomingAudio(isMuted: boolean): void {
    this.assertLive();
    if (isMuted !== this.isIncomingAudioMuted) {
      this.incomingSound.setMuted(isMuted);
      this.emit('isIncomingAudioMutedChanged');
    }
  }

  get #entered(): CallSession {
    if (this.session === undefined) {
      throw new CallError('invalid_state', 'The call has not been entered yet.');
    }

    return this.session;
  }

  get #people(): CallPeople {
    this.assertLive();

    return this.#entered.people;
  }

  async #setOnHold(isOnHold: boolean): Promise<void> {
    this.assertLive();
    await this.#entered.setOnHold(isOnHold);
  }
}

import { createDeferred, Disposer } from '@parley/kit';
import type {
  Action,
  CallKind,
  CallNotification,
  DataChannelKind,
  Entered,
  Joined,
  Role,
} from '@parley/protocol';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import { endReasonOf, toCallEndReason, type CallEndReason } from '../endReason.ts';
import { CallError, toCallError } from '../errors.ts';
import { EventSource } from '../events.ts';
import { ParticipantRegistry } from '../participants/ParticipantRegistry.ts';
import type { RemoteParticipant } from '../participants/participantTypes.ts';
import type { LocalVideoStream } from '../streams/streamTypes.ts';
import type { CallDependencies, EnterCall } from './callDependencies.ts';
import { CallMedia, isMediaNotification } from './CallMedia.ts';
import { createCallMachine } from './callMachine.ts';
import type { Call, CallEvents, CallOptions, CallState } from './callTypes.ts';
import { leaveCall } from './leaveCall.ts';
import { LocalMedia } from './LocalMedia.ts';
import { OwnPart } from './OwnPart.ts';

interface CallImplOptions {
  direction: Call['direction'];
  kind: CallKind;
  options: CallOptions;
  enter: EnterCall;
  dependencies: CallDependencies;
  /** Called once, before the last `stateChanged`. */
  onEnded: () => void;
}

export class CallImpl extends EventSource<CallEvents> implements Call {
  readonly direction: Call['direction'];
  readonly #options: CallImplOptions;
  readonly #machine = createCallMachine((to) => this.#onState(to));
  readonly #local: LocalMedia;
  readonly #own: OwnPart;
  readonly #cleanups = new Disposer();
  /** Settled when the server has answered, or the request has failed. */
  readonly #answered = createDeferred<void>();
  #id: string | undefined;
  #kind: CallKind;
  #participants: ParticipantRegistry | undefined;
  #media: CallMedia | undefined;
  #callEndReason: CallEndReason | undefined;
  #hangingUp: Promise<void> | undefined;

  constructor(options: CallImplOptions) {
    super();
    this.#options = options;
    this.direction = options.direction;
    this.#kind = options.kind;
    this.#local = new LocalMedia({
      capture: options.dependencies.capture,
      options: options.options,
      onMutedChanged: () => this.emit('isMutedChanged'),
      onMicrophoneAvailableChanged: () => this.emit('isMicrophoneAvailableChanged'),
      onScreenSharingChanged: () => this.emit('isScreenSharingOnChanged'),
      onStreamsUpdated: (update) => this.emit('localVideoStreamsUpdated', update),
      onFailed: (error) => this.emit('mediaDeviceFailed', error),
    });
    this.#own = new OwnPart({
      media: this.#local,
      onRoleChanged: () => this.emit('roleChanged'),
      onSpeakingChanged: () => this.emit('isSpeakingChanged'),
    });
    this.#cleanups.add(() => this.#local.close());
  }

  get id(): string | undefined {
    return this.#id;
  }

  get kind(): CallKind {
    return this.#kind;
  }

  get state(): CallState {
    return this.#machine.state;
  }

  get callEndReason(): CallEndReason | undefined {
    return this.#callEndReason;
  }

  get role(): Role | undefined {
    return this.#own.role;
  }

  get isMuted(): boolean {
    return this.#local.microphone.isMuted;
  }

  get isMicrophoneAvailable(): boolean {
    return this.#local.microphone.isAvailable;
  }

  get isSpeaking(): boolean {
    return this.#own.isSpeaking;
  }

  get isScreenSharingOn(): boolean {
    return this.#local.isScreenSharingOn;
  }

  get localVideoStreams(): readonly LocalVideoStream[] {
    return this.#local.streams;
  }

  get remoteParticipants(): readonly RemoteParticipant[] {
    return this.#participants?.participants ?? [];
  }

  /** From the first moment of its end on, when `Disconnected` is still to be told. */
  get #isOver(): boolean {
    return this.#callEndReason !== undefined;
  }

  /** Enters the call. @throws CallError when it cannot be entered; the call has ended then. */
  async start(): Promise<void> {
    if (this.state !== 'None') {
      throw hungUp();
    }
    const { dependencies, enter } = this.#options;
    this.#machine.go('Connecting');
    const answerCame = dependencies.router.expect();
    try {
      // A listener of the event above may have hung up.
      this.#assertEntering();
      this.#local.begin();
      const expectedVideos = this.#options.options.videoOptions?.expectedVideos;
      const offer = await dependencies.mediaOffer();
      const media = expectedVideos === undefined ? offer : { ...offer, expectedVideos };
      this.#assertEntering();
      const joined = await enter(media, {
        onLateAnswer: (late) => {
          if (late.action !== 'redirect') {
            void leaveCall(late.call.id, dependencies);
          }
        },
      });
      assertJoined(joined);
      this.#id = joined.call.id;
      this.#assertEntering();
      this.#join(joined);
    } catch (error) {
      const failure = toCallError(error);
      if (this.#machine.state !== 'Disconnecting') {
        this.#giveUp(endReasonOf(failure));
      }
      throw failure;
    } finally {
      answerCame();
      this.#answered.resolve();
    }
  }

  async mute(): Promise<void> {
    this.#assertLive();
    await this.#local.microphone.setMuted(true);
  }

  async unmute(): Promise<void> {
    this.#assertMay('sendAudio');
    await this.#local.microphone.setMuted(false);
  }

  async startVideo(camera?: VideoDeviceInfo): Promise<LocalVideoStream> {
    this.#assertMay('sendVideo');

    return this.#local.startVideo(camera);
  }

  async stopVideo(stream?: LocalVideoStream): Promise<void> {
    this.#assertLive();
    if (stream !== undefined && stream.type !== 'Video') {
      throw new TypeError('stopVideo() takes the stream that startVideo() gave.');
    }
    if (stream === undefined || this.localVideoStreams.includes(stream)) {
      await this.#local.stopVideo();
    }
  }

  async startScreenSharing(options: { audio?: boolean } = {}): Promise<void> {
    this.#assertMay('shareScreen');
    await this.#local.startScreenSharing(options.audio ?? false);
  }

  async stopScreenSharing(): Promise<void> {
    this.#assertLive();
    await this.#local.stopScreenSharing();
  }

  async sendData(
    payload: Uint8Array,
    { channel = 'ordered' }: { channel?: DataChannelKind } = {},
  ): Promise<void> {
    this.#assertMay('sendData');
    if (this.#media === undefined) {
      throw new CallError('invalid_state', 'The call has not been entered yet.');
    }
    await this.#media.sendData(payload, channel);
  }

  async hangUp(options: { forEveryone?: boolean } = {}): Promise<void> {
    if (options.forEveryone === true && this.state !== 'None') {
      await this.#endForEveryone();
    }
    await this.#hangUpOnce();
  }

  /** Changes over to another microphone. */
  async switchMicrophone(microphoneId: string): Promise<void> {
    await this.#local.switchMicrophone(microphoneId);
  }

  /** Ends the call on this side: the server has ended it, or cannot be told. Idempotent. */
  end(reason: CallEndReason): void {
    if (this.#isOver) {
      return;
    }
    // Who has hung up is told just that, whatever else ends the call meanwhile.
    const finalReason = this.#hangingUp === undefined ? reason : toCallEndReason('hangup');
    // Known before anything is told, so that a listener who hangs up has nothing left to do.
    this.#callEndReason = finalReason;
    this.#cleanups.dispose();
    this.#participants?.end(finalReason);
    this.emit('callEndReasonChanged');
    this.#options.onEnded();
    this.#machine.go('Disconnected');
  }

  #join(joined: Joined): void {
    const { dependencies } = this.#options;
    const { call, participantId } = joined;
    const media = new CallMedia({
      snapshot: call,
      parameters: joined.media,
      iceServers: dependencies.iceServers(),
      request: dependencies.request,
      openMedia: dependencies.openMedia,
      playAudio: dependencies.playAudio,
      clock: dependencies.clock,
      logger: dependencies.logger,
      onPathChanged: (state) => {
        if (state === 'failed') {
          this.#giveUp(toCallEndReason('media_failed'));
        }
      },
      onPublicationLost: (producerId) => this.#local.endedByServer(producerId),
      onDataReceived: (message, channel) => this.emit('dataReceived', { ...message, channel }),
    });
    this.#media = media;
    this.#cleanups.add(() => media.close());
    this.#participants = new ParticipantRegistry({
      ownId: participantId,
      media,
      onUpdated: (update) => this.emit('remoteParticipantsUpdated', update),
    });
    this.#kind = call.kind;
    this.emit('idChanged');
    this.#own.enter(joined, media.publisher);
    this.#participants.enter(call);
    // A listener of the events above may have hung up.
    this.#assertEntering();
    this.#machine.go(call.state === 'ringing' ? 'Ringing' : 'Connected');
    this.#cleanups.add(dependencies.router.open(call.id, (notification) => this.#apply(notification)));
  }

  #apply(notification: CallNotification): void {
    if (this.#isOver) {
      return;
    }
    if (isMediaNotification(notification)) {
      this.#media?.apply(notification);

      return;
    }
    switch (notification.name) {
      case 'callStateChanged': {
        if (notification.data.state === 'connected' && this.#machine.canGo('Connected')) {
          this.#machine.go('Connected');
        }
        break;
      }
      case 'callEnded': {
        this.end(toCallEndReason(notification.data.reason));
        break;
      }
      case 'roomRulesChanged': {
        this.#own.apply(notification);
        break;
      }
      default: {
        this.#own.apply(notification);
        this.#participants?.apply(notification);
      }
    }
  }

  async #endForEveryone(): Promise<void> {
    await this.#answered.promise;
    if (this.#id === undefined || this.#hangingUp !== undefined || this.#isOver) {
      return;
    }
    this.#assertMay('endForEveryone');
    await this.#options.dependencies.request('endCall', { callId: this.#id });
    this.end(toCallEndReason('ended_for_everyone'));
  }

  #hangUpOnce(): Promise<void> {
    if (this.#hangingUp === undefined) {
      // Known before it begins: a listener of its first event may hang up too.
      const done = createDeferred<void>();
      this.#hangingUp = done.promise;
      this.#hangUp().then(
        () => done.resolve(),
        (error: unknown) => done.reject(error),
      );
    }

    return this.#hangingUp;
  }

  async #hangUp(): Promise<void> {
    if (this.#isOver) {
      return;
    }
    const neverAsked = this.state === 'None';
    this.#machine.go('Disconnecting');
    // Devices and media end now; the server is told as soon as it has named the call.
    this.#cleanups.dispose();
    if (!neverAsked) {
      await this.#answered.promise;
    }
    if (this.#id !== undefined) {
      await leaveCall(this.#id, this.#options.dependencies);
    }
    this.end(toCallEndReason('hangup'));
  }

  /** Ends for a fault on this side, of which the server knows nothing yet. */
  #giveUp(reason: CallEndReason): void {
    if (this.#id !== undefined && !this.#isOver) {
      void leaveCall(this.#id, this.#options.dependencies);
    }
    this.end(reason);
  }

  #onState(state: CallState): void {
    const { logger } = this.#options.dependencies;
    logger.info('call state changed', { callId: this.#id, state, reason: this.#callEndReason?.name });
    this.emit('stateChanged');
  }

  #assertEntering(): void {
    if (this.state !== 'Connecting' || this.#isOver) {
      throw hungUp();
    }
  }

  #assertLive(): void {
    if (this.state === 'Disconnecting' || this.#isOver) {
      throw new CallError('invalid_state', 'The call has ended.');
    }
  }

  #assertMay(action: Action): void {
    this.#assertLive();
    this.#own.assertMay(action);
  }
}

function assertJoined(entered: Entered): asserts entered is Joined {
  if (entered.action !== 'joined') {
    throw new CallError('not_supported', `The server answered "${entered.action}".`);
  }
}

function hungUp(): CallError {
  return new CallError('invalid_state', 'The call was hung up before it was entered.');
}

import { createDeferred, Disposer } from '@parley/kit';
import type { CallKind, CallNotification, Joined, Waiting } from '@parley/protocol';
import type { MediaDeviceError } from '../devices/MediaDeviceError.ts';
import { endReasonOf, toCallEndReason, type CallEndReason } from '../endReason.ts';
import { CallError, toCallError } from '../errors.ts';
import type { CallConnection } from './CallConnection.ts';
import type { CallFeatureFactory } from '../features/CallFeatureFactory.ts';
import type { CallDependencies, CheckedCallOptions, EnterCall } from './callDependencies.ts';
import { CallControls } from './CallControls.ts';
import { CallFeatureHostImpl } from './CallFeatureHostImpl.ts';
import { createCallMachine } from './callMachine.ts';
import type { CaughtUp } from './CallListener.ts';
import { CallSession } from './CallSession.ts';
import type { Call, CallState } from './callTypes.ts';
import { LoadedFeatures } from './LoadedFeatures.ts';
import { presentState } from './presentState.ts';

interface CallImplOptions {
  direction: Call['direction'];
  kind: CallKind;
  options: CheckedCallOptions;
  enter: EnterCall;
  dependencies: CallDependencies;
  /** Called once, before the last `stateChanged`. */
  onEnded: () => void;
}

export class CallImpl extends CallControls implements Call {
  readonly direction: Call['direction'];
  readonly #options: CallImplOptions;
  readonly #machine = createCallMachine((to) => this.#onState(to));
  readonly #cleanups = new Disposer();
  readonly #loaded: LoadedFeatures;
  #id: string | undefined;
  #kind: CallKind;
  #connection: CallConnection | undefined;
  /** Resolves when the server has answered whether this page may enter, or that has failed; undefined until it is asked. */
  #answered: Promise<unknown> | undefined;
  /** Resolves when the call is entered, or has ended before. */
  readonly #begun = createDeferred<void>();
  #callEndReason: CallEndReason | undefined;
  #hangingUp: Promise<void> | undefined;

  constructor(options: CallImplOptions) {
    super(options.dependencies.capture, options.options);
    this.#options = options;
    this.direction = options.direction;
    this.#kind = options.kind;
    this.#cleanups.add(() => this.local.close());
    this.#loaded = new LoadedFeatures(
      new CallFeatureHostImpl({
        call: this,
        dependencies: options.dependencies,
        microphone: this.local.microphone,
        session: () => this.session,
        isConnectionLost: () => this.#connection?.isLost === true,
        assertLive: () => this.assertLive(),
        onEnd: (dispose) => this.#cleanups.add(dispose),
      }),
    );
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

  /** From the first moment of its end on, when `Disconnected` is still to be told. */
  get #isOver(): boolean {
    return this.#callEndReason !== undefined;
  }

  feature<Feature>(factory: CallFeatureFactory<Feature>): Feature {
    return this.#loaded.get(factory);
  }

  api<Feature>(factory: CallFeatureFactory<Feature>): Feature {
    return this.#loaded.get(factory);
  }

  /** Enters the call. @throws CallError when it cannot be entered; the call has ended then. */
  async start(): Promise<void> {
    if (this.state !== 'None') {
      throw hungUp();
    }
    const { dependencies, enter, options } = this.#options;
    this.#machine.go('Connecting');
    try {
      // A listener of the event above may have hung up.
      this.#assertEntering();
      const connection = dependencies.connect();
      this.#connection = connection;
      this.local.begin();
      await options.encryption?.begin(this);
      this.#assertEntering();
      const offer = await dependencies.mediaOffer();
      this.#assertEntering();
      const expectedVideos = options.videoOptions?.expectedVideos;
      const media = expectedVideos === undefined ? offer : { ...offer, expectedVideos };
      const entering = connection.enter((request, rest) => enter(request, media, rest));
      this.#answered = entering.catch(() => {});
      const entered = await entering;
      this.#id = entered.call.id;
      this.#assertEntering();
      this.#enter(entered, connection);
    } catch (error) {
      const failure = toCallError(error);
      if (this.#machine.state !== 'Disconnecting') {
        dependencies.logger.warn('call refused', { code: failure.code });
        this.#giveUp(endReasonOf(failure));
      }
      throw failure;
    } finally {
      this.#begun.resolve();
    }
  }

  async hangUp(options: { forEveryone?: boolean } = {}): Promise<void> {
    if (options.forEveryone === true && this.state !== 'None') {
      await this.#endForEveryone();
    }
    await this.#hangUpOnce();
  }

  /** The network of this machine has changed. */
  networkChanged(): void {
    this.#connection?.hurry();
    this.session?.networkChanged();
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
    this.#connection?.close();
    this.session?.end(finalReason);
    this.emit('callEndReasonChanged');
    this.#options.onEnded();
    this.#machine.go('Disconnected');
  }

  #enter(entered: Joined | Waiting, connection: CallConnection): void {
    this.emit('idChanged');
    // A listener of these events may hang up.
    this.#assertEntering();
    if (entered.action === 'joined') {
      this.#join(entered, connection);
      this.#assertEntering();
    }
    this.settle();
    connection.listen({
      onNotification: (notification) => this.#apply(notification, connection),
      onSnapshot: (snapshot) => this.#follow(() => this.session?.follow(snapshot)),
      onLost: () => this.#follow(() => this.session?.lost()),
      onResumed: (answer) => this.#follow(() => this.#resumed(answer, entered, connection)),
      onEnded: (reason) => this.end(reason),
    });
  }

  #join(joined: Joined, connection: CallConnection): void {
    const { call } = joined;
    const session = new CallSession({
      joined,
      own: this.own,
      lobby: this.lobby,
      features: this.features,
      connection,
      dependencies: this.#options.dependencies,
      playAudio: (stream) => this.incomingSound.add(this.#options.dependencies.playAudio(stream)),
      automatic: this.#options.options.automatic,
      onParticipantsUpdated: (update) => this.emit('remoteParticipantsUpdated', update),
      onDataReceived: (received) => this.emit('dataReceived', received),
      onPublicationLost: (producerId) => this.local.endedByServer(producerId),
      onChanged: () => this.settle(),
      onVideoCountChanged: () => this.emit('optimalVideoCountChanged'),
      onMediaFailed: () => this.#giveUp(toCallEndReason('media_failed')),
    });
    this.session = session;
    session.media.setLimits(this.limits).catch((error: unknown) => {
      this.#options.dependencies.logger.warn('what is received was not limited', {
        callId: call.id,
        code: toCallError(error).code,
      });
    });
    this.#cleanups.add(() => session.close());
    this.own.enter(joined, session.media.publisher);
    this.emit('endpointIdChanged');
    this.features.follow(call);
    session.participants.follow(call);
    this.lobby.follow(call.lobby ?? []);
  }

  #resumed(answer: CaughtUp, { participantId }: Joined | Waiting, connection: CallConnection): void {
    if (this.session === undefined && answer.action === 'rejoin' && answer.snapshot !== undefined) {
      // Let in while nobody was there to hear of it.
      const { resumeToken, media } = answer;
      const { sequence, call } = answer.snapshot;
      this.#join({ action: 'joined', participantId, resumeToken, sequence, call, media }, connection);
    } else {
      this.session?.resumed(answer);
    }
  }

  #apply(notification: CallNotification, connection: CallConnection): void {
    switch (notification.name) {
      case 'callEnded': {
        this.end(toCallEndReason(notification.data.reason));
        break;
      }
      case 'admitted': {
        const { joined } = notification.data;
        connection.begin(joined);
        this.#follow(() => this.#join(joined, connection));
        break;
      }
      default: {
        this.#follow(() => this.session?.apply(notification));
      }
    }
  }

  /** Takes over a change, unless the call has ended, and what follows from it for the state. */
  #follow(change: () => void): void {
    if (!this.#isOver) {
      change();
      this.settle();
    }
  }

  protected override settle(): void {
    const kind = this.session?.kind ?? this.#kind;
    if (kind !== this.#kind) {
      this.#kind = kind;
      this.emit('kindChanged');
    }
    const state = presentState(this.#connection, this.session, this.own);
    if (!this.#isOver && state !== this.state && this.#machine.canGo(state)) {
      this.#machine.go(state);
    }
  }

  /** Who accepts a call has it only once it is entered, and is told then of what has failed before. */
  protected override async tellFailure(error: MediaDeviceError): Promise<void> {
    if (this.direction === 'Incoming' && ['None', 'Connecting'].includes(this.state)) {
      await this.#begun.promise;
      await new Promise<void>((tell) => this.#options.dependencies.clock.schedule(0, tell));
    }
    this.emit('mediaDeviceFailed', error);
  }

  async #endForEveryone(): Promise<void> {
    await this.#answered;
    if (this.#id === undefined || this.#hangingUp !== undefined || this.#isOver) {
      return;
    }
    this.assertMay('endForEveryone');
    try {
      await this.#connection?.request('endCall', { callId: this.#id });
    } catch (error) {
      // Whatever has ended it meanwhile.
      if (!this.#isOver) {
        throw error;
      }
    }
    this.end(toCallEndReason('ended_for_everyone'));
  }

  #hangUpOnce(): Promise<void> {
    if (this.#hangingUp === undefined) {
      // Known before it begins: a listener of its first event may hang up too.
      const done = Promise.withResolvers<void>();
      this.#hangingUp = done.promise;
      done.resolve(this.#hangUp());
    }

    return this.#hangingUp;
  }

  async #hangUp(): Promise<void> {
    if (this.#isOver) {
      return;
    }
    this.#machine.go('Disconnecting');
    // Devices and media end now; the server is told as soon as it has named the call.
    this.#cleanups.dispose();
    // In one go where nobody has been asked: nothing of such a call is told.
    if (this.#connection !== undefined) {
      await this.#answered;
      await this.#connection.leave();
    }
    this.end(toCallEndReason('hangup'));
  }

  /** Ends for a fault on this side, of which the server knows nothing yet. */
  #giveUp(reason: CallEndReason): void {
    if (!this.#isOver) {
      void this.#connection?.leave();
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

  protected override assertLive(): void {
    if (this.state === 'Disconnecting' || this.#isOver) {
      throw new CallError('invalid_state', 'The call has ended.');
    }
  }
}

function hungUp(): CallError {
  return new CallError('invalid_state', 'The call was hung up before it was entered.');
}

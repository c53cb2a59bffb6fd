import { Disposer, type Clock } from '@parley/kit';
import {
  customItemsSchema,
  maxCallees,
  objectIdSchema,
  userIdSchema,
  type MediaOffer,
} from '@parley/protocol';
import { changedAutomatic, type Automatic } from '../automatic.ts';
import { assertCallOptions } from '../call/assertCallOptions.ts';
import type { EnterCall } from '../call/callDependencies.ts';
import { CallImpl } from '../call/CallImpl.ts';
import type { CallOptions, StartCallOptions } from '../call/callOptionTypes.ts';
import type { Call } from '../call/callTypes.ts';
import { DeviceManagerImpl } from '../devices/DeviceManagerImpl.ts';
import type { DeviceMemory } from '../devices/DeviceMemory.ts';
import type { DevicesPort } from '../devices/DevicesPort.ts';
import { endReasonOf, toCallEndReason } from '../endReason.ts';
import { CallError } from '../errors.ts';
import { EventSource } from '../events.ts';
import type { Logger } from '../logger.ts';
import type { MediaPort } from '../media/MediaPort.ts';
import { idOf } from '../participants/identifier.ts';
import type { CommunicationIdentifier } from '../participants/participantTypes.ts';
import type { AudioOutput } from '../rendering/AudioOutput.ts';
import type { Playback } from '../rendering/Playback.ts';
import type { Welcome } from '../signaling/Connection.ts';
import { clientInternals, type ClientInternals } from './clientInternals.ts';
import type { CallClient, CallClientEvents, ClientIdentity, ConnectionState } from './clientTypes.ts';
import { IncomingCalls } from './IncomingCalls.ts';
import type { UserConnection } from './UserConnection.ts';
import type { WatchPage } from './watchPage.ts';

interface CallClientParts {
  connection: UserConnection;
  media: MediaPort;
  devices: DevicesPort;
  deviceMemory: DeviceMemory | undefined;
  audioOutput: AudioOutput;
  watchPage: WatchPage;
  automatic: Automatic;
  clock: Clock;
  logger: Logger;
}

/** Joins the parts of the SDK to the client that an application holds. */
export class CallClientImpl extends EventSource<CallClientEvents> implements CallClient {
  readonly deviceManager: DeviceManagerImpl;
  readonly #parts: CallClientParts;
  readonly #calls = new Set<CallImpl>();
  /** Those of the calls that `callsUpdated` has told of. */
  readonly #announced = new Set<CallImpl>();
  readonly #incoming: IncomingCalls;
  readonly #cleanups = new Disposer();
  #welcome: Welcome;
  /** As it was told last. */
  #reason: CallError | undefined;
  #mediaOffer: Promise<MediaOffer>;
  #disposed: Promise<void> | undefined;

  private constructor(parts: CallClientParts, welcome: Welcome) {
    super();
    const { connection, audioOutput, automatic, devices, deviceMemory } = parts;
    this.#parts = parts;
    this.#welcome = welcome;
    this.#mediaOffer = this.#prepareMedia(welcome);
    this.deviceManager = new DeviceManagerImpl({
      devices,
      memory: automatic.rememberDevices ? deviceMemory : undefined,
      automatic,
      canSetSpeaker: () => audioOutput.canSetSpeaker,
      setSpeaker: (speakerId) => audioOutput.setSpeaker(speakerId),
      switchMicrophone: (id) => this.#inEach((call) => call.switchMicrophone(id)),
      followMicrophone: (name) => this.#inEach((call) => call.followMicrophone(name)),
    });
    this.#incoming = new IncomingCalls({
      request: (name, data) => connection.request(name, data),
      makeCall: ({ callId, kind }, options) => {
        const call = this.#makeCall('Incoming', kind, options, async (request, media, rest) => {
          const { kickSiblings } = options;
          const answer = await request('acceptCall', { callId, media, kickSiblings }, rest);
          if (answer.action === 'joined') {
            this.#holdAllBut(call);
          }

          return answer;
        });
        this.#announce(call);

        return call;
      },
      onRinging: (incoming) => this.emit('incomingCall', incoming),
    });
    // Who closes the page has left, and nobody should wait for them as for somebody whose connection was lost.
    this.#cleanups.add(
      parts.watchPage(
        () => automatic.leaveWithPage && void this.dispose(),
        (isVisible) => this.#setVisible(isVisible),
      ),
    );
    this.#cleanups.add(
      audioOutput.on('isBlockedChanged', () => {
        this.emit('isAudioPlaybackBlockedChanged');
        if (audioOutput.isBlocked) {
          this.emit('audioPlaybackBlocked');
        }
      }),
    );
    this.#cleanups.add(
      connection.on('reasonChanged', () => {
        const { reason } = connection;
        if (reason !== this.#reason) {
          this.#reason = reason;
          this.emit('disconnectReasonChanged');
        }
      }),
    );
    this.#cleanups.add(connection.on('stateChanged', () => this.emit('connectionStateChanged')));
    this.#cleanups.add(connection.on('lost', (reason) => this.#incoming.end(endReasonOf(reason))));
    this.#cleanups.add(connection.on('notification', (notification) => this.#incoming.apply(notification)));
    this.#cleanups.add(connection.on('networkChanged', () => this.#networkChanged()));
    this.#cleanups.add(
      connection.on('welcomed', (again) => {
        const { displayName } = this.identity;
        this.#welcome = again;
        this.#mediaOffer = this.#prepareMedia(again);
        if (displayName !== this.identity.displayName) {
          this.emit('identityChanged');
        }
      }),
    );
  }

  /** Connects; on failure nothing is left behind. */
  static async create(parts: CallClientParts): Promise<CallClientImpl> {
    return new CallClientImpl(parts, await parts.connection.open());
  }

  get identity(): ClientIdentity {
    const { userId, displayName, kind } = this.#welcome.identity;

    return { id: userId, displayName, type: kind };
  }

  get calls(): readonly Call[] {
    return [...this.#calls];
  }

  get connectionState(): ConnectionState {
    return connectionStates[this.#parts.connection.state];
  }

  get disconnectReason(): CallError | undefined {
    return this.#parts.connection.reason;
  }

  get isAudioPlaybackBlocked(): boolean {
    return this.#parts.audioOutput.isBlocked;
  }

  get [clientInternals](): ClientInternals {
    return {
      ...this.#parts,
      request: this.#parts.connection.request,
      mediaOffer: () => this.#mediaOffer,
      assertUsable: () => this.#assertUsable(),
    };
  }

  async startAudio(): Promise<void> {
    this.#assertUsable();
    await this.#parts.audioOutput.start();
  }

  call(named: readonly (string | CommunicationIdentifier)[], options: StartCallOptions = {}): Call {
    const ids = Array.isArray(named) && named.map(idOf);
    if (!isCalleeList(ids)) {
      throw new TypeError(
        `call() takes a list of 1 to ${maxCallees} user ids, or numbers of utils.normalizePhoneNumber().`,
      );
    }
    const { customData } = options;
    if (customData !== undefined && !customItemsSchema.safeParse(customData).success) {
      throw new TypeError('customData takes strings by name, as StartCallOptions describes them.');
    }
    const asked = {
      callees: ids,
      ...(customData === undefined ? {} : { customData: { ...customData } }),
    };

    return this.#startSoon(ids.length === 1 ? 'direct' : 'group', options, (request, media, rest) =>
      request('startCall', { ...asked, media }, rest),
    );
  }

  startCall(...[ids, options]: Parameters<CallClient['call']>): Call {
    return this.call(ids, options);
  }

  join(place: Parameters<CallClient['join']>[0], options: CallOptions = {}): Call {
    const { groupId, roomId = groupId, callId } = (place ?? {}) as Record<string, string | undefined>;
    const id = objectIdSchema.safeParse(roomId ?? callId);
    if (!id.success || (roomId !== undefined && callId !== undefined)) {
      throw new TypeError('join() takes { roomId } or { callId }, with the id of the one or the other.');
    }

    const { kickSiblings } = options;

    return roomId === undefined
      ? this.#startSoon('group', options, (request, media, rest) =>
          request('joinCall', { callId: id.data, media, kickSiblings }, rest),
        )
      : this.#startSoon('room', options, (request, media, rest) =>
          request('joinRoom', { roomId: id.data, media, kickSiblings }, rest),
        );
  }

  dispose(): Promise<void> {
    // Begun in a microtask, so that it is known when a listener of its first event disposes too.
    this.#disposed ??= Promise.resolve().then(() => this.#dispose());

    return this.#disposed;
  }

  /** Makes an outgoing call, and starts it once its maker has had the chance to subscribe to it. */
  #startSoon(kind: Call['kind'], options: CallOptions, enter: EnterCall): Call {
    const call = this.#makeCall('Outgoing', kind, options, enter);
    queueMicrotask(() => {
      this.#announce(call);
      // How it went is the call's end reason.
      call.start().catch(() => {});
    });

    return call;
  }

  #assertUsable(): void {
    if (this.#disposed !== undefined) {
      throw new CallError('invalid_state', 'The client was disposed.');
    }
  }

  #makeCall(
    direction: Call['direction'],
    kind: Call['kind'],
    options: CallOptions,
    enter: EnterCall,
  ): CallImpl {
    this.#assertUsable();
    assertCallOptions(options);
    const { connection, media, audioOutput, automatic, clock, logger } = this.#parts;
    const { encryption } = options;
    const call = new CallImpl({
      direction,
      kind,
      options: { ...options, automatic: changedAutomatic(automatic, options.automatic) },
      enter,
      dependencies: {
        connect: () => connection.connectCall(),
        requestAt: (endpoint, name, data) => connection.requestAt(endpoint, name, data),
        capture: this.deviceManager.capture,
        openMedia: (session) => media.open({ ...session, encryption }),
        mediaOffer: () => this.#mediaOffer,
        playAudio: (stream) => (automatic.playAudio ? audioOutput.play(stream) : unheard),
        clock,
        logger,
      },
      onEnded: () => {
        this.#calls.delete(call);
        if (this.#announced.delete(call)) {
          this.emit('callsUpdated', { added: [], removed: [call] });
        }
      },
    });
    this.#calls.add(call);

    return call;
  }

  #announce(call: CallImpl): void {
    if (this.#calls.has(call)) {
      this.#announced.add(call);
      this.emit('callsUpdated', { added: [call], removed: [] });
    }
  }

  /** A server does so with those that are on the same connection. One that is in no state for it sends nothing. */
  #holdAllBut(accepted: CallImpl): void {
    for (const call of this.#calls) {
      if (call !== accepted && call.state !== 'LocalHold') {
        call.hold().catch(() => {});
      }
    }
  }

  #networkChanged(): void {
    for (const call of this.#calls) {
      call.networkChanged();
    }
  }

  /** iOS takes devices and sound away from a page that is not seen, and does not always give them back. */
  #setVisible(isVisible: boolean): void {
    if (isVisible && this.#parts.automatic.resumeAudio) {
      void this.#parts.audioOutput.resume();
    }
    for (const call of this.#calls) {
      call.setVisible(isVisible);
    }
  }

  #prepareMedia(welcome: Welcome): Promise<MediaOffer> {
    const offer = this.#parts.media.prepare(welcome.routerRtpCapabilities);
    // A browser without WebRTC is told when a call is tried.
    offer.catch(() => {});

    return offer;
  }

  async #inEach(task: (call: CallImpl) => Promise<void>): Promise<void> {
    await Promise.all([...this.#calls].map(task));
  }

  async #dispose(): Promise<void> {
    // Leaving may take a while, in which nobody is to be answered any more.
    this.#incoming.end(toCallEndReason('connection_lost'));
    await Promise.all([...this.#calls].map((call) => call.hangUp()));
    this.deviceManager.dispose();
    this.#parts.connection.close();
    this.#cleanups.dispose();
  }
}

const connectionStates = { connecting: 'Connecting', connected: 'Connected', ended: 'Disconnected' } as const;

/** The application plays it. */
const unheard: Playback = { continueWith() {}, setMuted() {}, stop() {} };

function isCalleeList(ids: unknown): ids is string[] {
  return (
    Array.isArray(ids) &&
    ids.length >= 1 &&
    ids.length <= maxCallees &&
    ids.every((id) => userIdSchema.safeParse(id).success)
  );
}

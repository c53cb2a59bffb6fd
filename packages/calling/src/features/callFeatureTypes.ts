import type { Clock, Disposable } from '@parley/kit';
import type { MediaSource } from '@parley/protocol';
import type { Call } from '../call/callTypes.ts';
import type { DevicesPort } from '../devices/DevicesPort.ts';
import type { LocalDevice } from '../devices/MediaDeviceError.ts';
import type { MediaSessionStats } from '../media/MediaPort.ts';
import type { RemoteParticipant } from '../participants/participantTypes.ts';

/** One stream of media on its way, as statistics name it. */
export interface CallStream {
  /** Whether this page sends it, or receives it. */
  readonly direction: 'send' | 'receive';
  /** Of its transceiver: the `mid` of its `RTCOutboundRtpStreamStats` or `RTCInboundRtpStreamStats`. */
  readonly mid: string;
  /** What it is of. */
  readonly source: MediaSource;
  /** Who sends it; undefined for this page itself. */
  readonly participant: RemoteParticipant | undefined;
  /** Whether packets are due: it is neither paused by its sender nor out of sight here. */
  readonly isFlowing: boolean;
}

/** What stands between this page and the server. */
export interface CallNetwork {
  /** The connection that signaling goes over is lost. */
  readonly isConnectionLost: boolean;
  /** The media has no path at the moment. */
  readonly isPathBroken: boolean;
  /** The browser has tried a TURN server in vain for the present transports. */
  readonly hasRelayFailed: boolean;
  /** Those whose media reaches the server badly, as the server says. */
  readonly weakSenders: readonly RemoteParticipant[];
}

/** What a call gives to its features, and to nobody else: applications use the features. */
export interface CallFeatureHost {
  /** The call that has the feature. */
  readonly call: Call;
  /** The SDK's time. */
  readonly clock: Clock;
  /** The browser's devices. */
  readonly devices: DevicesPort;
  /** What is sent and received now. Those of a large call's sound are its slots', and of whom they carry. */
  readonly streams: readonly CallStream[];
  /** How the call is connected. */
  readonly network: CallNetwork;
  /** Of the present transports; undefined while there are none. Never rejects. */
  getStats(): Promise<MediaSessionStats | undefined>;
  /** Tells the track that the microphone's sound comes from, now and whenever it is another, or none. */
  watchMicrophone(listener: (track: MediaStreamTrack | undefined) => void): Disposable;
  /** Tells of each try to open devices; what `opening` rejects with is a `MediaDeviceError`. */
  watchCaptures(listener: CaptureListener): Disposable;
  /** @throws CallError `invalid_state` when the call has ended. */
  assertLive(): void;
  /** Runs `dispose`, which must not throw, when the call ends. */
  onEnd(dispose: Disposable): void;
}

/** Devices that are opened together; where one of them fails, each is tried alone afterwards. */
export type CaptureListener = (devices: readonly LocalDevice[], opening: Promise<MediaStream>) => void;

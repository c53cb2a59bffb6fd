import type { Clock, Disposable } from '@parley/kit';
import type { DevicesPort } from '../devices/DevicesPort.ts';
import type {
  CallFeatureHost,
  CallNetwork,
  CallStream,
  CaptureListener,
} from '../features/callFeatureTypes.ts';
import type { MediaSessionStats } from '../media/MediaPort.ts';
import type { CallDependencies } from './callDependencies.ts';
import type { CallSession } from './CallSession.ts';
import type { Call } from './callTypes.ts';
import type { Microphone } from './Microphone.ts';

interface HostOptions extends Pick<CallFeatureHost, 'assertLive' | 'onEnd'> {
  call: Call;
  dependencies: CallDependencies;
  microphone: Microphone;
  /** Undefined until the call is entered. */
  session: () => CallSession | undefined;
  isConnectionLost: () => boolean;
}

export class CallFeatureHostImpl implements CallFeatureHost {
  readonly call: Call;
  readonly #options: HostOptions;

  constructor(options: HostOptions) {
    this.call = options.call;
    this.#options = options;
  }

  get clock(): Clock {
    return this.#options.dependencies.clock;
  }

  get devices(): DevicesPort {
    return this.#options.dependencies.capture.devices;
  }

  get streams(): readonly CallStream[] {
    return this.#options.session()?.streams ?? [];
  }

  get network(): CallNetwork {
    const session = this.#options.session();

    return {
      isConnectionLost: this.#options.isConnectionLost(),
      isPathBroken: session?.isPathBroken === true,
      hasRelayFailed: session?.media.hasRelayFailed === true,
      weakSenders: session?.participants.weakSenders ?? [],
    };
  }

  async getStats(): Promise<MediaSessionStats | undefined> {
    return this.#options
      .session()
      ?.media.getStats()
      .catch(() => undefined);
  }

  watchMicrophone(listener: (track: MediaStreamTrack | undefined) => void): Disposable {
    return this.#options.microphone.watch(listener);
  }

  watchCaptures(listener: CaptureListener): Disposable {
    return this.#options.dependencies.capture.watch(listener);
  }

  assertLive(): void {
    this.#options.assertLive();
  }

  onEnd(dispose: Disposable): void {
    this.#options.onEnd(dispose);
  }
}

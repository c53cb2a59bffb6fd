import type { Call, CallClient, CallOptions, IncomingCall } from '@parley/calling';
import type { Listenable } from './useObservable.ts';

/** Somebody who calls this user at the moment, to be answered here. */
export interface RingingCall extends Pick<IncomingCall, 'id' | 'kind' | 'callerInfo' | 'customData'> {
  /** As `IncomingCall.accept()`; it rings no more from then on. */
  accept(options?: CallOptions): Promise<Call>;
  /** As `IncomingCall.reject()`; it rings no more from then on. */
  reject(): Promise<void>;
}

/** Who rings a client. What is answered here has no event that says so, which is why it is answered through this list. */
export class IncomingCallList implements Listenable {
  readonly #listeners = new Set<() => void>();
  /** Ends listening to one that rings. */
  readonly #stops = new Map<RingingCall, () => void>();
  readonly #stop: () => void;

  constructor(client: CallClient) {
    this.#stop = client.on('incomingCall', (incomingCall) => this.#add(incomingCall));
  }

  get calls(): readonly RingingCall[] {
    return [...this.#stops.keys()];
  }

  on(_name: 'updated', listener: () => void): () => void {
    this.#listeners.add(listener);

    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#stop();
    for (const ringing of this.calls) {
      this.#remove(ringing);
    }
  }

  #add(incomingCall: IncomingCall): void {
    const { id, kind, callerInfo, customData } = incomingCall;
    const ringing: RingingCall = {
      id,
      kind,
      callerInfo,
      customData,
      accept: async (options) => {
        this.#remove(ringing);
        try {
          return await incomingCall.accept(options);
        } catch (error) {
          // Of wrong options nobody was told: it rings on.
          if (error instanceof TypeError) {
            follow();
          }
          throw error;
        }
      },
      reject: () => {
        this.#remove(ringing);

        return incomingCall.reject();
      },
    };
    const follow = (): void => {
      this.#stops.set(
        ringing,
        incomingCall.on('callEnded', () => this.#remove(ringing)),
      );
      this.#tell();
    };
    follow();
  }

  #remove(ringing: RingingCall): void {
    this.#stops.get(ringing)?.();
    if (this.#stops.delete(ringing)) {
      this.#tell();
    }
  }

  #tell(): void {
    for (const listener of Array.from(this.#listeners)) {
      listener();
    }
  }
}

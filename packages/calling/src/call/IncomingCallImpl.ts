import type { NotificationData } from '@parley/protocol';
import { endReasonOf, type CallEndReason } from '../endReason.ts';
import { CallError, toCallError } from '../errors.ts';
import { EventSource } from '../events.ts';
import { identifierOf } from '../participants/identifier.ts';
import type { CallImpl } from './CallImpl.ts';
import type { Call, CallOptions, IncomingCall, IncomingCallEvents } from './callTypes.ts';

interface IncomingCallImplOptions {
  invitation: NotificationData<'incomingCall'>;
  /** Makes the call; its `start()` accepts. */
  makeCall: (options: CallOptions) => CallImpl;
  sendReject: () => Promise<unknown>;
  /** It does not ring any more. */
  onOver: () => void;
  onAccepted: (call: CallImpl) => void;
}

/*
 *   ringing ──accept()──▶ answering ──▶ accepted
 *      │                     │
 *      ├──── reject() ───────┼─────────▶ rejected
 *      └──── ended ──────────┴─────────▶ ended
 */
type Phase = 'ringing' | 'answering' | 'accepted' | 'rejected' | 'ended';

export class IncomingCallImpl extends EventSource<IncomingCallEvents> implements IncomingCall {
  readonly id: string;
  readonly kind: IncomingCall['kind'];
  readonly callerInfo: IncomingCall['callerInfo'];
  readonly customData: IncomingCall['customData'];
  readonly #options: IncomingCallImplOptions;
  #phase: Phase = 'ringing';
  #callEndReason: CallEndReason | undefined;

  constructor(options: IncomingCallImplOptions) {
    super();
    const { callId, kind, caller, customData } = options.invitation;
    this.#options = options;
    this.id = callId;
    this.kind = kind;
    this.customData = customData;
    const identity = { id: caller.userId, type: caller.kind };
    this.callerInfo = { identity, identifier: identifierOf(identity), displayName: caller.displayName };
  }

  get incomingCall(): this {
    return this;
  }

  get callEndReason(): CallEndReason | undefined {
    return this.#callEndReason;
  }

  async accept(options: CallOptions = {}): Promise<Call> {
    this.#assertRinging();
    this.#phase = 'answering';
    const call = this.#makeCall(options);
    try {
      await call.start();
    } catch (error) {
      const failure = toCallError(error);
      this.#finish('ended', endReasonOf(failure));
      throw failure;
    }
    this.#phase = 'accepted';
    this.#options.onOver();
    this.#options.onAccepted(call);

    return call;
  }

  /** @throws TypeError for wrong options, with which it rings on. */
  #makeCall(options: CallOptions): CallImpl {
    try {
      return this.#options.makeCall(options);
    } catch (error) {
      this.#phase = 'ringing';
      throw error;
    }
  }

  async reject(): Promise<void> {
    this.#assertRinging();
    this.#phase = 'rejected';
    this.#options.onOver();
    await this.#options.sendReject();
  }

  /** The server says that it does not ring any more, or the connection is gone. */
  end(reason: CallEndReason): void {
    // While an answer is on its way, that request's own outcome says how it went.
    if (this.#phase === 'ringing') {
      this.#finish('ended', reason);
    }
  }

  #finish(phase: Phase, reason: CallEndReason): void {
    this.#phase = phase;
    this.#callEndReason = reason;
    this.#options.onOver();
    this.emit('callEnded', { callEndReason: reason });
  }

  #assertRinging(): void {
    if (this.#phase !== 'ringing') {
      throw new CallError('invalid_state', 'The incoming call does not ring any more.');
    }
  }
}

import type { CallKind } from '@parley/protocol';
import type { CallEndReason } from '../endReason.ts';
import type { Observable } from '../events.ts';
import type { CommunicationIdentifier, ParticipantIdentity } from '../participants/participantTypes.ts';
import type { CallOptions } from './callOptionTypes.ts';
import type { Call } from './callTypes.ts';

export type IncomingCallEvents = {
  /** It need not ring any more: canceled, answered or declined on another device, or not answered in time. */
  callEnded: [{ readonly callEndReason: CallEndReason }];
};

/** Somebody calls this user. */
export interface IncomingCall extends Observable<IncomingCallEvents> {
  /** The id that the call will have. */
  readonly id: string;
  /** `direct` when this user alone is called, `group` when others are too. */
  readonly kind: CallKind;
  /** Who calls, and by what name, as the server says it. */
  readonly callerInfo: {
    readonly identity: ParticipantIdentity;
    /** `identity`, as the released SDK writes it. */
    readonly identifier: CommunicationIdentifier;
    readonly displayName: string;
  };
  /** Itself: a listener may take `({ incomingCall })`, as one of the released SDK does. */
  readonly incomingCall: this;
  /** What the caller's application has given the call, by name; empty without. */
  readonly customData: Readonly<Record<string, string>>;
  /** Why it does not ring any more; undefined while it rings, and when it was accepted or rejected here. */
  readonly callEndReason: CallEndReason | undefined;
  /**
   * Answers. The call that comes out is in `CallClient.calls` too. What it was to begin with and could not be had is told by its
   * `mediaDeviceFailed` right afterwards.
   * @throws TypeError for options that are none, with which it rings on.
   * @throws CallError `answered_elsewhere`, `call_not_found`, or `invalid_state` when it does not ring any more.
   */
  accept(options?: CallOptions): Promise<Call>;
  /**
   * Declines, on all devices of this user.
   * @throws CallError `invalid_state` when it does not ring any more.
   */
  reject(): Promise<void>;
}

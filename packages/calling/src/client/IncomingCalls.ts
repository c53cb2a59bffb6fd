import type { NotificationData } from '@parley/protocol';
import type { CallImpl } from '../call/CallImpl.ts';
import type { CallOptions, IncomingCall } from '../call/callTypes.ts';
import { IncomingCallImpl } from '../call/IncomingCallImpl.ts';
import { toCallEndReason, type CallEndReason } from '../endReason.ts';
import type { Request } from '../signaling/request.ts';
import type { UserNotification } from '../signaling/wire.ts';

interface IncomingCallsOptions {
  request: Request;
  /** Makes the call; its `start()` accepts. */
  makeCall: (invitation: NotificationData<'incomingCall'>, options: CallOptions) => CallImpl;
  onRinging: (incoming: IncomingCall) => void;
  onAccepted: (call: CallImpl) => void;
}

/** Who calls this user now. */
export class IncomingCalls {
  readonly #options: IncomingCallsOptions;
  readonly #ringing = new Map<string, IncomingCallImpl>();

  constructor(options: IncomingCallsOptions) {
    this.#options = options;
  }

  apply(notification: UserNotification): void {
    switch (notification.name) {
      case 'incomingCall': {
        this.#ring(notification.data);
        break;
      }
      case 'incomingCallEnded': {
        const { callId, reason } = notification.data;
        this.#ringing.get(callId)?.end(toCallEndReason(reason));
        break;
      }
      default:
    }
  }

  /** The connection is lost: whether anybody still calls is told by the next one. */
  end(reason: CallEndReason): void {
    for (const incoming of this.#ringing.values()) {
      incoming.end(reason);
    }
  }

  #ring(invitation: NotificationData<'incomingCall'>): void {
    const { request, makeCall, onRinging, onAccepted } = this.#options;
    const { callId } = invitation;
    if (this.#ringing.has(callId)) {
      return;
    }
    const incoming = new IncomingCallImpl({
      invitation,
      makeCall: (options) => makeCall(invitation, options),
      sendReject: () => request('rejectCall', { callId }),
      onOver: () => this.#ringing.delete(callId),
      onAccepted,
    });
    this.#ringing.set(callId, incoming);
    onRinging(incoming);
  }
}

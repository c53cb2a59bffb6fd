import { createStateMachine, type Clock, type StateMachine, type Timer } from '@parley/kit';
import { ProtocolError, type EndReasonName, type Identity, type NotificationData } from '@parley/protocol';
import type { CallEndpoint } from '../CallEndpoint.ts';

/** What a device is shown of the call that rings. */
export type RingingCall = Omit<NotificationData<'incomingCall'>, 'caller'>;

export interface InvitationOptions {
  readonly callId: string;
  /** As it is whenever one more device rings. */
  readonly call: () => RingingCall;
  readonly caller: Identity;
  /** The devices that ring; at least one. */
  readonly devices: readonly CallEndpoint[];
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** A device rings, or rings no more. */
  readonly onRinging: (device: CallEndpoint, isRinging: boolean) => void;
  /** The callee will not come: declined, no_answer or offline. Not called for an end that was asked for. */
  readonly onRefused: (reason: EndReasonName) => void;
}

type InvitationState = 'ringing' | 'deviceless' | 'accepting' | 'accepted' | 'ended';

/** A page that is reloaded is back by then. */
const reloadGraceMs = 5_000;

/**
 * One callee being rung on all of their devices, also on those that connect while the others ring.
 *
 *                 last device gone           claim             confirm
 *     deviceless ◄───────────────── ringing ───────► accepting ───────► accepted
 *          │     ─────────────────►  │   ▲             │    │
 *          │        device added     │   └── release ──┘    │ timeout,
 *          │ grace over, timeout,    │ decline, timeout,    │ end
 *          │ end                     │ end                  │
 *          └───────────────────────► ended ◄───────────────┘
 *
 * `end` means that the call does not want the callee any more. `accepting` lasts while the media of the device
 * that answered is being made; the others ring on so that one of them can still answer should that fail.
 */
export class Invitation {
  readonly #options: InvitationOptions;
  readonly #machine: StateMachine<InvitationState>;
  readonly #timer: Timer;
  /** Those that ring still. */
  readonly #devices = new Map<string, CallEndpoint>();
  /** All that rang: a late answer of theirs deserves to be told why it is one. */
  readonly #invited = new Set<string>();
  /** Runs while there is no device. */
  #grace: Timer | undefined;
  #claimedBy: CallEndpoint | undefined;

  constructor(options: InvitationOptions) {
    this.#options = options;
    this.#machine = createStateMachine<InvitationState>({
      name: 'invitation',
      initial: 'ringing',
      transitions: {
        ringing: ['deviceless', 'accepting', 'ended'],
        deviceless: ['ringing', 'ended'],
        accepting: ['ringing', 'accepted', 'ended'],
        accepted: [],
        ended: [],
      },
    });
    this.#timer = options.clock.schedule(options.timeoutMs, () => this.#refuse('no_answer'));
    options.devices.forEach((device) => this.#ringOn(device));
  }

  /**
   * The device answers: it is the one unless it gives up its claim. Throws `answered_elsewhere` when another
   * was faster and `call_not_found` when the device does not ring.
   */
  claim(device: CallEndpoint): void {
    this.#requireRinging(device);
    this.#machine.go('accepting');
    this.#claimedBy = device;
  }

  /** Whether the device's claim still stands; it falls when the invitation ends. */
  isClaimedBy(device: CallEndpoint): boolean {
    return this.#machine.state === 'accepting' && this.#claimedBy === device;
  }

  /** The device that answered is in the call; the others ring no more. */
  confirm(device: CallEndpoint): void {
    this.#machine.go('accepted');
    this.#silence('answered_elsewhere', device);
  }

  /** The device could not enter after all: whoever rings may answer again. */
  release(device: CallEndpoint): void {
    if (this.isClaimedBy(device)) {
      this.#claimedBy = undefined;
      this.#machine.go('ringing');
    }
  }

  /** The user declines, on all devices. Throws as `claim` does. */
  decline(device: CallEndpoint): void {
    this.#requireRinging(device);
    this.#refuse('declined', device);
  }

  /** The callee has one more device, which rings unless the invitation is settled. */
  addDevice(device: CallEndpoint): void {
    if (this.isPending) {
      if (this.#machine.state === 'deviceless') {
        this.#grace?.cancel();
        this.#machine.go('ringing');
      }
      this.#ringOn(device);
    }
  }

  deviceGone(device: CallEndpoint): void {
    this.release(device);
    if (this.#devices.delete(device.id) && this.#devices.size === 0) {
      this.#machine.go('deviceless');
      this.#grace = this.#options.clock.schedule(reloadGraceMs, () => this.#refuse('offline'));
    }
  }

  /** The call does not want the callee any more. Idempotent. */
  end(reason: EndReasonName): void {
    if (this.isPending) {
      this.#machine.go('ended');
      this.#silence(reason);
    }
  }

  /** The callee may still come. */
  get isPending(): boolean {
    return this.#machine.canGo('ended');
  }

  #ringOn(device: CallEndpoint): void {
    const { call, caller, onRinging } = this.#options;
    this.#devices.set(device.id, device);
    this.#invited.add(device.id);
    onRinging(device, true);
    device.notify({ name: 'incomingCall', data: { ...call(), caller } });
  }

  #refuse(reason: EndReasonName, by?: CallEndpoint): void {
    if (this.isPending) {
      this.#machine.go('ended');
      this.#silence(reason, by);
      this.#options.onRefused(reason);
    }
  }

  #requireRinging(device: CallEndpoint): void {
    const { state } = this.#machine;
    if (!this.#invited.has(device.id) || state === 'ended') {
      throw new ProtocolError('call_not_found');
    }
    if (state !== 'ringing') {
      throw new ProtocolError('answered_elsewhere');
    }
  }

  /** Every device stops ringing; all but the one whose own doing it was are told why. */
  #silence(reason: EndReasonName, except?: CallEndpoint): void {
    this.#timer.cancel();
    this.#grace?.cancel();
    for (const device of this.#devices.values()) {
      this.#options.onRinging(device, false);
      if (device !== except) {
        device.notify({ name: 'incomingCallEnded', data: { callId: this.#options.callId, reason } });
      }
    }
    this.#devices.clear();
  }
}

import { createStateMachine, type Clock, type StateMachine, type Timer } from '@parley/kit';
import { ProtocolError, type EndReasonName, type Identity, type NotificationData } from '@parley/protocol';
import type { CallEndpoint } from '../CallEndpoint.ts';
import { FarRinging, type FarRingingOptions } from './FarRinging.ts';

/** What a device is shown of the call that rings. */
export type RingingCall = Omit<NotificationData<'incomingCall'>, 'caller'>;

/** What a callee has to be rung on. */
export interface CalleeDevices {
  readonly devices: readonly CallEndpoint[];
  /** Other nodes on which they have devices. */
  readonly nodeIds: readonly string[];
}

export interface InvitationOptions extends CalleeDevices {
  readonly callId: string;
  /** As it is whenever one more device rings. */
  readonly call: () => RingingCall;
  readonly caller: Identity;
  readonly far: Omit<FarRingingOptions, 'callId' | 'clock' | 'invitation' | 'onChanged'>;
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
 *          │        a device again   │   └── release ──┘    │ timeout,
 *          │ grace over, decline,    │ decline, timeout,    │ end
 *          │ timeout, end            │ end                  │
 *          └───────────────────────► ended ◄───────────────┘
 *
 * `end` means that the call does not want the callee any more. `accepting` lasts while the media of the device
 * that answered is being made; the others ring on so that one of them can still answer should that fail.
 */
export class Invitation {
  readonly #options: InvitationOptions;
  readonly #machine: StateMachine<InvitationState>;
  readonly #timer: Timer;
  /** Those of this node that ring still. */
  readonly #devices = new Map<string, CallEndpoint>();
  readonly #far: FarRinging;
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
    const { callId, clock, far, nodeIds, devices } = options;
    this.#far = new FarRinging(
      {
        ...far,
        callId,
        clock,
        invitation: () => this.#invitation,
        onChanged: () => this.#watchDevices(),
      },
      nodeIds,
    );
    devices.forEach((device) => this.#ringOn(device));
    this.#watchDevices();
  }

  /**
   * The device answers: it is the one unless it gives up its claim. Throws `answered_elsewhere` when another
   * was faster and `call_not_found` when the device does not ring.
   */
  claim(device: CallEndpoint): void {
    this.#requireRingingOn(device);
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
    this.#requireRingingOn(device);
    this.#refuse('declined', device);
  }

  /** The same on another node, which knows best what rings there. */
  declineFar(): void {
    this.#requireUnanswered();
    this.#refuse('declined');
  }

  /** The callee has one more device, which rings unless it does so or the invitation is settled. */
  addDevice(device: CallEndpoint): void {
    if (this.isPending && !this.#devices.has(device.id)) {
      this.#ringOn(device);
    }
  }

  deviceGone(device: CallEndpoint): void {
    this.release(device);
    this.#devices.delete(device.id);
    this.#watchDevices();
  }

  /** The callee has no device on that node any more. */
  desertedAt(nodeId: string): void {
    this.#far.desertedAt(nodeId);
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

  /** Whose last device is gone has a while to come back with another. */
  #watchDevices(): void {
    const { clock } = this.#options;
    const hasDevice = this.#devices.size > 0 || this.#far.isRinging;
    const { state } = this.#machine;
    if (state === 'ringing' && !hasDevice) {
      this.#machine.go('deviceless');
      this.#grace = clock.schedule(reloadGraceMs, () => this.#refuse('offline'));
    }
    if (state === 'deviceless' && hasDevice) {
      this.#machine.go('ringing');
      this.#grace?.cancel();
    }
  }

  get #invitation(): NotificationData<'incomingCall'> {
    const { call, caller } = this.#options;

    return { ...call(), caller };
  }

  #ringOn(device: CallEndpoint): void {
    this.#devices.set(device.id, device);
    this.#options.onRinging(device, true);
    device.notify({ name: 'incomingCall', data: this.#invitation });
    this.#watchDevices();
  }

  #refuse(reason: EndReasonName, by?: CallEndpoint): void {
    if (this.isPending) {
      this.#machine.go('ended');
      this.#silence(reason, by);
      this.#options.onRefused(reason);
    }
  }

  #requireRingingOn(device: CallEndpoint): void {
    this.#requireUnanswered();
    if (!this.#devices.has(device.id)) {
      throw new ProtocolError('call_not_found');
    }
  }

  /** Also a device that never rang, as on another node, deserves to be told why it is too late. */
  #requireUnanswered(): void {
    const { state } = this.#machine;
    if (state === 'ended') {
      throw new ProtocolError('call_not_found');
    }
    if (state === 'accepting' || state === 'accepted') {
      throw new ProtocolError('answered_elsewhere');
    }
  }

  /** Every device stops ringing; all but the one whose own doing it was are told why. */
  #silence(reason: EndReasonName, except?: CallEndpoint): void {
    this.#timer.cancel();
    this.#grace?.cancel();
    this.#far.end(reason);
    for (const device of this.#devices.values()) {
      this.#options.onRinging(device, false);
      if (device !== except) {
        device.notify({ name: 'incomingCallEnded', data: { callId: this.#options.callId, reason } });
      }
    }
    this.#devices.clear();
  }
}

import { createStateMachine, type Clock, type StateMachine, type Timer } from '@parley/kit';
import {
  ProtocolError,
  type EndReasonName,
  type Identity,
  type Notification,
  type NotificationData,
} from '@parley/protocol';
import type { CallEndpoint } from '../CallEndpoint.ts';

/** What a device is shown of the call that rings. */
export type RingingCall = Omit<NotificationData<'incomingCall'>, 'caller'>;

/** Where a callee is rung: a device of theirs, or all that they have on another node. */
export interface RingingDevice {
  readonly id: string;
  notify(ended: Extract<Notification, { name: 'incomingCallEnded' }>): void;
}

type DeviceId = Pick<RingingDevice, 'id'>;

export interface InvitationOptions {
  readonly callId: string;
  /** As it is whenever one more device rings. */
  readonly call: () => RingingCall;
  readonly caller: Identity;
  /** The devices that ring at first. */
  readonly devices: readonly CallEndpoint[];
  /** Rings what there is on other nodes by now and does not ring yet; asked again and again. Never rejects. */
  readonly ringFar: (
    invitation: NotificationData<'incomingCall'>,
    isWanted: (id: string) => boolean,
  ) => Promise<readonly RingingDevice[]>;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** A device rings, or rings no more. */
  readonly onRinging: (device: RingingDevice, isRinging: boolean) => void;
  /** The callee will not come: declined, no_answer or offline. Not called for an end that was asked for. */
  readonly onRefused: (reason: EndReasonName) => void;
}

type InvitationState = 'ringing' | 'deviceless' | 'accepting' | 'accepted' | 'ended';

/** A page that is reloaded is back by then. */
const reloadGraceMs = 5_000;

/** A device that comes to another node rings by then; a page that is reloaded may be sent to any. */
const lookEveryMs = 1_500;

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
  readonly #devices = new Map<string, RingingDevice>();
  /** All that rang: a late answer of theirs deserves to be told why it is one. */
  readonly #invited = new Set<string>();
  /** Runs while there is no device. */
  #grace: Timer | undefined;
  /** Until the next look at other nodes. */
  #look: Timer | undefined;
  #claimedBy: CallEndpoint | undefined;
  /** Why nothing rings any more. */
  #silencedFor: EndReasonName | undefined;

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
    if (options.devices.length === 0) {
      this.#desert();
    }
    void this.#ringFar();
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
  decline(device: DeviceId): void {
    this.#requireRinging(device);
    this.#refuse('declined', device);
  }

  /** The callee has one more device, which rings unless the invitation is settled. */
  addDevice(device: CallEndpoint): void {
    if (this.isPending) {
      this.#ringOn(device);
    }
  }

  deviceGone(device: DeviceId): void {
    if (this.#claimedBy?.id === device.id) {
      this.release(this.#claimedBy);
    }
    if (this.#devices.delete(device.id) && this.#devices.size === 0) {
      this.#desert();
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

  #desert(): void {
    this.#machine.go('deviceless');
    this.#grace = this.#options.clock.schedule(reloadGraceMs, () => this.#refuse('offline'));
  }

  async #ringFar(): Promise<void> {
    const { callId, clock, ringFar } = this.#options;
    const isWanted = (id: string): boolean => this.#silencedFor === undefined && !this.#devices.has(id);
    const found = await ringFar(this.#invitation, isWanted);
    for (const device of found) {
      if (this.#silencedFor === undefined) {
        this.#add(device);
      } else {
        device.notify({ name: 'incomingCallEnded', data: { callId, reason: this.#silencedFor } });
      }
    }
    if (this.#silencedFor === undefined) {
      this.#look = clock.schedule(lookEveryMs, () => void this.#ringFar());
    }
  }

  get #invitation(): NotificationData<'incomingCall'> {
    const { call, caller } = this.#options;

    return { ...call(), caller };
  }

  #ringOn(device: CallEndpoint): void {
    this.#add(device);
    device.notify({ name: 'incomingCall', data: this.#invitation });
  }

  #add(device: RingingDevice): void {
    if (this.#machine.state === 'deviceless') {
      this.#grace?.cancel();
      this.#machine.go('ringing');
    }
    this.#devices.set(device.id, device);
    this.#invited.add(device.id);
    this.#options.onRinging(device, true);
  }

  #refuse(reason: EndReasonName, by?: DeviceId): void {
    if (this.isPending) {
      this.#machine.go('ended');
      this.#silence(reason, by);
      this.#options.onRefused(reason);
    }
  }

  #requireRinging(device: DeviceId): void {
    const { state } = this.#machine;
    if (!this.#invited.has(device.id) || state === 'ended') {
      throw new ProtocolError('call_not_found');
    }
    if (state !== 'ringing') {
      throw new ProtocolError('answered_elsewhere');
    }
  }

  /** Every device stops ringing; all but the one whose own doing it was are told why. */
  #silence(reason: EndReasonName, except?: DeviceId): void {
    this.#silencedFor = reason;
    this.#timer.cancel();
    this.#grace?.cancel();
    this.#look?.cancel();
    for (const device of this.#devices.values()) {
      this.#options.onRinging(device, false);
      if (device.id !== except?.id) {
        device.notify({ name: 'incomingCallEnded', data: { callId: this.#options.callId, reason } });
      }
    }
    this.#devices.clear();
  }
}

import { ProtocolError, type EndReasonName, type Identity } from '@parley/protocol';
import { Invitation, type InvitationOptions } from './Invitation.ts';
import type { CallEndpoint } from '../CallEndpoint.ts';

export type RingingOptions = Pick<
  InvitationOptions,
  'call' | 'customData' | 'timeoutMs' | 'clock' | 'onRinging'
> & {
  readonly onRefused: (participantId: string, reason: EndReasonName) => void;
};

export interface Rung {
  readonly participantId: string;
  readonly invitation: Invitation;
}

/** The invitations of one call, one for each user it rings or has rung. */
export class Ringing {
  readonly #options: RingingOptions;
  readonly #byUser = new Map<string, Rung>();

  constructor(options: RingingOptions) {
    this.#options = options;
  }

  ring(participantId: string, caller: Identity, devices: readonly CallEndpoint[]): void {
    const { onRefused, ...options } = this.#options;
    const [first] = devices;
    if (first === undefined) {
      throw new TypeError('Nobody rings without a device.');
    }
    const invitation = new Invitation({
      ...options,
      caller,
      devices,
      onRefused: (reason) => onRefused(participantId, reason),
    });
    this.#byUser.set(first.identity.userId, { participantId, invitation });
  }

  /** The invitation of the device's user; throws `call_not_found` when they were not invited. */
  of(device: CallEndpoint): Rung {
    const rung = this.#byUser.get(device.identity.userId);
    if (rung === undefined) {
      throw new ProtocolError('call_not_found');
    }

    return rung;
  }

  /** One more device is there; it rings when its user is being rung. */
  deviceAppeared(device: CallEndpoint): void {
    this.#byUser.get(device.identity.userId)?.invitation.addDevice(device);
  }

  deviceGone(device: CallEndpoint): void {
    this.#byUser.get(device.identity.userId)?.invitation.deviceGone(device);
  }

  /** The call does not want the participant any more; nothing happens to one who does not ring. */
  cancel(participantId: string): void {
    for (const rung of this.#byUser.values()) {
      if (rung.participantId === participantId) {
        rung.invitation.end('canceled');
      }
    }
  }

  end(reason: EndReasonName): void {
    for (const { invitation } of this.#byUser.values()) {
      invitation.end(reason);
    }
  }
}

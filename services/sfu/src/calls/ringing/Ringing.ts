import type { RingingOver } from '@parley/backplane';
import { ProtocolError, type EndReasonName, type Identity } from '@parley/protocol';
import type { FarRingingHome } from './FarRinging.ts';
import { Invitation, type InvitationOptions, type CalleeDevices } from './Invitation.ts';
import type { CallEndpoint } from '../CallEndpoint.ts';
import type { CallReporter } from '../CallReporter.ts';
import type { Members } from '../Members.ts';
import type { Participant } from '../participants/Participant.ts';
import type { Roster } from '../participants/Roster.ts';
import type { Removals } from '../Removals.ts';

export type RingingOptions = Pick<
  InvitationOptions,
  'callId' | 'call' | 'timeoutMs' | 'clock' | 'onRinging'
> & {
  readonly roster: Roster;
  readonly members: Members;
  readonly removals: Removals;
  readonly reporter: CallReporter;
  /** Somebody rings from now on. */
  readonly onRung: () => void;
  readonly onRefused: (participantId: string, reason: EndReasonName) => void;
  /** This node, as others know it that ring for the call. */
  readonly home: FarRingingHome;
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

  /** Whether anybody could still answer. */
  get isPending(): boolean {
    return [...this.#byUser.values()].some(({ invitation }) => invitation.isPending);
  }

  /** Rings the devices of one user, and those on other nodes, who is a participant from now on and may come in, removed before or not. */
  ring(callee: Identity, caller: Identity, found: CalleeDevices): Participant {
    const { roster, members, removals, reporter, onRung, onRefused, home, ...options } = this.#options;
    removals.readmit(callee);
    const participant = removals.placeFor(callee, members.roleOf(callee) ?? 'collaborator');
    const { id: participantId } = participant;
    roster.add(participant);
    members.note(participant);
    reporter.rung(participant, callee);
    const invitation = new Invitation({
      ...options,
      ...found,
      caller,
      far: { ...home, userId: callee.userId, participantId },
      onRefused: (reason) => onRefused(participantId, reason),
    });
    this.#byUser.set(callee.userId, { participantId, invitation });
    onRung();

    return participant;
  }

  /** The invitation of the device's user; throws `call_not_found` when they were not invited. */
  of(device: CallEndpoint): Rung {
    return this.#ofUser(device.identity.userId);
  }

  /** What rings on another node. Throws `call_not_found` when that is an earlier ringing of the user. */
  ofFar({ userId, participantId }: RingingOver): Invitation {
    const rung = this.#ofUser(userId);
    if (rung.participantId !== participantId) {
      throw new ProtocolError('call_not_found');
    }

    return rung.invitation;
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

  #ofUser(userId: string): Rung {
    const rung = this.#byUser.get(userId);
    if (rung === undefined) {
      throw new ProtocolError('call_not_found');
    }

    return rung;
  }
}

import {
  mayDo,
  privilegedActions,
  ProtocolError,
  type Action,
  type Role,
  type RoomRules,
} from '@parley/protocol';
import type { CallReporter } from '../CallReporter.ts';
import type { Removals } from '../Removals.ts';
import type { Participant } from './Participant.ts';
import type { Roster } from './Roster.ts';

export interface CallRolesOptions {
  readonly callId: string;
  readonly roster: Roster;
  readonly reporter: CallReporter;
  /** The rules of the call's room, as they are at the moment. */
  readonly rules: () => RoomRules | undefined;
  readonly removals: Removals;
  /** The participant, who is in the call, had that role until now. */
  readonly onChanged: (participant: Participant, before: Role) => void;
}

/** What the participants of one call may do. */
export class CallRoles {
  readonly #options: CallRolesOptions;
  /** What the participants know; undefined before the first have entered. */
  #told: RoomRules | undefined;

  constructor(options: CallRolesOptions) {
    this.#options = options;
  }

  /** What the call's room takes away from its roles; undefined without a room. */
  get rules(): RoomRules | undefined {
    const rules = this.#options.rules();

    return rules && { attendeesMayShare: rules.attendeesMayShare };
  }

  /** Whether the role of the participant, and the room, let them do it. */
  allow({ role }: Participant, action: Action): boolean {
    return mayDo(role, action, this.#options.rules());
  }

  /**
   * Throws `forbidden` when the participant may not do it, `token_expired` when their token does not last for it and
   * `removed_from_call` when they were removed meanwhile.
   */
  require(participant: Participant, action: Action): void {
    // A removal takes every place of the identity off the call in the same turn, so that nobody gets here with one of an
    // earlier epoch. Should a way out ever forget a place, nothing may be done from it all the same.
    this.#options.removals.requireCurrent(participant);
    if (privilegedActions.has(action) && participant.endpoint?.hasExpired === true) {
      throw new ProtocolError('token_expired');
    }
    if (!this.allow(participant, action)) {
      throw new ProtocolError(
        'forbidden',
        `The role "${participant.role}" does not allow "${action}" in this call.`,
      );
    }
  }

  /** The room may have been changed: everyone is told when its rules have. */
  followRules(): void {
    const { callId, roster } = this.#options;
    const roomRules = this.rules;
    if (roomRules !== undefined && roomRules.attendeesMayShare !== this.#told?.attendeesMayShare) {
      this.#told = roomRules;
      roster.tell({ name: 'roomRulesChanged', data: { callId, roomRules } });
    }
  }

  /** Everyone is told, the participant included; of one who is about to enter, the call hears on entering. */
  change(participant: Participant, role: Role): void {
    const { callId, roster, reporter, onChanged } = this.#options;
    const before = participant.role;
    if (role !== before) {
      participant.role = role;
      reporter.roleChanged(participant);
      if (roster.find(participant.id) !== undefined) {
        roster.tell({ name: 'roleChanged', data: { callId, participantId: participant.id, role } });
        onChanged(participant, before);
      }
    }
  }
}

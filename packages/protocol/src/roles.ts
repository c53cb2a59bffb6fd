/** What a participant may be in a call. Without a room the caller is presenter, the others collaborators. */
export const roles = ['presenter', 'collaborator', 'attendee', 'consumer'] as const;

export type Role = (typeof roles)[number];

/** What may be refused to a role. */
export const actions = ['sendAudio', 'sendVideo', 'shareScreen', 'endForEveryone'] as const;

export type Action = (typeof actions)[number];

/** The role × action table: the services enforce it, the SDK shows it. */
export const roleTable = {
  presenter: ['sendAudio', 'sendVideo', 'shareScreen', 'endForEveryone'],
  collaborator: ['sendAudio', 'sendVideo', 'shareScreen'],
  attendee: ['sendAudio', 'sendVideo', 'shareScreen'],
  consumer: [],
} as const satisfies Record<Role, readonly Action[]>;

/** What a room may take away from its roles. */
export interface RoomRules {
  readonly attendeesMayShare: boolean;
}

/** Whether the role may do it; without a room there are no rules besides the table. */
export function mayDo(role: Role, action: Action, rules?: RoomRules): boolean {
  const isForbiddenHere =
    role === 'attendee' && action === 'shareScreen' && rules?.attendeesMayShare === false;

  return (roleTable[role] as readonly Action[]).includes(action) && !isForbiddenHere;
}

/** What a participant may be in a call. Without a room the caller is presenter, the others collaborators. */
export const roles = ['presenter', 'collaborator', 'attendee', 'consumer'] as const;

/** What a participant is in a call, from who may most to who may only watch. */
export type Role = (typeof roles)[number];

/** What may be refused to a role. */
export const actions = [
  'sendAudio',
  'sendVideo',
  'shareScreen',
  'sendData',
  'sendChat',
  'react',
  'raiseHand',
  'setCustomData',
  'addParticipants',
  'removeParticipants',
  'muteOthers',
  'lowerHands',
  'changeRoles',
  'spotlight',
  'manageLobby',
  'endForEveryone',
] as const;

export type Action = (typeof actions)[number];

/** The role × action table: the services enforce it, the SDK shows it. */
export const roleTable = {
  presenter: actions,
  collaborator: [
    'sendAudio',
    'sendVideo',
    'shareScreen',
    'sendData',
    'sendChat',
    'react',
    'raiseHand',
    'setCustomData',
    'addParticipants',
  ],
  attendee: ['sendAudio', 'sendVideo', 'shareScreen', 'sendData', 'sendChat', 'react', 'raiseHand'],
  consumer: ['sendChat', 'react', 'raiseHand'],
} as const satisfies Record<Role, readonly Action[]>;

/**
 * The actions that stand above other participants, or above the call. They are refused while the token has run out,
 * like entering a call; media and everything else goes on.
 */
export const privilegedActions: ReadonlySet<Action> = new Set([
  'addParticipants',
  'removeParticipants',
  'muteOthers',
  'lowerHands',
  'changeRoles',
  'spotlight',
  'manageLobby',
  'endForEveryone',
]);

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

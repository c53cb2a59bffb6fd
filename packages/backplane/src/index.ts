export type { Backplane } from './Backplane.ts';
export type {
  Admission,
  ApplicationRecord,
  PublicJwk,
  RevocableToken,
  Revocation,
  RevocationSubject,
  RoomChange,
  RoomRecord,
  UserRecord,
} from './admission.ts';
export type { CallDirectory, LiveCall } from './callDirectory.ts';
export type { CallEvent, CallEvents, CallEventSubscription } from './callEvents.ts';
export type { NodeCommand, NodeCommandHandler, NodeCommands } from './nodeCommands.ts';
export type { Endpoint, Presence } from './presence.ts';
export { createMemoryBackplane } from './createMemoryBackplane.ts';
export { subjectKey, subjectsOf } from './revocationSubjects.ts';

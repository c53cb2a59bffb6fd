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
export type { CallDirectory, CallKey, LiveCall, RoomHome, RoomKey } from './callDirectory.ts';
export type { CallEvent, CallEventConsumer, CallEvents, CallEventSubscription } from './callEvents.ts';
export type {
  CallCommand,
  NodeCommand,
  NodeCommandHandler,
  NodeCommands,
  RingingOver,
  RingUser,
  SilenceUser,
} from './nodeCommands.ts';
export type { NodeRegistry, SfuNode } from './nodes.ts';
export type { Endpoint, Presence } from './presence.ts';
export { createMemoryBackplane } from './memory/createMemoryBackplane.ts';
export { subjectKey, subjectsOf } from './revocationSubjects.ts';
export { EventSpool, type EventSpoolOptions } from './events/EventSpool.ts';
export type { EventStore } from './events/EventStore.ts';
export { createRedisBackplane, type RedisBackplaneOptions } from './redis/createRedisBackplane.ts';

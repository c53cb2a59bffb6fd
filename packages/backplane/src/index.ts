export type { Backplane } from './Backplane.ts';
export type {
  Admission,
  ApplicationRecord,
  PublicJwk,
  Revocation,
  RoomRecord,
  UserRecord,
} from './admission.ts';
export type { Endpoint, Presence } from './presence.ts';
export { createMemoryBackplane } from './createMemoryBackplane.ts';

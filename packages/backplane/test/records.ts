import { limitsWith } from '@parley/protocol';
import type { ApplicationRecord, Revocation, RoomRecord, UserRecord } from '../src/admission.ts';
import type { LiveCall } from '../src/callDirectory.ts';
import type { CallEvent } from '../src/callEvents.ts';

export const application = (applicationId: string): ApplicationRecord => ({
  applicationId,
  allowedOrigins: ['http://localhost:*'],
  anonymousDestinations: ['bob'],
  limits: limitsWith(),
});

export const user = (userId: string, changed: Partial<UserRecord> = {}): UserRecord => ({
  applicationId: 'app1',
  userId,
  displayName: userId,
  phoneNumbers: [],
  ...changed,
});

export const room = (roomId: string, changed: Partial<RoomRecord> = {}): RoomRecord => ({
  applicationId: 'app1',
  roomId,
  access: 'open',
  lobby: false,
  validFromMs: 0,
  validUntilMs: 1,
  maxParticipants: 10,
  attendeesMayShare: true,
  callSettings: { reconnectSeconds: 60 },
  roster: { alice: 'presenter' },
  ...changed,
});

/** Voids all of a user's tokens unless another subject is given. */
export const revocation = (
  userId: string,
  revokedBeforeMs: number,
  changed: Partial<Revocation> = {},
): Revocation => ({
  applicationId: 'app1',
  subject: { kind: 'user', userId },
  revokedBeforeMs,
  ...changed,
});

export const liveCall = (callId: string, changed: Partial<LiveCall> = {}): LiveCall => ({
  applicationId: 'app1',
  callId,
  nodeId: 'node1',
  userIds: [],
  ...changed,
});

/** An event of a call that goes on. */
export const connected = (eventId: string, callId = 'call1'): CallEvent => ({
  eventId,
  applicationId: 'app1',
  callId,
  atMs: 1,
  name: 'callConnected',
});

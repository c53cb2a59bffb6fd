import { limitsWith } from '../../limits.ts';
import type { AccessToken } from '../accessTokens.ts';
import type { ApiKey } from '../apiKeys.ts';
import type { Application } from '../applications.ts';
import type { AuditEntry } from '../audit.ts';
import type { Call } from '../calls.ts';
import type { GuestLink } from '../guestLinks.ts';
import type { Room } from '../rooms.ts';
import type { SigningKeyInfo } from '../signingKeys.ts';
import type { User } from '../users.ts';

/** What there is before any example is carried out. The secrets are of no service in the world. */

export const application: Application = {
  id: 'acme',
  name: 'Acme Support',
  publicKey: 'pk_acme0support0portal0page',
  allowedOrigins: ['https://portal.acme.example'],
  limits: limitsWith({ visitorsPerMinute: 300 }),
  callSettings: {},
  contacts: true,
  createdAt: '2026-01-05T08:00:00.000Z',
};

export const apiKey: ApiKey = {
  id: 'key_7gq2m0x4c9zt1v8k',
  name: 'Backend, spring',
  rights: ['anonymous', 'provision'],
  createdAt: '2026-01-05T08:05:00.000Z',
};

export const consoleKey: ApiKey = {
  id: 'key_m0x4c9zt1v8k7gq2',
  name: 'Administration console',
  rights: ['admin'],
  createdAt: '2026-01-05T08:06:00.000Z',
};

export const alice: User = {
  id: 'alice',
  kind: 'user',
  displayName: 'Alice Adams',
  email: 'alice@acme.example',
  phoneNumbers: ['+4930123456'],
  metadata: { department: 'support', languages: ['en', 'de'] },
  hasPassword: true,
  admin: false,
  createdAt: '2026-01-06T09:00:00.000Z',
};

export const alicePassword = 'correct horse battery staple';

export const bob: User = {
  id: 'bob',
  kind: 'user',
  displayName: 'Bob Brown',
  phoneNumbers: [],
  hasPassword: false,
  admin: false,
  createdAt: '2026-01-06T09:01:00.000Z',
};

export const accessToken: AccessToken = {
  id: 'd3x0q8m2z7ct5v1k',
  name: 'Headset at the front desk',
  createdAt: '2026-02-01T10:00:00.000Z',
};

/** Value of `accessToken`. */
export const accessTokenValue = 'at_d3x0q8m2z7ct5v1kT7hQm2ZcV9xLr4KpWn8Jd6Fs0Gb3Ye5Ua1Io-Xq_ZwE';

export const room: Room = {
  id: '4tq9-x0mh-c7ze',
  name: 'Consultation',
  access: 'invite',
  lobby: false,
  validFrom: '2026-01-10T00:00:00.000Z',
  validUntil: '2046-01-10T00:00:00.000Z',
  maxParticipants: 20,
  attendeesMayShare: true,
  callSettings: {},
  roster: { alice: 'presenter' },
  createdAt: '2026-01-10T00:00:00.000Z',
};

export const guestLink: GuestLink = {
  id: 'k5v1t7cz2m8q0x3d',
  role: 'attendee',
  expiresAt: '2046-01-10T00:00:00.000Z',
  maxUses: 100,
  uses: 3,
  createdAt: '2026-01-10T00:05:00.000Z',
};

/** The part of `guestLink`'s URL after the `#`. */
export const guestCode = 'k5v1t7cz2m8q0x3dZ9wEq_Xo1Ia5Ue3Yb0Gs6Fd8Jn4WpKr2LxVcT7hMmQz';

export const endedCall: Call = {
  id: 'call-0000000000000001',
  kind: 'direct',
  state: 'ended',
  startedAt: '2026-03-02T09:00:00.000Z',
  connectedAt: '2026-03-02T09:00:05.000Z',
  endedAt: '2026-03-02T09:10:05.000Z',
  endReason: 'hangup',
  participants: [
    {
      id: 'participant-000000000001',
      userId: 'alice',
      displayName: 'Alice Adams',
      kind: 'user',
      role: 'presenter',
      joinedAt: '2026-03-02T09:00:00.000Z',
      connectedAt: '2026-03-02T09:00:05.000Z',
      leftAt: '2026-03-02T09:10:05.000Z',
      endReason: 'hangup',
      survey: { rating: 4, issues: ['bad_video'] },
    },
    {
      id: 'participant-000000000002',
      userId: 'bob',
      displayName: 'Bob Brown',
      kind: 'user',
      role: 'collaborator',
      joinedAt: '2026-03-02T09:00:00.500Z',
      connectedAt: '2026-03-02T09:00:05.000Z',
      leftAt: '2026-03-02T09:10:05.000Z',
      endReason: 'hangup',
    },
  ],
};

export const liveCall: Call = {
  id: 'call-0000000000000002',
  kind: 'room',
  state: 'live',
  roomId: room.id,
  startedAt: '2026-03-03T14:00:00.000Z',
  connectedAt: '2026-03-03T14:00:00.000Z',
  participants: [
    {
      id: 'participant-000000000003',
      userId: 'alice',
      displayName: 'Alice Adams',
      kind: 'user',
      role: 'presenter',
      joinedAt: '2026-03-03T14:00:00.000Z',
      connectedAt: '2026-03-03T14:00:00.250Z',
    },
  ],
};

export const auditEntry: AuditEntry = {
  id: '1',
  at: '2026-01-10T00:00:00.000Z',
  actor: { kind: 'key', id: apiKey.id },
  action: 'updateRoom',
  target: `rooms/${room.id}`,
  details: ['maxParticipants', 'roster'],
  address: '192.0.2.10',
  requestId: '6f1f2a52-6e5e-4c2b-9a35-6f3d1f0c9f11',
};

/** In nobody's log but the operator's. */
export const serviceAuditEntry: AuditEntry = {
  id: '1',
  at: '2026-01-05T08:00:00.000Z',
  actor: { kind: 'operator' },
  action: 'createApplication',
  target: `applications/${application.id}`,
  details: [],
  address: '192.0.2.1',
  requestId: '0d9c4b1e-7a53-4f0e-8a44-2b6d1c7e5f90',
};

export const signingKey: SigningKeyInfo = {
  kid: 'Yx0vK3mTq8ZcWn5Ld2Fs7Gb9Ye4Ua1IoXqRwEhJpM6c',
  createdAt: '2026-01-05T07:59:00.000Z',
};

/** Shortened as a reader would: a session token is a JWT of some 600 characters. */
export const sessionToken = 'eyJhbGciOiJFZERTQSIsImtpZCI6Ill4MHZLM20ifQ.eyJzdWIiOiJhbGljZSJ9.MEUCIQDx';

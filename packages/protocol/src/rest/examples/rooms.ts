import type { OperationExamples } from './example.ts';
import { alice, bob, guestCode, guestLink, room, sessionToken } from './world.ts';

export const roomExamples: OperationExamples<
  | 'createRoom'
  | 'listRooms'
  | 'getRoom'
  | 'updateRoom'
  | 'deleteRoom'
  | 'createGuestLink'
  | 'listGuestLinks'
  | 'revokeGuestLink'
  | 'createGuestSession'
> = {
  createRoom: [
    {
      summary: 'Create a room with a roster',
      body: {
        name: 'Weekly review',
        validFrom: '2026-03-09T08:00:00Z',
        validUntil: '2046-03-09T08:00:00Z',
        maxParticipants: 50,
        attendeesMayShare: false,
        callSettings: { reconnectSeconds: 60 },
        roster: { [alice.id]: 'presenter', [bob.id]: 'attendee' },
      },
      answer: {
        id: '9m2x-q7tc-v0zk',
        name: 'Weekly review',
        access: 'invite',
        lobby: false,
        validFrom: '2026-03-09T08:00:00.000Z',
        validUntil: '2046-03-09T08:00:00.000Z',
        maxParticipants: 50,
        attendeesMayShare: false,
        callSettings: { reconnectSeconds: 60 },
        roster: { [alice.id]: 'presenter', [bob.id]: 'attendee' },
        createdAt: '2026-03-04T10:00:00.000Z',
      },
    },
    {
      summary: 'Create a room as it is by default',
      body: {},
      answer: {
        id: '1v8k-z4mc-x0tq',
        access: 'invite',
        lobby: false,
        validFrom: '2026-03-04T10:00:00.000Z',
        validUntil: '2026-08-31T10:00:00.000Z',
        maxParticipants: 100,
        attendeesMayShare: true,
        callSettings: {},
        roster: {},
        createdAt: '2026-03-04T10:00:00.000Z',
      },
    },
  ],
  listRooms: [{ summary: 'List rooms', answer: { items: [room] } }],
  getRoom: [{ summary: 'Get a room', params: { roomId: room.id }, answer: room }],
  updateRoom: [
    {
      summary: 'Let one more in, take one off, and forget the name',
      params: { roomId: room.id },
      body: { name: null, roster: { [bob.id]: 'attendee', [alice.id]: null } },
      answer: { ...withoutName(room), roster: { [bob.id]: 'attendee' } },
    },
  ],
  deleteRoom: [{ summary: 'Delete a room', params: { roomId: room.id } }],
  createGuestLink: [
    {
      summary: 'Make a link for one visitor, valid for a day',
      params: { roomId: room.id },
      body: { role: 'attendee', expiresInSeconds: 86_400, maxUses: 1 },
      answer: {
        id: 'z7m4q1x8c5v2t9k0',
        role: 'attendee',
        expiresAt: '2026-03-05T10:00:00.000Z',
        maxUses: 1,
        uses: 0,
        createdAt: '2026-03-04T10:00:00.000Z',
        url: 'https://calls.example/join#z7m4q1x8c5v2t9k0Z9wEq_Xo1Ia5Ue3Yb0Gs6Fd8Jn4WpKr2LxVcT7hMmQz',
      },
    },
  ],
  listGuestLinks: [
    { summary: "List a room's links", params: { roomId: room.id }, answer: { items: [guestLink] } },
  ],
  revokeGuestLink: [{ summary: 'Revoke a link', params: { roomId: room.id, guestLinkId: guestLink.id } }],
  createGuestSession: [
    {
      summary: 'Enter as a visitor',
      body: { code: guestCode, displayName: 'Erin' },
      answer: {
        token: sessionToken,
        expiresAt: '2026-03-05T10:00:00.000Z',
        roomId: room.id,
        roomName: 'Consultation',
      },
    },
  ],
};

function withoutName({ name: _name, ...rest }: typeof room): typeof room {
  return rest;
}

import type { RoomRecord } from '@parley/backplane';
import { ProtocolError, type Role } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { admitToRoom } from './admitToRoom.ts';
import type { CallEndpoint } from '../CallEndpoint.ts';

const open: RoomRecord = {
  applicationId: 'app',
  roomId: 'room',
  access: 'open',
  lobby: false,
  attendeesMayShare: true,
  validFromMs: 1000,
  validUntilMs: 2000,
  maxParticipants: 7,
  roster: { alice: 'presenter' },
};
const invite: RoomRecord = { ...open, access: 'invite' };

function endpoint(userId: string, overrides: Partial<CallEndpoint> = {}): CallEndpoint {
  return {
    id: 'e',
    applicationId: 'app',
    identity: { userId, displayName: userId, kind: 'user' },
    scopes: ['calls'],
    token: { applicationId: 'app', userId, grantId: 'grant', issuedAtMs: 0 },
    hasExpired: false,
    maxCalls: 8,
    isConnected: true,
    notify: () => {},
    ...overrides,
  };
}

const guest = endpoint('visitor', {
  scopes: ['rooms.join'],
  guestOf: { roomId: 'room', role: 'attendee' },
});

const presenterByLink = endpoint('visitor', {
  ...guest,
  guestOf: { roomId: 'room', role: 'presenter' },
});

const anonymous = endpoint('alice', {
  identity: { userId: 'alice', displayName: '', kind: 'anonymous' },
});

function outcome(who: CallEndpoint, room: RoomRecord | undefined, nowMs = 1500): string {
  try {
    const { role, mustWait } = admitToRoom(who, 'room', room, nowMs);

    return mustWait ? `${role}, waiting` : role;
  } catch (error) {
    return error instanceof ProtocolError ? error.code : String(error);
  }
}

describe('admission to a room', () => {
  const cases: [string, CallEndpoint, RoomRecord | undefined, string][] = [
    ['a user of the application into an open room', endpoint('bob'), open, 'collaborator' satisfies Role],
    ['a user on the roster with the role there', endpoint('alice'), open, 'presenter'],
    ['a user on the roster of an invite room', endpoint('alice'), invite, 'presenter'],
    ['nobody else into an invite room', endpoint('bob'), invite, 'not_on_roster'],
    ['nobody for a name every object has', endpoint('constructor'), invite, 'not_on_roster'],
    [
      'rooms.join where the roster names one',
      endpoint('alice', { scopes: ['rooms.join'] }),
      open,
      'presenter',
    ],
    ['rooms.join nowhere else', endpoint('bob', { scopes: ['rooms.join'] }), open, 'not_on_roster'],
    ['no token without a scope for it', endpoint('alice', { scopes: ['calls.join'] }), open, 'forbidden'],
    ['a guest with the role of the link', guest, open, 'attendee'],
    ['a guest into an invite room', guest, invite, 'attendee'],
    ['a presenter past the lobby', endpoint('alice'), { ...open, lobby: true }, 'presenter'],
    ['a presenter by link past the lobby', presenterByLink, { ...open, lobby: true }, 'presenter'],
    ['anybody else into the lobby', endpoint('bob'), { ...open, lobby: true }, 'collaborator, waiting'],
    ['a guest into the lobby', guest, { ...invite, lobby: true }, 'attendee, waiting'],
    ['nobody without a name into a room', anonymous, open, 'forbidden'],
    ['nobody into a room that is not', endpoint('bob'), undefined, 'room_not_found'],
  ];

  for (const [title, who, room, expected] of cases) {
    it(`lets ${title}: ${expected}`, () => {
      expect(outcome(who, room)).toBe(expected);
    });
  }

  it('is limited to the validity of the room, the end not included', () => {
    expect(outcome(endpoint('bob'), open, 999)).toBe('outside_room_window');
    expect(outcome(endpoint('bob'), open, 1000)).toBe('collaborator');
    expect(outcome(endpoint('bob'), open, 1999)).toBe('collaborator');
    expect(outcome(endpoint('bob'), open, 2000)).toBe('outside_room_window');
  });

  it('answers a guest of another room the same whether or not there is such a room', () => {
    const stranger = endpoint('visitor', { ...guest, guestOf: { roomId: 'other', role: 'presenter' } });

    expect(outcome(stranger, open)).toBe('forbidden');
    expect(outcome(stranger, undefined)).toBe('forbidden');
  });
});

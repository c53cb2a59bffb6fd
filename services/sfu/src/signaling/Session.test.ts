import { limitsWith } from '@parley/protocol';
import type { SessionClaims } from '@parley/tokens';
import { expect, it } from 'vitest';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { Session } from './Session.ts';

const minuteMs = 60_000;

function createSession(expiresInMs: number, first: Partial<SessionClaims> = {}) {
  const clock = new FakeClock();
  const happened: string[] = [];
  const state = { isInUse: false };
  const claims = (changed: Partial<SessionClaims> = {}): SessionClaims => ({
    tokenId: 'token',
    grantId: 'grant',
    applicationId: 'app',
    identity: { userId: 'alice', displayName: 'Alice', kind: 'user' },
    scopes: ['calls'],
    issuedAtMs: clock.now(),
    expiresAtMs: clock.now() + expiresInMs,
    ...changed,
  });
  const session = new Session({
    claims: claims(first),
    limits: limitsWith(),
    clock,
    isConnected: () => true,
    notify: () => {},
    onExpired: () => happened.push('expired'),
    isInUse: () => state.isInUse,
    onIdle: () => happened.push('idle'),
  });

  return { clock, session, claims, happened, state };
}

it('is expired once the time of its token is over, and idle five minutes later', () => {
  const { clock, session, happened } = createSession(minuteMs);
  clock.advance(minuteMs - 1);
  expect([session.endpoint.hasExpired, happened]).toEqual([false, []]);
  clock.advance(1);
  expect([session.endpoint.hasExpired, happened]).toEqual([true, ['expired']]);
  clock.advance(5 * minuteMs);

  expect(happened).toEqual(['expired', 'idle']);
  expect(clock.pending).toBe(0);
});

it('is not idle for as long as its endpoint is in a call', () => {
  const { clock, happened, state } = createSession(minuteMs);
  state.isInUse = true;
  clock.advance(60 * minuteMs);
  expect(happened).toEqual(['expired']);
  state.isInUse = false;
  clock.advance(5 * minuteMs);

  expect(happened).toEqual(['expired', 'idle']);
});

it('is told of no expiry when its token had run out before', () => {
  const { clock, session, happened } = createSession(-minuteMs);

  expect(session.hasExpired).toBe(true);
  clock.advance(5 * minuteMs);
  expect(happened).toEqual(['idle']);
});

it('is renewed by a token of the same user, whose claims its endpoint has from then on', () => {
  const { clock, session, claims, happened } = createSession(minuteMs);
  clock.advance(2 * minuteMs);
  const identity = { userId: 'alice', displayName: 'Alice B.', kind: 'user' } as const;
  session.renew(claims({ identity, grantId: 'other', scopes: ['calls.join'] }));

  expect(session.endpoint).toMatchObject({ hasExpired: false, identity, scopes: ['calls.join'] });
  expect(session.endpoint.token).toMatchObject({ grantId: 'other' });
  clock.advance(minuteMs);
  expect(happened).toEqual(['expired', 'expired']);
});

it('of a guest is renewed with the role that the newer token gives them in their room', () => {
  const guest = (role: 'attendee' | 'presenter'): Partial<SessionClaims> => ({
    identity: { userId: 'visitor', displayName: 'Visitor', kind: 'guest' },
    scopes: ['rooms.join'],
    guestOf: { roomId: 'room', role },
  });
  const { session, claims } = createSession(minuteMs, guest('attendee'));
  expect(session.endpoint.guestOf).toEqual({ roomId: 'room', role: 'attendee' });
  session.renew(claims(guest('presenter')));

  expect(session.endpoint.guestOf).toEqual({ roomId: 'room', role: 'presenter' });
});

it('is renewed by nobody else’s token', () => {
  const { session, claims } = createSession(minuteMs);
  const mallory = { userId: 'mallory', displayName: 'Alice', kind: 'user' } as const;

  expect(() => session.renew(claims({ identity: mallory }))).toThrow('not of the user');
  expect(() => session.renew(claims({ applicationId: 'other' }))).toThrow('not of the user');
  expect(session.endpoint.identity.userId).toBe('alice');
});

it('leaves no timer when it is closed', () => {
  const { clock, session } = createSession(minuteMs);
  session.close();
  session.close();

  expect(clock.pending).toBe(0);
});

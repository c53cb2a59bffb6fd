import { describe, expect, it } from 'vitest';
import { createGuestSessionSchema, createRoomSchema, createUserSchema, issueTokenSchema } from './index.ts';

describe('REST bodies', () => {
  it('fill in the defaults that the documentation promises', () => {
    expect(issueTokenSchema.parse({})).toEqual({ scopes: ['calls'], expiresInSeconds: 86_400 });
    expect(createRoomSchema.parse({})).toEqual({
      access: 'invite',
      lobby: false,
      attendeesMayShare: true,
      maxParticipants: 100,
      roster: {},
    });
  });

  it('refuse fields they do not know, so that a typing error is not silently ignored', () => {
    expect(createUserSchema.safeParse({ displayname: 'Alice' }).success).toBe(false);
    expect(createRoomSchema.safeParse({ validUntill: '2030-01-01T00:00:00Z' }).success).toBe(false);
  });

  it('compare e-mail addresses in lower case', () => {
    expect(createUserSchema.parse({ email: 'Alice@Example.ORG' }).email).toBe('alice@example.org');
  });

  it('refuse a password that nobody could sign in with', () => {
    expect(createUserSchema.safeParse({ id: 'alice', password: 'long enough' }).success).toBe(false);
  });

  it('refuse names that are empty, blank or hold control characters', () => {
    const named = (displayName: string) =>
      createGuestSessionSchema.safeParse({ code: 'c', displayName }).success;

    expect(named('  ')).toBe(false);
    expect(named('Al\u0000ice')).toBe(false);
    expect(named('Zoë 🎉')).toBe(true);
  });

  it('refuse names and passwords with half of a surrogate pair, which has no UTF-8', () => {
    const made = (body: object) => createUserSchema.safeParse(body).success;

    expect(['\ud800', 'Al\udc00ice', '🎉'].map((displayName) => made({ displayName }))).toEqual([
      false,
      false,
      true,
    ]);
    expect(
      ['\udfffpassword', 'password\ud800', 'password🎉'].map((password) =>
        made({ email: 'alice@example.org', password }),
      ),
    ).toEqual([false, false, true]);
  });

  it('refuse a token of less than a minute or more than seven days', () => {
    const lasting = (expiresInSeconds: number) => issueTokenSchema.safeParse({ expiresInSeconds }).success;

    expect([59, 60, 604_800, 604_801].map(lasting)).toEqual([false, true, true, false]);
  });

  it('refuse a room that ends before it begins', () => {
    const window = { validFrom: '2030-01-02T00:00:00Z', validUntil: '2030-01-01T00:00:00Z' };

    expect(createRoomSchema.safeParse(window).success).toBe(false);
  });

  it('take a roster of user ids and roles, and nothing else for a role', () => {
    expect(createRoomSchema.parse({ roster: { 'alice@example.org': 'presenter' } }).roster).toEqual({
      'alice@example.org': 'presenter',
    });
    expect(createRoomSchema.safeParse({ roster: { alice: 'king' } }).success).toBe(false);
    expect(createRoomSchema.safeParse({ roster: { 'al ice': 'presenter' } }).success).toBe(false);
  });
});

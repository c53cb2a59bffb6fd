import { describe, expect, it } from 'vitest';
import {
  createGuestSessionSchema,
  createRoomSchema,
  createSessionSchema,
  createUserSchema,
  issueTokenSchema,
  operationNames,
  operations,
  updateUserSchema,
  type OperationDescription,
} from './index.ts';

describe('REST bodies', () => {
  it('fill in the defaults that the documentation promises', () => {
    expect(issueTokenSchema.parse({})).toEqual({ scopes: ['calls'], expiresInSeconds: 86_400 });
    expect(createRoomSchema.parse({})).toEqual({
      access: 'invite',
      lobby: false,
      attendeesMayShare: true,
      callSettings: {},
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
    const seconds = [59, 60, 60.5, 604_800, 604_801];
    const session = { accessToken: 'at_' };

    for (const isTaken of [
      (expiresInSeconds: number) => issueTokenSchema.safeParse({ expiresInSeconds }).success,
      (expiresInSeconds: number) => createSessionSchema.safeParse({ ...session, expiresInSeconds }).success,
    ]) {
      expect(seconds.map(isTaken)).toEqual([false, true, false, true, false]);
    }
  });

  it('take user ids of 1 to 256 characters of A-Z a-z 0-9 . _ : @ + -, and of no others', () => {
    const isTaken = (id: string) => createUserSchema.safeParse({ id }).success;
    const characters = Array.from({ length: 0x250 }, (_, code) => String.fromCharCode(code));

    expect([0, 1, 256, 257].map((length) => isTaken('a'.repeat(length)))).toEqual([false, true, true, false]);
    expect(characters.filter((character) => isTaken(`a${character}a`)).join('')).toBe(
      '+-.0123456789:@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz',
    );
  });

  it("take E.164 numbers for users' own, and nothing that needs reading", () => {
    const right = ['+12', '+4930123456', `+${'1'.repeat(15)}`];
    const wrong = [
      '',
      '+',
      '+1',
      '+0301234567',
      `+${'1'.repeat(16)}`,
      '4930123456',
      '004930123456',
      '+49 30 123456',
      '+49-30-123456',
      '+4930123456\n',
      '+٤٩٣٠١٢٣٤٥٦',
    ];

    for (const schema of [createUserSchema, updateUserSchema]) {
      const isTaken = (number: string) => schema.safeParse({ phoneNumbers: [number] }).success;
      expect(right.filter((number) => !isTaken(number))).toEqual([]);
      expect(wrong.filter(isTaken)).toEqual([]);
    }
  });

  it('take metadata of 4096 bytes of JSON, counted as UTF-8', () => {
    const isTaken = (text: string) => createUserSchema.safeParse({ metadata: { a: text } }).success;
    const room = 4096 - '{"a":""}'.length;

    expect([room, room + 1].map((length) => isTaken('x'.repeat(length)))).toEqual([true, false]);
    expect([room / 2, room / 2 + 1].map((length) => isTaken('é'.repeat(length)))).toEqual([true, false]);
    expect([room / 4, room / 4 + 1].map((length) => isTaken('🎉'.repeat(length)))).toEqual([true, false]);
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

describe('the query of a list', () => {
  const lists = operationNames.filter((name) => {
    const { answer }: OperationDescription = operations[name];

    return answer !== undefined && 'shape' in answer && Object.hasOwn(answer.shape as object, 'nextCursor');
  });

  it.each(lists)('of %s asks for 20 items when it does not say, and for 1 to 100', (name) => {
    const { query }: OperationDescription = operations[name];
    const limitOf = (asked: object) => (query?.safeParse(asked).data as { limit: number } | undefined)?.limit;

    expect(limitOf({})).toBe(20);
    expect(['0', '1', '1.5', '100', '101', 'all'].map((limit) => limitOf({ limit }))).toEqual([
      undefined,
      1,
      undefined,
      100,
      undefined,
      undefined,
    ]);
  });

  it('is that of every operation named for one', () => {
    expect(lists).toHaveLength(operationNames.filter((name) => name.startsWith('list')).length);
  });
});

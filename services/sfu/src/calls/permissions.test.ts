import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';
import type { CallEndpoint } from './CallEndpoint.ts';

let world: CallWorld;
let bob: FakeDevice;

beforeEach(async () => {
  world = await createCallWorld();
  bob = await world.device('bob');
  await world.putRoom();
});

const call = (device: FakeDevice, ...callees: string[]) =>
  world.calls.startCall(device, { callees, media: offer });
const join = (device: FakeDevice, roomId = 'room') => world.calls.joinRoom(device, { roomId, media: offer });

const anonymous = (userId: string): Promise<FakeDevice> =>
  world.device(userId, { identity: { userId, displayName: '', kind: 'anonymous' } });

function guest(userId: string, overrides: Partial<CallEndpoint> = {}): Promise<FakeDevice> {
  return world.device(userId, {
    identity: { userId, displayName: userId, kind: 'guest' },
    guestOf: { roomId: 'room', role: 'attendee' },
    scopes: ['calls', 'calls.join', 'rooms.join'],
    ...overrides,
  });
}

async function messageOf(outcome: Promise<unknown>): Promise<string | undefined> {
  const [settled] = await Promise.allSettled([outcome]);

  return settled.status === 'rejected' ? (settled.reason as Error).message : undefined;
}

describe('an anonymous user', () => {
  let visitor: FakeDevice;

  beforeEach(async () => {
    visitor = await anonymous('visitor');
    await world.device('carol');
    const { admission } = world.backplane;
    const dave = { applicationId: 'app', userId: 'dave', displayName: 'Dave', phoneNumbers: ['+15550001'] };
    await world.device('dave');
    await admission.putUser(dave);
    await world.putApplication({ anonymousDestinations: ['bob', '+15550001'] });
  });

  it.each([
    ['a destination by its user id', 'bob'],
    ['a destination by its number', '+15550001'],
    ['the user of a number that is a destination', 'dave'],
  ])('may ring %s', async (_title, callee) => {
    expect(await codeOf(call(visitor, callee))).toBeUndefined();
  });

  it('may ring the number of a user who is a destination', async () => {
    await world.putApplication({ anonymousDestinations: ['dave'] });

    expect(await codeOf(call(visitor, '+15550001'))).toBeUndefined();
  });

  it("may not ring somebody who has a destination's number for an id", async () => {
    const { admission } = world.backplane;
    await world.device('+15550001');
    const namesake = {
      applicationId: 'app',
      userId: '+15550001',
      displayName: '',
      phoneNumbers: ['+15550002'],
    };
    await admission.putUser(namesake);

    expect(await codeOf(call(visitor, '+15550002'))).toBe('forbidden');
  });

  it('is refused in the same words whether or not there is somebody of that name', async () => {
    const refusals = await Promise.all(
      ['carol', 'nobody', '+15559999'].map(async (callee) => ({
        code: await codeOf(call(visitor, callee)),
        message: await messageOf(call(visitor, callee)),
      })),
    );

    expect(refusals[0]?.code).toBe('forbidden');
    expect(new Set(refusals.map((refusal) => JSON.stringify(refusal))).size).toBe(1);
  });

  it('rings one callee at a time, though both are destinations', async () => {
    expect(await codeOf(call(visitor, 'bob', 'dave'))).toBe('forbidden');
    expect(bob.told).toEqual([]);
  });

  it('rings nobody of an application that names no destination', async () => {
    await world.putApplication();

    expect(await codeOf(call(visitor, 'bob'))).toBe('forbidden');
  });

  it('enters no room, not even one whose roster names it', async () => {
    await world.putRoom({ roster: { visitor: 'presenter' } });

    expect(await codeOf(join(visitor))).toBe('forbidden');
  });

  it('cannot be called, and does not ring for a user of the same name', async () => {
    expect(await codeOf(call(bob, 'visitor'))).toBe('callee_not_found');
    const namesake = await anonymous('carol');
    const { call: started } = await call(bob, 'carol');

    expect(namesake.told).toEqual([]);
    expect(await codeOf(world.calls.acceptCall(namesake, started.id, offer))).toBe('forbidden');
    expect(() => world.calls.rejectCall(namesake, started.id)).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
  });
});

describe('a guest', () => {
  it('has one room and can neither call nor be called, whatever the token says', async () => {
    const visitor = await guest('visitor');
    await world.putRoom({ roomId: 'other' });

    expect(await codeOf(call(visitor, 'bob'))).toBe('forbidden');
    expect(await codeOf(call(bob, 'visitor'))).toBe('callee_not_found');
    expect(await codeOf(join(visitor, 'other'))).toBe('forbidden');
    expect(await codeOf(join(visitor))).toBeUndefined();
  });

  it('does not ring for a user of the same name', async () => {
    const namesake = await guest('bob');
    const { call: started } = await call(await world.device('alice'), 'bob');

    expect(namesake.told).toEqual([]);
    expect(await codeOf(world.calls.acceptCall(namesake, started.id, offer))).toBe('forbidden');
  });

  it('whose token names no room enters none', async () => {
    const { guestOf: _room, ...roomless } = await guest('visitor');
    const visitor = await world.device('visitor', roomless);

    expect(await codeOf(join(visitor))).toBe('forbidden');
  });
});

describe('a telephone number', () => {
  const number = '+15550001';
  let alice: FakeDevice;

  beforeEach(async () => {
    alice = await world.device('alice');
    const record = { applicationId: 'app', userId: 'bob', displayName: 'Bob', phoneNumbers: [number] };
    await world.backplane.admission.putUser(record);
  });

  it('rings its user, in a direct call', async () => {
    const { call: started } = await call(alice, number);

    expect(started).toMatchObject({ kind: 'direct' });
    expect(started.participants[1]).toMatchObject({ identity: { userId: 'bob', kind: 'user' } });
    expect(bob.heard('incomingCall')).toHaveLength(1);
  });

  it('rings its user and nobody who has it for an id', async () => {
    const namesake = await world.device(number);
    await call(alice, number);

    expect(bob.heard('incomingCall')).toHaveLength(1);
    expect(namesake.told).toEqual([]);
  });

  it("that is the id of a user, and nobody's number, rings that user", async () => {
    const namesake = await world.device('+15550002');
    await call(alice, '+15550002');

    expect(namesake.heard('incomingCall')).toHaveLength(1);
  });

  it('and the id of the same user ring once', async () => {
    const { call: started } = await call(alice, 'bob', number, 'bob');

    expect(started.kind).toBe('direct');
    expect(started.participants).toHaveLength(2);
    expect(bob.heard('incomingCall')).toHaveLength(1);
  });

  it('is what is answered when its user cannot be rung', async () => {
    await world.device('carol');
    world.drop(bob);
    const { unreachable } = await call(alice, number, 'carol', '+15559999');

    expect(unreachable).toEqual([
      { userId: number, reason: 'offline' },
      { userId: '+15559999', reason: 'not_supported' },
    ]);
  });

  it('that nobody has is not supported, alone or beside nobody: there is no leg to telephones', async () => {
    expect(await codeOf(call(alice, '+15559999'))).toBe('not_supported');
    await expect(call(alice, '+15559999')).rejects.toThrow('No user has that number');
    expect(await codeOf(call(alice, '+15559999', '+15559998'))).toBe('not_supported');
    expect(await codeOf(call(alice, '+15559999', 'nobody'))).toBe('callee_not_found');
  });

  it('of the caller is no way to call oneself, and that of a neighbour rings nobody', async () => {
    expect(await codeOf(call(bob, number))).toBe('invalid_request');
    expect(await codeOf(call(await world.device('alice', { applicationId: 'other' }), number))).toBe(
      'not_supported',
    );
  });
});

describe('a token with the scope', () => {
  const withScopes = (userId: string, ...scopes: CallEndpoint['scopes']) => world.device(userId, { scopes });

  it('calls.join answers calls it is invited to, and does nothing else', async () => {
    const alice = await withScopes('alice', 'calls.join');
    const { call: hers } = await call(bob, 'alice');
    expect(await codeOf(world.calls.acceptCall(alice, hers.id, offer))).toBeUndefined();

    const carol = await withScopes('carol', 'calls.join');
    expect(await codeOf(world.calls.acceptCall(carol, hers.id, offer))).toBe('call_not_found');
    expect(await codeOf(call(carol, 'bob'))).toBe('forbidden');
    expect(await codeOf(join(carol))).toBe('forbidden');
  });

  it('rooms.join enters rooms whose roster admits it, and does nothing else', async () => {
    const alice = await withScopes('alice', 'rooms.join');
    expect(await codeOf(join(alice))).toBe('not_on_roster');
    await world.putRoom({ access: 'invite', roster: { alice: 'attendee' } });
    expect(await codeOf(join(alice))).toBeUndefined();

    expect(await codeOf(call(alice, 'bob'))).toBe('forbidden');
    expect(await codeOf(call(bob, 'alice'))).toBe('callee_offline');
  });

  it('admin alone neither calls nor rings nor enters', async () => {
    const admin = await withScopes('admin', 'admin');
    await world.putRoom({ roster: { admin: 'presenter' } });

    expect(await codeOf(call(admin, 'bob'))).toBe('forbidden');
    expect(await codeOf(call(bob, 'admin'))).toBe('callee_offline');
    expect(await codeOf(join(admin))).toBe('forbidden');
  });

  it('calls is let into no call by knowing its id', async () => {
    const mallory = await world.device('mallory');
    const { call: started } = await call(await world.device('alice'), 'bob');

    expect(await codeOf(world.calls.acceptCall(mallory, started.id, offer))).toBe('call_not_found');
    expect(() => world.calls.participation(mallory, started.id)).toThrow(
      expect.objectContaining({ code: 'call_not_found' }),
    );
  });
});

describe('the limits of the application', () => {
  it('bound the participants of a call, those who ring included', async () => {
    const names = ['carol', 'dave'];
    await Promise.all(names.map((name) => world.device(name)));
    const alice = await world.device('alice');
    await world.putApplication({ limits: { participantsPerCall: 2 } });

    expect(await codeOf(call(alice, 'bob', ...names))).toBe('invalid_request');
    expect(bob.told).toEqual([]);
    expect(await codeOf(call(alice, 'bob'))).toBeUndefined();
  });

  it('bound a room that would take more, from the next entry on when they change', async () => {
    const [alice, carol] = [await world.device('alice'), await world.device('carol')];
    await world.putApplication({ limits: { participantsPerCall: 1 } });
    expect(await codeOf(join(alice))).toBeUndefined();
    expect(await codeOf(join(bob))).toBe('room_full');
    await world.putApplication({ limits: { participantsPerCall: 2 } });
    expect(await codeOf(join(bob))).toBeUndefined();
    await world.putApplication({ limits: { participantsPerCall: 1 } });

    expect(await codeOf(join(carol))).toBe('room_full');
    expect([...alice.heard('callEnded'), ...bob.heard('callEnded')]).toEqual([]);
  });
});

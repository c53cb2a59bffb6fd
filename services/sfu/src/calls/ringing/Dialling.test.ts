import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../../test/support/callWorld.ts';
import { offer } from '../../../test/support/FakeMedia.ts';

let world: CallWorld;
let alice: FakeDevice;
let bob: FakeDevice;
let carol: FakeDevice;
let callId: string;

/** Alice and Bob are in a direct call. */
beforeEach(async () => {
  world = await createCallWorld();
  [alice, bob, carol] = [await world.device('alice'), await world.device('bob'), await world.device('carol')];
  callId = (await world.calls.startCall(alice, { callees: ['bob'], media: offer })).call.id;
  await world.calls.acceptCall(bob, callId, offer);
});

const add = (device: FakeDevice, ...callees: string[]) =>
  world.ask(device, 'addParticipants', { callId, callees });
const leave = (device: FakeDevice) => world.ask(device, 'leaveCall', { callId });
const idOf = (userId: string) => world.calls.participation(alice, callId).call.ofUser(userId)?.id ?? 'nobody';
const endOf = (device: FakeDevice) => device.heard('callEnded').map(({ reason }) => reason);
const ringEndOf = (device: FakeDevice) => device.heard('incomingCallEnded').map(({ reason }) => reason);

describe('somebody who is added to a call', () => {
  it('rings, which both see, and makes a group call of a direct one', async () => {
    const { added, unreachable } = await add(alice, 'carol');
    const changed = [{ callId, kind: 'group' }];

    expect([alice.heard('callKindChanged'), bob.heard('callKindChanged')]).toEqual([changed, changed]);
    expect([added, unreachable]).toEqual([[{ userId: 'carol', participantId: idOf('carol') }], []]);
    expect(carol.heard('incomingCall')).toEqual([
      { callId, kind: 'group', caller: alice.identity, customData: {} },
    ]);
    const ringing = { participant: { id: idOf('carol'), state: 'ringing' } };
    expect([alice.heard('participantJoined').at(-1), bob.heard('participantJoined').at(-1)]).toMatchObject([
      ringing,
      ringing,
    ]);
    const { call } = await world.calls.acceptCall(carol, callId, offer);
    expect(call).toMatchObject({ kind: 'group', participants: [{}, {}, { state: 'connected' }] });
  });

  it('keeps the call going for two when one of the first two leaves', async () => {
    await add(alice, 'carol');
    await world.calls.acceptCall(carol, callId, offer);
    await leave(alice);

    expect([endOf(bob), endOf(carol)]).toEqual([[], []]);
  });

  it('may be added by a callee, too, and says who it was', async () => {
    await add(bob, 'carol');

    expect(carol.heard('incomingCall')).toMatchObject([{ caller: { userId: 'bob' } }]);
  });

  it('may decline, ring for nobody, or be rung no more, and the others go on', async () => {
    await add(alice, 'carol');
    await world.calls.rejectCall(carol, callId);
    await add(alice, 'carol');
    world.clock.advance(60_000);
    await add(alice, 'carol');
    await world.ask(bob, 'cancelRinging', { callId, participantId: idOf('carol') });

    expect(alice.heard('participantLeft').map(({ reason }) => reason)).toEqual([
      'declined',
      'no_answer',
      'canceled',
    ]);
    expect(ringEndOf(carol)).toEqual(['no_answer', 'canceled']);
    expect([endOf(alice), endOf(bob)]).toEqual([[], []]);
  });

  it('is answered as they are when they are there or ring already, by whatever name', async () => {
    const record = {
      applicationId: 'app',
      userId: 'carol',
      displayName: 'Carol',
      phoneNumbers: ['+15550001'],
    };
    await world.backplane.admission.putUser(record);
    await add(alice, 'carol');
    const { added } = await add(alice, '+15550001', 'bob');

    expect(added).toEqual([
      { userId: '+15550001', participantId: idOf('carol') },
      { userId: 'bob', participantId: idOf('bob') },
    ]);
    expect(carol.heard('incomingCall')).toHaveLength(1);
    expect(alice.heard('participantJoined')).toHaveLength(2);
  });

  it('is told of as unreachable beside others, and refused when they are the only one', async () => {
    await world.device('dave').then((dave) => world.drop(dave));
    const { added, unreachable } = await add(alice, 'carol', 'dave', 'nobody');

    expect(added).toHaveLength(1);
    expect(unreachable).toEqual([
      { userId: 'dave', reason: 'offline' },
      { userId: 'nobody', reason: 'not_found' },
    ]);
    expect(await codeOf(add(alice, 'dave'))).toBe('callee_offline');
  });

  it('is let in again at once when two add them at the same time, and rings once', async () => {
    const [one, other] = await Promise.all([add(alice, 'carol'), add(bob, 'carol')]);

    expect(one.added).toEqual(other.added);
    expect(carol.heard('incomingCall')).toHaveLength(1);
  });
});

describe('adding', () => {
  it('is refused to those whose token or role does not allow it', async () => {
    await add(alice, 'carol');
    await world.calls.acceptCall(carol, callId, offer);
    await world.ask(alice, 'changeRole', { callId, participantId: idOf('carol'), role: 'attendee' });
    expect(await codeOf(add(carol, 'dave'))).toBe('forbidden');

    const visitor = await world.device('visitor', {
      identity: { userId: 'visitor', displayName: '', kind: 'anonymous' },
    });
    await world.putApplication({ anonymousDestinations: ['bob', 'carol'] });
    const { call } = await world.calls.startCall(visitor, { callees: ['bob'], media: offer });
    const request = { callId: call.id, callees: ['carol'] };
    expect(await codeOf(world.ask(visitor, 'addParticipants', request))).toBe('forbidden');

    alice.hasExpired = true;
    expect(await codeOf(add(alice, 'carol'))).toBe('token_expired');
  });

  it('is refused of oneself, in a call one is not in, and beyond the limit of the application', async () => {
    expect(await codeOf(add(alice, 'alice'))).toBe('invalid_request');
    expect(await codeOf(add(carol, 'bob'))).toBe('call_not_found');
    await world.putApplication({ limits: { participantsPerCall: 2 } });
    expect(await codeOf(add(alice, 'carol'))).toBe('room_full');
    expect(carol.told).toEqual([]);
  });

  it('rings into a room those whom the room knows, in the role it gives them', async () => {
    await world.putRoom({ access: 'invite', roster: { alice: 'presenter', carol: 'attendee' } });
    const { call } = await world.enterRoom(alice);
    const inRoom = (...callees: string[]) =>
      world.ask(alice, 'addParticipants', { callId: call.id, callees });

    expect(await codeOf(inRoom('bob'))).toBe('not_on_roster');
    await inRoom('carol');
    expect(carol.heard('incomingCall')).toMatchObject([{ kind: 'room' }]);
    const joined = await world.calls.acceptCall(carol, call.id, offer);
    expect(joined.call.participants.at(-1)).toMatchObject({ role: 'attendee' });
  });

  it('past the door of a lobby is for those who may open it', async () => {
    await world.putRoom({ roster: { alice: 'presenter' } });
    const { call } = await world.enterRoom(alice);
    await world.enterRoom(bob);
    await world.putRoom({ lobby: true, roster: { alice: 'presenter' } });
    const request = { callId: call.id, callees: ['carol'] };

    expect(await codeOf(world.ask(bob, 'addParticipants', request))).toBe('forbidden');
    await world.ask(alice, 'addParticipants', request);
    expect(await codeOf(world.calls.acceptCall(carol, call.id, offer))).toBeUndefined();
  });
});

describe('cancelRinging', () => {
  it('is refused of somebody who is in the call, and of nobody', async () => {
    const cancel = (participantId: string) =>
      codeOf(world.ask(alice, 'cancelRinging', { callId, participantId }));

    expect(await cancel(idOf('bob'))).toBe('invalid_state');
    expect(await cancel('nobody')).toBe('not_found');
  });

  it('ends a direct call that was only ringing, with the same reason on both sides', async () => {
    const { call } = await world.calls.startCall(alice, { callees: ['carol'], media: offer });
    const participantId = call.participants[1]?.id ?? '';
    await world.ask(alice, 'cancelRinging', { callId: call.id, participantId });

    expect([endOf(alice), ringEndOf(carol)]).toEqual([['canceled'], ['canceled']]);
  });
});

describe('customData of a call', () => {
  it('is shown while it rings, as it is by then, and to who answers', async () => {
    const customData = { subject: 'lunch' };
    const { call } = await world.calls.startCall(alice, { callees: ['carol'], media: offer, customData });
    expect(carol.heard('incomingCall')).toMatchObject([{ customData }]);
    await world.ask(alice, 'setCustomData', { callId: call.id, items: { subject: 'dinner' } });
    const tablet = await world.device('carol');

    expect(tablet.heard('incomingCall')).toMatchObject([{ customData: { subject: 'dinner' } }]);
    const joined = await world.calls.acceptCall(tablet, call.id, offer);
    expect(joined.call.customData).toEqual({ subject: 'dinner' });
  });
});

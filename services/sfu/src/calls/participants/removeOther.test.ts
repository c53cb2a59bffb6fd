import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../../test/support/callWorld.ts';
import { offer } from '../../../test/support/FakeMedia.ts';

let world: CallWorld;
let alice: FakeDevice;
let bob: FakeDevice;
let carol: FakeDevice;
let callId: string;
let bobsId: string;
let bobsToken: string;

/** Alice calls Bob, who has answered, and Carol, who has not. */
beforeEach(async () => {
  world = await createCallWorld();
  [alice, bob, carol] = [await world.device('alice'), await world.device('bob'), await world.device('carol')];
  const { call } = await world.calls.startCall(alice, { callees: ['bob', 'carol'], media: offer });
  callId = call.id;
  const joined = await world.calls.acceptCall(bob, callId, offer);
  bobsId = joined.participantId;
  bobsToken = joined.resumeToken;
});

const remove = (device: FakeDevice, participantId: string) =>
  world.ask(device, 'removeParticipant', { callId, participantId });
const joinCall = (device: FakeDevice) => world.ask(device, 'joinCall', { callId, media: offer });
const endOf = (device: FakeDevice) => device.heard('callEnded').map(({ reason }) => reason);
const idOf = (userId: string) => world.calls.participation(alice, callId).call.ofUser(userId)?.id ?? 'nobody';

describe('a participant who is removed', () => {
  it('is out, which they and the others are told, and every way back is closed to them', async () => {
    await remove(alice, bobsId);

    expect(endOf(bob)).toEqual(['removed']);
    expect(alice.heard('participantLeft')).toEqual([{ callId, participantId: bobsId, reason: 'removed' }]);
    // Another device has another token: it is the identity that was removed.
    for (const device of [bob, await world.device('bob')]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await codeOf(joinCall(device))).toBe('removed_from_call');
      // oxlint-disable-next-line no-await-in-loop
      expect(await codeOf(world.ask(device, 'sendChat', { callId, text: 'still here' }))).toBe(
        'removed_from_call',
      );
    }
    const back = await world.device('bob');
    expect(await world.ask(back, 'resume', { callId, resumeToken: bobsToken, sequence: 0 })).toEqual({
      action: 'stop',
      reason: 'removed',
    });
    expect(world.media.open).toBe(2);
  });

  it('is out with every device they are there with, and with the one that is being let in', async () => {
    const tablet = await world.device('bob');
    await joinCall(tablet);
    const phone = await world.device('bob');
    const proceed = world.media.holdParticipants();
    const joining = codeOf(joinCall(phone));
    await expect.poll(() => world.media.waiting).toBe(1);
    await remove(alice, bobsId);
    proceed();

    expect([endOf(bob), endOf(tablet)]).toEqual([['removed'], ['removed']]);
    expect(await joining).toBe('removed_from_call');
    expect(world.media.open).toBe(2);
  });

  it('is not let in by what began before they were removed, though they are rung in again meanwhile', async () => {
    const phone = await world.device('bob');
    const proceed = world.media.holdParticipants();
    const joining = codeOf(joinCall(phone));
    await expect.poll(() => world.media.waiting).toBe(1);
    await remove(alice, bobsId);
    await world.ask(alice, 'addParticipants', { callId, callees: ['bob'] });
    proceed();

    expect(await joining).toBe('removed_from_call');
    expect(await codeOf(world.calls.acceptCall(bob, callId, offer))).toBeUndefined();
  });

  it('is out while away, too', async () => {
    world.drop(bob);
    await remove(alice, bobsId);
    const back = await world.device('bob');

    expect(await world.ask(back, 'resume', { callId, resumeToken: bobsToken, sequence: 0 })).toEqual({
      action: 'stop',
      reason: 'removed',
    });
  });

  it('rings no more when that is all they did, and cannot join by another way', async () => {
    await remove(alice, idOf('carol'));

    expect(carol.heard('incomingCallEnded')).toEqual([{ callId, reason: 'canceled' }]);
    expect(await codeOf(world.calls.acceptCall(carol, callId, offer))).toBe('removed_from_call');
    expect(await codeOf(joinCall(carol))).toBe('removed_from_call');
  });

  it('is let in again when somebody rings them in', async () => {
    await remove(alice, bobsId);
    const { added } = await world.ask(alice, 'addParticipants', { callId, callees: ['bob'] });
    const joined = await world.calls.acceptCall(bob, callId, offer);

    expect(added).toEqual([{ userId: 'bob', participantId: joined.participantId }]);
    expect(joined.participantId).not.toBe(bobsId);
    expect(await codeOf(world.ask(bob, 'sendChat', { callId, text: 'back' }))).toBeUndefined();
  });

  it('of a direct call ends it for both with the same reason', async () => {
    const dave = await world.device('dave');
    const { call } = await world.calls.startCall(alice, { callees: ['dave'], media: offer });
    const { participantId } = await world.calls.acceptCall(dave, call.id, offer);
    await world.ask(alice, 'removeParticipant', { callId: call.id, participantId });

    expect([endOf(alice), endOf(dave)]).toEqual([['removed'], ['removed']]);
  });

  it('of a room is sent away from its door as well, where they wait with another device', async () => {
    await world.putRoom({ roster: { alice: 'presenter' } });
    const { call } = await world.enterRoom(alice);
    const { participantId } = await world.enterRoom(bob);
    await world.putRoom({ roster: { alice: 'presenter' }, lobby: true });
    const phone = await world.device('bob');
    await world.calls.joinRoom(phone, { roomId: 'room', media: offer });
    await world.ask(alice, 'removeParticipant', { callId: call.id, participantId });

    expect(endOf(phone)).toEqual(['removed']);
    world.clock.advance(200);
    expect(alice.heard('lobbyChanged').at(-1)?.lobby).toEqual([]);
  });

  it('of a room cannot join it again, and waits before no door, as long as its call goes on', async () => {
    await world.putRoom({ roster: { alice: 'presenter' } });
    const { call } = await world.enterRoom(alice);
    const { participantId } = await world.enterRoom(bob);
    await world.ask(alice, 'removeParticipant', { callId: call.id, participantId });
    expect(await codeOf(world.enterRoom(bob))).toBe('removed_from_call');
    await world.putRoom({ roster: { alice: 'presenter' }, lobby: true });
    expect(await codeOf(world.enterRoom(bob))).toBe('removed_from_call');

    await world.ask(alice, 'endCall', { callId: call.id });
    await world.putRoom({ roster: { alice: 'presenter' } });
    expect(await codeOf(world.enterRoom(bob))).toBeUndefined();
  });
});

describe('removing', () => {
  it('is for those whose role allows it', async () => {
    expect(await codeOf(remove(bob, idOf('alice')))).toBe('forbidden');
    expect(endOf(alice)).toEqual([]);
  });

  it('is refused of oneself, on whatever device, of nobody and of somebody in another call', async () => {
    const other = await world.calls.startCall(await world.device('dave'), {
      callees: ['carol'],
      media: offer,
    });

    expect(await codeOf(remove(alice, idOf('alice')))).toBe('invalid_request');
    expect(await codeOf(remove(alice, 'nobody'))).toBe('not_found');
    expect(await codeOf(remove(alice, other.participantId))).toBe('not_found');
    await remove(alice, bobsId);
    expect(await codeOf(remove(alice, bobsId))).toBe('not_found');
  });

  it('waits for a token that lasts', async () => {
    alice.hasExpired = true;

    expect(await codeOf(remove(alice, bobsId))).toBe('token_expired');
    expect(endOf(bob)).toEqual([]);
  });
});

import type { ChangedCallSettings } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';

let world: CallWorld;
let alice: FakeDevice;
let bob: FakeDevice;
let carol: FakeDevice;

beforeEach(async () => {
  world = await createCallWorld();
  [alice, bob, carol] = [await world.device('alice'), await world.device('bob'), await world.device('carol')];
});

async function aliceCalls(callees: string[], settings: ChangedCallSettings = {}): Promise<string> {
  return (await world.calls.startCall(alice, { callees, media: offer, settings })).call.id;
}

/** Alice, Bob and Carol are in a group call. */
async function meet(settings: ChangedCallSettings = {}): Promise<string> {
  const callId = await aliceCalls(['bob', 'carol'], settings);
  await world.calls.acceptCall(bob, callId, offer);
  await world.calls.acceptCall(carol, callId, offer);

  return callId;
}

const join = (device: FakeDevice, callId: string) => world.ask(device, 'joinCall', { callId, media: offer });
const endOf = (device: FakeDevice) => device.heard('callEnded').map(({ reason }) => reason);

describe('somebody alone in a group call', () => {
  it('has a while until it ends, which begins anew after somebody else was there', async () => {
    const callId = await meet();
    world.calls.leaveCall(alice, callId);
    world.calls.leaveCall(carol, callId);
    world.clock.advance(59_999);
    await join(carol, callId);
    world.clock.advance(60_000);
    expect(endOf(bob)).toEqual([]);
    world.calls.leaveCall(carol, callId);
    world.clock.advance(60_000);

    expect(endOf(bob)).toEqual(['alone']);
    expect([world.media.open, world.clock.pending]).toEqual([0, 0]);
  });

  it('is not alone while somebody rings', async () => {
    const callId = await meet();
    world.calls.leaveCall(alice, callId);
    world.calls.leaveCall(carol, callId);
    world.clock.advance(30_000);
    await world.ask(bob, 'addParticipants', { callId, callees: ['carol'] });
    world.clock.advance(59_999);
    await world.calls.rejectCall(carol, callId);
    world.clock.advance(59_999);
    expect(endOf(bob)).toEqual([]);
    world.clock.advance(1);

    expect(endOf(bob)).toEqual(['alone']);
  });

  it('is not alone while the place of another is kept', async () => {
    const callId = await meet();
    world.calls.leaveCall(carol, callId);
    world.drop(alice);
    world.clock.advance(29_999);
    expect(endOf(bob)).toEqual([]);
    world.clock.advance(1);
    world.clock.advance(59_999);
    expect(endOf(bob)).toEqual([]);
    world.clock.advance(1);

    expect(endOf(bob)).toEqual(['alone']);
  });

  it('is alone with two devices, too', async () => {
    const callId = await meet();
    await join(await world.device('bob'), callId);
    world.calls.leaveCall(alice, callId);
    world.calls.leaveCall(carol, callId);
    world.clock.advance(60_000);

    expect(endOf(bob)).toEqual(['alone']);
  });

  it.each([
    ['at once when the call has no patience', { aloneTimeoutSeconds: 0 }, 0],
    ['after as long as the call says', { aloneTimeoutSeconds: 5 }, 5_000],
  ])('is out of it %s', async (_title, settings, afterMs) => {
    const callId = await meet(settings);
    world.calls.leaveCall(alice, callId);
    expect(endOf(bob)).toEqual([]);
    world.calls.leaveCall(carol, callId);
    world.clock.advance(Math.max(0, afterMs - 1));
    expect(endOf(bob)).toEqual(afterMs === 0 ? ['alone'] : []);
    world.clock.advance(1);

    expect(endOf(bob)).toEqual(['alone']);
  });

  it('may be so in a room for as long as they like', async () => {
    await world.putRoom();
    await world.enterRoom(alice);
    world.clock.advance(3_600_000);

    expect(endOf(alice)).toEqual([]);
  });
});

describe('a direct call that does not end with either', () => {
  it('goes on for the other until they have been alone for too long', async () => {
    const callId = await aliceCalls(['bob'], { directEndsWithEither: false });
    await world.calls.acceptCall(bob, callId, offer);
    world.calls.leaveCall(alice, callId);
    expect(endOf(bob)).toEqual([]);
    expect(bob.heard('participantLeft')).toMatchObject([{ reason: 'hangup' }]);
    world.clock.advance(60_000);

    expect(endOf(bob)).toEqual(['alone']);
  });

  it('ends all the same when it is declined', async () => {
    const callId = await aliceCalls(['bob'], { directEndsWithEither: false });
    await world.calls.rejectCall(bob, callId);

    expect(endOf(alice)).toEqual(['declined']);
  });
});

describe('joinCall', () => {
  it('takes back who was in the call, in the role they had last, and in who was rung and missed it', async () => {
    const callId = await meet();
    const { call } = world.calls.participation(carol, callId);
    await world.ask(alice, 'changeRole', {
      callId,
      participantId: call.ofUser('bob')?.id ?? '',
      role: 'attendee',
    });
    world.calls.leaveCall(bob, callId);
    const joined = await join(bob, callId);

    expect(joined).toMatchObject({ action: 'joined' });
    expect(call.ofUser('bob')).toMatchObject({ role: 'attendee', state: 'connected' });
    expect(alice.heard('participantJoined').at(-1)).toMatchObject({
      participant: { identity: { userId: 'bob' }, role: 'attendee' },
    });

    const dave = await world.device('dave');
    await world.ask(alice, 'addParticipants', { callId, callees: ['dave'] });
    await world.calls.rejectCall(dave, callId);
    expect(await codeOf(join(dave, callId))).toBeUndefined();
  });

  it('answers the call for somebody who still rings', async () => {
    const callId = await aliceCalls(['bob', 'carol']);
    const tablet = await world.device('bob');
    await join(bob, callId);

    expect(tablet.heard('incomingCallEnded')).toEqual([{ callId, reason: 'answered_elsewhere' }]);
    expect(world.calls.participation(bob, callId).call.present).toHaveLength(2);
  });

  it('is for group calls, and for nobody whom they do not know', async () => {
    const direct = await aliceCalls(['bob']);
    await world.calls.acceptCall(bob, direct, offer);
    const tablet = await world.device('bob');

    expect(await codeOf(join(tablet, direct))).toBe('invalid_state');
    expect(await codeOf(join(carol, direct))).toBe('call_not_found');
    expect(await codeOf(join(carol, 'none'))).toBe('call_not_found');
    const group = await meet();
    expect(await codeOf(join(await world.device('dave'), group))).toBe('call_not_found');
    expect(await codeOf(join(await world.device('bob', { applicationId: 'other' }), group))).toBe(
      'call_not_found',
    );
    expect(await codeOf(join(bob, group))).toBe('invalid_state');
  });

  it('is bound by the limit of the application and by what the token may', async () => {
    const callId = await meet();
    await world.putApplication({ limits: { participantsPerCall: 3 } });
    expect(await codeOf(join(await world.device('bob'), callId))).toBe('room_full');
    expect(await codeOf(join(await world.device('bob', { scopes: ['rooms.join'] }), callId))).toBe(
      'forbidden',
    );
  });
});

describe('a token that has run out', () => {
  it('begins nothing, and lets what goes on go on', async () => {
    const callId = await meet();
    const incoming = await aliceCalls(['bob']);
    await world.putRoom();
    bob.hasExpired = true;
    const media = offer;

    expect(await codeOf(world.ask(bob, 'startCall', { callees: ['carol'], media }))).toBe('token_expired');
    expect(await codeOf(world.ask(bob, 'joinRoom', { roomId: 'room', media }))).toBe('token_expired');
    expect(await codeOf(world.ask(bob, 'joinCall', { callId, media }))).toBe('token_expired');
    expect(await codeOf(world.ask(bob, 'acceptCall', { callId: incoming, media }))).toBe('token_expired');
    expect(await codeOf(world.ask(bob, 'sendChat', { callId, text: 'still here' }))).toBeUndefined();
    expect(await codeOf(world.ask(bob, 'leaveCall', { callId }))).toBeUndefined();
  });

  it('does not ring', async () => {
    bob.hasExpired = true;

    expect(await codeOf(aliceCalls(['bob']))).toBe('callee_offline');
  });
});

describe('settings of a call', () => {
  it('are those of the application, of which the caller may ask for less', async () => {
    await world.putApplication({ callSettings: { ringingTimeoutSeconds: 20, aloneTimeoutSeconds: 7 } });
    const { call } = await world.calls.startCall(alice, {
      callees: ['bob', 'carol'],
      media: offer,
      settings: { ringingTimeoutSeconds: 10 },
    });
    expect(call.settings).toMatchObject({
      ringingTimeoutSeconds: 10,
      aloneTimeoutSeconds: 7,
      reconnectSeconds: 30,
    });
    world.clock.advance(9_999);
    expect(endOf(alice)).toEqual([]);
    world.clock.advance(1);

    expect(endOf(alice)).toEqual(['no_answer']);
  });

  it('are not overridden by whoever calls', async () => {
    await world.putApplication({ callSettings: { whenBusy: 'refuse' } });
    await aliceCalls(['bob']).then((callId) => world.calls.acceptCall(bob, callId, offer));
    const start = (settings: ChangedCallSettings) =>
      codeOf(world.calls.startCall(carol, { callees: ['bob'], media: offer, settings }));

    expect(await start({})).toBe('callee_busy');
    expect(await start({ whenBusy: 'ring' })).toBe('forbidden');
    expect(await start({ ringingTimeoutSeconds: 600 })).toBe('forbidden');
    expect(await start({ rulesOff: ['loudestAudio'] })).toBe('forbidden');
    expect(bob.heard('incomingCall')).toHaveLength(1);
  });
});

import { ProtocolError } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';

let world: CallWorld;
let alice: FakeDevice;
let phone: FakeDevice;
let laptop: FakeDevice;

beforeEach(async () => {
  world = await createCallWorld();
  alice = await world.device('alice');
  phone = await world.device('bob');
  laptop = await world.device('bob');
});

async function aliceCalls(...callees: string[]): Promise<string> {
  const { call } = await world.calls.startCall(alice, { callees, media: offer });

  return call.id;
}

const endOf = (device: FakeDevice) => device.heard('incomingCallEnded').map(({ reason }) => reason);
const callEndOf = (device: FakeDevice) => device.heard('callEnded').map(({ reason }) => reason);

describe('a direct call', () => {
  it('rings on every device of the callee and shows him ringing to the caller', async () => {
    const { call, participantId, unreachable } = await world.calls.startCall(alice, {
      callees: ['bob'],
      media: offer,
    });

    expect(call).toMatchObject({ kind: 'direct', state: 'ringing' });
    expect(call.participants).toMatchObject([
      { id: participantId, identity: { userId: 'alice' }, role: 'presenter', state: 'connected' },
      { identity: { userId: 'bob', kind: 'user' }, role: 'collaborator', state: 'ringing' },
    ]);
    expect(unreachable).toEqual([]);
    const incoming = { callId: call.id, kind: 'direct', caller: alice.identity, customData: {} };
    expect(phone.heard('incomingCall')).toEqual([incoming]);
    expect(laptop.heard('incomingCall')).toEqual([incoming]);
  });

  it('is won by the first device that accepts, under the participant id that was ringing', async () => {
    const { call } = await world.calls.startCall(alice, { callees: ['bob'], media: offer });
    const ringing = call.participants.find(({ state }) => state === 'ringing')?.id;

    const answers = await Promise.allSettled([
      world.calls.acceptCall(phone, call.id, offer),
      world.calls.acceptCall(laptop, call.id, offer),
    ]);

    expect(answers[0]).toMatchObject({
      status: 'fulfilled',
      value: { participantId: ringing, call: { state: 'connected' } },
    });
    expect(answers[1]).toMatchObject({ status: 'rejected', reason: { code: 'answered_elsewhere' } });
    expect(endOf(laptop)).toEqual(['answered_elsewhere']);
    expect(endOf(phone)).toEqual([]);
    expect(alice.heard('participantJoined')).toMatchObject([
      { participant: { id: ringing, state: 'connected' } },
    ]);
    expect(alice.heard('callStateChanged')).toEqual([{ callId: call.id, state: 'connected' }]);
    expect(await codeOf(world.calls.acceptCall(laptop, call.id, offer))).toBe('answered_elsewhere');
    expect(world.clock.pending).toBe(0);
  });

  it('rings on when the device that accepted cannot be given media', async () => {
    const callId = await aliceCalls('bob');
    world.media.failNext(new ProtocolError('invalid_request'));

    expect(await codeOf(world.calls.acceptCall(phone, callId, offer))).toBe('invalid_request');
    expect(endOf(laptop)).toEqual([]);
    expect(await codeOf(world.calls.acceptCall(laptop, callId, offer))).toBeUndefined();
    expect(endOf(phone)).toEqual(['answered_elsewhere']);
  });

  const outcomes: {
    title: string;
    act: (callId: string) => void;
    caller: string[];
    phone: string[];
    laptop: string[];
  }[] = [
    {
      title: 'declined on one device stops on the other and ends for the caller',
      act: (callId) => void world.calls.rejectCall(phone, callId),
      caller: ['declined'],
      phone: [],
      laptop: ['declined'],
    },
    {
      title: 'left unanswered for the ringing timeout ends with no_answer',
      act: () => world.clock.advance(60_000),
      caller: ['no_answer'],
      phone: ['no_answer'],
      laptop: ['no_answer'],
    },
    {
      title: 'left by the caller first is canceled',
      act: (callId) => {
        const { call, participant } = world.calls.participation(alice, callId);
        call.leave(participant, 'hangup');
      },
      caller: [],
      phone: ['canceled'],
      laptop: ['canceled'],
    },
    {
      title: 'whose caller loses the connection, and does not come back, is canceled',
      act: () => {
        world.drop(alice);
        world.clock.advance(30_000);
      },
      caller: [],
      phone: ['canceled'],
      laptop: ['canceled'],
    },
    {
      title: 'ends with offline when the last device of the callee is gone',
      act: () => {
        world.drop(phone);
        world.drop(laptop);
        world.clock.advance(5_000);
      },
      caller: ['offline'],
      phone: [],
      laptop: [],
    },
    {
      title: 'whose media is lost ends with that reason on both sides',
      act: () => world.media.calls.at(-1)?.listener.onLost('media_failed'),
      caller: ['media_failed'],
      phone: ['media_failed'],
      laptop: ['media_failed'],
    },
  ];

  it.each(outcomes)('$title', async ({ act, caller, phone: onPhone, laptop: onLaptop }) => {
    const callId = await aliceCalls('bob');
    act(callId);

    expect(callEndOf(alice)).toEqual(caller);
    expect({ phone: endOf(phone), laptop: endOf(laptop) }).toEqual({ phone: onPhone, laptop: onLaptop });
    expect(await codeOf(world.calls.acceptCall(phone, callId, offer))).toBe('call_not_found');
    expect(world.clock.pending).toBe(0);
    expect(world.media.open).toBe(0);
  });

  for (const { title, act, caller } of outcomes.filter(({ title: name }) => !name.startsWith('declined'))) {
    it(`${title}, also while a device is accepting, and that device does not get in`, async () => {
      const callId = await aliceCalls('bob');
      const proceed = world.media.holdParticipants();
      const accepting = codeOf(world.calls.acceptCall(laptop, callId, offer));
      act(callId);
      proceed();

      expect(await accepting).toBe('call_not_found');
      expect(callEndOf(alice)).toEqual(caller);
      expect(world.clock.pending).toBe(0);
      expect(world.media.open).toBe(0);
    });
  }

  it('cannot be declined any more while another device is accepting', async () => {
    const callId = await aliceCalls('bob');
    const proceed = world.media.holdParticipants();
    const accepting = codeOf(world.calls.acceptCall(laptop, callId, offer));

    expect(() => world.calls.rejectCall(phone, callId)).toThrow(
      expect.objectContaining({ code: 'answered_elsewhere' }),
    );
    proceed();
    expect(await accepting).toBeUndefined();
    expect(callEndOf(alice)).toEqual([]);
  });

  it('goes on ringing on the other device when one of two is gone', async () => {
    const callId = await aliceCalls('bob');
    world.drop(phone);

    expect(callEndOf(alice)).toEqual([]);
    expect(await codeOf(world.calls.acceptCall(laptop, callId, offer))).toBeUndefined();
  });

  it('lets the other device answer when the one that was accepting is gone', async () => {
    const callId = await aliceCalls('bob');
    const proceed = world.media.holdParticipants();
    const first = codeOf(world.calls.acceptCall(phone, callId, offer));
    world.drop(phone);
    const second = codeOf(world.calls.acceptCall(laptop, callId, offer));
    proceed();

    expect(await first).toBe('call_not_found');
    expect(await second).toBeUndefined();
  });

  it('is answered call_not_found when it ends while the media of an answer fails with it', async () => {
    const callId = await aliceCalls('bob');
    const proceed = world.media.holdParticipants();
    world.media.failNext(new ProtocolError('unavailable'));
    const accepting = codeOf(world.calls.acceptCall(phone, callId, offer));
    world.media.calls[0]?.listener.onLost('media_failed');
    proceed();

    expect(await accepting).toBe('call_not_found');
  });

  it('rings for both when two call each other at once, and either can answer the other', async () => {
    world.drop(laptop);
    const proceed = world.media.holdParticipants();
    const hers = aliceCalls('bob');
    const his = world.calls.startCall(phone, { callees: ['alice'], media: offer });
    proceed();
    const [callId, { call: other }] = await Promise.all([hers, his]);

    expect(phone.heard('incomingCall')).toMatchObject([{ callId }]);
    expect(alice.heard('incomingCall')).toMatchObject([{ callId: other.id }]);
    expect(await codeOf(world.calls.acceptCall(phone, callId, offer))).toBeUndefined();
  });

  it('is one call where the busy are refused, and rings for the slower of two who call each other', async () => {
    world.drop(laptop);
    await world.putApplication({ callSettings: { whenBusy: 'refuse' } });
    const proceed = world.media.holdParticipants();
    const hers = aliceCalls('bob');
    const his = codeOf(world.calls.startCall(phone, { callees: ['alice'], media: offer }));
    proceed();

    expect(await his).toBe('callee_busy');
    expect(phone.heard('incomingCall')).toMatchObject([{ callId: await hers }]);
    expect(alice.heard('incomingCall')).toEqual([]);
  });

  it('ends for both when one leaves', async () => {
    const callId = await aliceCalls('bob');
    await world.calls.acceptCall(phone, callId, offer);
    const { call, participant } = world.calls.participation(phone, callId);
    call.leave(participant, 'hangup');

    expect(callEndOf(alice)).toEqual(['hangup']);
    expect(callEndOf(phone)).toEqual([]);
    expect(world.media.open).toBe(0);
  });

  it('cannot be accepted or declined by somebody who was not called', async () => {
    const callId = await aliceCalls('bob');
    const mallory = await world.device('mallory');
    const namesake = await world.device('bob', { applicationId: 'other' });

    for (const stranger of [mallory, namesake, alice]) {
      expect(await codeOf(world.calls.acceptCall(stranger, callId, offer))).not.toBeUndefined();
      expect(() => world.calls.rejectCall(stranger, callId)).toThrow(ProtocolError);
    }
    expect(callEndOf(alice)).toEqual([]);
    expect(endOf(phone)).toEqual([]);
  });
});

describe('a group call', () => {
  let carol: FakeDevice;

  beforeEach(async () => {
    carol = await world.device('carol');
  });

  it('lets every callee answer for themselves', async () => {
    const callId = await aliceCalls('bob', 'carol');
    await world.calls.acceptCall(phone, callId, offer);
    await world.calls.rejectCall(carol, callId);

    expect(alice.heard('participantLeft')).toMatchObject([{ reason: 'declined' }]);
    expect(phone.heard('participantLeft')).toMatchObject([{ reason: 'declined' }]);
    expect(callEndOf(alice)).toEqual([]);
  });

  it('ends for a lone caller with the reason of the last callee', async () => {
    const callId = await aliceCalls('bob', 'carol');
    await world.calls.rejectCall(carol, callId);
    expect(callEndOf(alice)).toEqual([]);
    world.clock.advance(60_000);

    expect(callEndOf(alice)).toEqual(['no_answer']);
    expect(world.media.open).toBe(0);
  });

  it('goes on without the caller and ends with the last one connected, who stops the ringing', async () => {
    const callId = await aliceCalls('bob', 'carol');
    await world.calls.acceptCall(phone, callId, offer);
    const hers = world.calls.participation(alice, callId);
    hers.call.leave(hers.participant, 'hangup');
    expect(callEndOf(phone)).toEqual([]);
    const his = world.calls.participation(phone, callId);
    his.call.leave(his.participant, 'hangup');

    expect(endOf(carol)).toEqual(['canceled']);
    expect(world.clock.pending).toBe(0);
    expect(world.media.open).toBe(0);
  });

  it('ends for one who has been alone for a minute with nobody ringing, whoever that is', async () => {
    const callId = await aliceCalls('bob', 'carol');
    await world.calls.acceptCall(phone, callId, offer);
    world.calls.leaveCall(alice, callId);
    world.clock.advance(59_999);
    await world.calls.rejectCall(carol, callId);
    world.clock.advance(59_999);
    expect(callEndOf(phone)).toEqual([]);
    world.clock.advance(1);

    expect(callEndOf(phone)).toEqual(['alone']);
    expect(world.media.open).toBe(0);
    expect(world.clock.pending).toBe(0);
  });

  it('tells who could not be rung and rings the others', async () => {
    world.drop(carol);
    const answer = await world.calls.startCall(alice, { callees: ['bob', 'carol', 'nobody'], media: offer });

    expect(answer.call.kind).toBe('group');
    expect(answer.unreachable).toEqual([
      { userId: 'carol', reason: 'offline' },
      { userId: 'nobody', reason: 'not_found' },
    ]);
  });
});

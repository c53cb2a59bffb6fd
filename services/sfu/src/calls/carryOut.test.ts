import type { NodeCommand } from '@parley/backplane';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';
import { produce, setPaused } from './participants/publish.ts';

let world: CallWorld;
let alice: FakeDevice;
let bob: FakeDevice;
let carol: FakeDevice;
let callId: string;
let ids: Record<string, string>;

/** Alice calls Bob, who has answered, and Carol, who has not. */
beforeEach(async () => {
  world = await createCallWorld();
  [alice, bob, carol] = [await world.device('alice'), await world.device('bob'), await world.device('carol')];
  const { call } = await world.calls.startCall(alice, { callees: ['bob', 'carol'], media: offer });
  callId = call.id;
  ids = Object.fromEntries(call.participants.map(({ id, identity }) => [identity.userId, id]));
  await world.calls.acceptCall(bob, callId, offer);
});

const endCall = (): NodeCommand => ({ name: 'endCall', applicationId: 'app', callId });

const toParticipant = (name: 'removeParticipant' | 'muteParticipant', userId: string): NodeCommand => ({
  name,
  applicationId: 'app',
  callId,
  participantId: ids[userId] ?? 'nobody',
});

const endOf = (device: FakeDevice) => device.heard('callEnded').map(({ reason }) => reason);

describe('endCall', () => {
  it('ends the call for everyone in it and everyone it rings', async () => {
    await world.calls.carryOut(endCall());

    expect([endOf(alice), endOf(bob)]).toEqual([['server_ended'], ['server_ended']]);
    expect(carol.heard('incomingCallEnded')).toEqual([{ callId, reason: 'server_ended' }]);
    expect(await codeOf(world.calls.carryOut(endCall()))).toBe('call_not_found');
  });
});

describe('removeParticipant', () => {
  it('takes somebody out of the call and tells them and the others', async () => {
    await world.calls.carryOut(toParticipant('removeParticipant', 'bob'));

    expect(endOf(bob)).toEqual(['removed']);
    expect(alice.heard('participantLeft')).toEqual([
      { callId, participantId: ids['bob'], reason: 'removed' },
    ]);
    expect(endOf(alice)).toEqual([]);
    expect(() => world.calls.participation(bob, callId)).toThrow(
      expect.objectContaining({ code: 'removed_from_call' }),
    );
  });

  it('rings somebody no more who has not answered', async () => {
    await world.calls.carryOut(toParticipant('removeParticipant', 'carol'));

    expect(carol.heard('incomingCallEnded')).toEqual([{ callId, reason: 'canceled' }]);
    expect(alice.heard('participantLeft')).toMatchObject([
      { participantId: ids['carol'], reason: 'removed' },
    ]);
    expect(await codeOf(world.calls.acceptCall(carol, callId, offer))).toBe('removed_from_call');
    expect(world.clock.pending).toBe(0);
  });

  it('takes out somebody who is just answering', async () => {
    const proceed = world.media.holdParticipants();
    const accepting = codeOf(world.calls.acceptCall(carol, callId, offer));
    await world.calls.carryOut(toParticipant('removeParticipant', 'carol'));
    proceed();

    expect(await accepting).toBe('call_not_found');
    expect(alice.heard('participantJoined')).toHaveLength(1);
  });
});

describe('muteParticipant', () => {
  const send = (device: FakeDevice, source: 'microphone' | 'camera') =>
    produce(world.calls.participation(device, callId), {
      transportId: 'transport',
      source,
      rtpParameters: { codecs: [] },
      paused: false,
    });

  it('pauses the microphone and nothing else, tells everyone, and lets its owner go on', async () => {
    const producerId = await send(bob, 'microphone');
    await send(bob, 'camera');
    await world.calls.carryOut(toParticipant('muteParticipant', 'bob'));
    const paused = [{ callId, participantId: ids['bob'], producerId }];

    expect([alice.heard('producerPaused'), bob.heard('producerPaused')]).toEqual([paused, paused]);
    const participation = world.calls.participation(bob, callId);
    expect(participation.participant.info.producers.map((producer) => producer.paused)).toEqual([
      true,
      false,
    ]);
    await setPaused(participation, producerId, false);
    expect(alice.heard('producerResumed')).toEqual(paused);
  });

  it('is no news of one who is muted, sends nothing, or rings', async () => {
    await setPaused(world.calls.participation(bob, callId), await send(bob, 'microphone'), true);
    const before = alice.told.length;
    for (const name of ['alice', 'bob', 'carol']) {
      await world.calls.carryOut(toParticipant('muteParticipant', name));
    }

    expect(alice.told).toHaveLength(before);
    expect(bob.heard('producerPaused')).toEqual([]);
  });
});

describe('every command', () => {
  it('is refused for calls of another application as for those that are not', async () => {
    const neighbour = { applicationId: 'other' };

    expect(await codeOf(world.calls.carryOut({ ...endCall(), ...neighbour }))).toBe('call_not_found');
    for (const name of ['removeParticipant', 'muteParticipant'] as const) {
      const command = toParticipant(name, 'bob');
      expect(await codeOf(world.calls.carryOut({ ...command, ...neighbour }))).toBe('call_not_found');
      expect(await codeOf(world.calls.carryOut({ ...command, callId: 'none' }))).toBe('call_not_found');
    }
    expect([endOf(alice), endOf(bob)]).toEqual([[], []]);
  });

  it('is refused for a participant who is not in the call', async () => {
    for (const name of ['removeParticipant', 'muteParticipant'] as const) {
      expect(await codeOf(world.calls.carryOut(toParticipant(name, 'dave')))).toBe('not_found');
    }
  });
});

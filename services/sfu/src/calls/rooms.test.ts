import { ProtocolError } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';
import type { Call } from './Call.ts';

/** How long a place is kept. */
const graceMs = 30_000;

let world: CallWorld;

beforeEach(async () => {
  world = await createCallWorld();
});

const join = (device: FakeDevice) => world.enterRoom(device);

describe('a room', () => {
  it('has one call however many enter at once', async () => {
    await world.putRoom();
    const devices = await Promise.all(['a', 'b', 'c', 'd'].map((name) => world.device(name)));
    const joined = await Promise.all(devices.map(join));

    expect(new Set(joined.map(({ call }) => call.id)).size).toBe(1);
    expect(world.media.calls).toHaveLength(1);
    expect(joined.at(-1)?.call).toMatchObject({ kind: 'room', roomId: 'room', state: 'connected' });
  });

  it('takes two devices of one user as two participants', async () => {
    await world.putRoom();
    await join(await world.device('alice'));
    const { call } = await join(await world.device('alice'));

    expect(call.participants).toHaveLength(2);
  });

  it('does not let one device in twice', async () => {
    await world.putRoom();
    const alice = await world.device('alice');
    await join(alice);

    expect(await codeOf(join(alice))).toBe('invalid_state');
  });

  it('is full at its maximum, counting those whose media is not there yet', async () => {
    await world.putRoom({ maxParticipants: 2 });
    const devices = await Promise.all(['a', 'b', 'c'].map((name) => world.device(name)));

    expect(await Promise.all(devices.map((device) => codeOf(join(device))))).toEqual([
      undefined,
      undefined,
      'room_full',
    ]);
  });

  it('tells those inside who left, ends with the last one, and begins anew', async () => {
    await world.putRoom();
    const alice = await world.device('alice');
    const bob = await world.device('bob');
    const { call } = await join(alice);
    const { participantId } = await join(bob);
    world.drop(bob);
    world.clock.advance(graceMs);
    expect(alice.heard('participantLeft')).toEqual([
      { callId: call.id, participantId, reason: 'connection_lost' },
    ]);
    world.calls.leaveCall(alice, call.id);
    expect(world.media.open).toBe(0);

    const again = await join(await world.device('carol'));
    expect(again.call.id).not.toBe(call.id);
    expect(again.call.participants).toHaveLength(1);
  });

  it('outlives a first visitor who cannot be given media for the sake of the second', async () => {
    await world.putRoom();
    const proceed = world.media.holdParticipants();
    world.media.failNext(new ProtocolError('invalid_request'));
    const first = codeOf(join(await world.device('alice')));
    const second = join(await world.device('bob'));
    proceed();

    expect(await first).toBe('invalid_request');
    expect((await second).call.participants).toHaveLength(1);
    expect(world.media.open).toBe(2);
  });

  it('keeps the place of somebody who is gone by the time their media is there', async () => {
    await world.putRoom();
    const proceed = world.media.holdParticipants();
    const alice = await world.device('alice');
    const joining = join(alice);
    world.drop(alice);
    proceed();

    const { call } = await joining;
    const { call: seen } = await join(await world.device('bob'));
    expect(seen.participants[0]).toMatchObject({ identity: { userId: 'alice' }, state: 'reconnecting' });
    world.clock.advance(graceMs);
    expect(seen.id).toBe(call.id);
    expect(world.media.open).toBe(2);
  });

  it('shows a newcomer who is speaking, and tells everyone when that changes', async () => {
    await world.putRoom();
    const alice = await world.device('alice');
    const { participantId, call } = await join(alice);
    world.media.calls[0]?.listener.onSpeakers([participantId], participantId);
    const bob = await world.device('bob');
    const { call: his } = await join(bob);
    const speaking = { callId: call.id, participantIds: [participantId], dominantSpeaker: participantId };

    expect(alice.heard('speakersChanged')).toEqual([speaking]);
    expect(his).toMatchObject({ speakers: [participantId], dominantSpeaker: participantId });
    world.media.calls[0]?.listener.onSpeakers([], undefined);
    expect(bob.heard('speakersChanged')).toEqual([{ callId: call.id, participantIds: [] }]);
  });

  it('tells everyone, and a newcomer, whose media arrives badly, and nobody of who has left', async () => {
    await world.putRoom();
    const [alice, bob, carol] = [
      await world.device('alice'),
      await world.device('bob'),
      await world.device('carol'),
    ];
    const { participantId: hers, call } = await join(alice);
    const { participantId: his } = await join(bob);
    world.media.calls[0]?.listener.onWeakSenders([hers, his]);

    const told = [{ callId: call.id, participantIds: [hers, his] }];
    expect([alice.heard('weakSendersChanged'), bob.heard('weakSendersChanged')]).toEqual([told, told]);
    world.calls.leaveCall(bob, call.id);
    const { call: known } = await join(carol);
    expect(known.weakSenders).toEqual([hers]);
    world.media.calls[0]?.listener.onWeakSenders([his]);
    expect(carol.heard('weakSendersChanged')).toEqual([{ callId: call.id, participantIds: [] }]);
  });

  it('puts out who sends more than is allowed, with a reason, and nobody else', async () => {
    await world.putRoom();
    const [alice, bob] = [await world.device('alice'), await world.device('bob')];
    const { participantId, call } = await join(alice);
    await join(bob);
    world.media.calls[0]?.listener.onExcess(participantId);
    const reason = 'media_excessive';

    expect(alice.heard('callEnded')).toEqual([{ callId: call.id, reason }]);
    expect(bob.heard('participantLeft')).toEqual([{ callId: call.id, participantId, reason }]);
    expect(bob.heard('callEnded')).toEqual([]);
  });

  it('lets its media know which participants are devices of one user', async () => {
    await world.putRoom();
    const { participantId } = await join(await world.device('alice'));
    const { userOf } = world.media.calls[0] ?? {};

    expect([participantId, 'nobody'].map((id) => userOf?.(id))).toEqual(['alice', undefined]);
  });

  it.each([
    ['is ended for everyone', (call: Call) => call.end('ended_for_everyone')],
    ['loses its media', () => world.media.calls[0]?.listener.onLost('media_failed')],
  ])('lets somebody in whose media was being made when the call %s', async (_title, endCall) => {
    await world.putRoom();
    const alice = await world.device('alice');
    const { call } = await join(alice);
    const proceed = world.media.holdParticipants();
    const joining = join(await world.device('bob'));
    await expect.poll(() => world.media.waiting).toBe(1);
    world.media.failNext(new ProtocolError('not_found', 'The media object is closed.'));
    endCall(world.calls.participation(alice, call.id).call);
    proceed();

    const joined = await joining;
    expect(joined.call.participants).toHaveLength(1);
    expect(joined.call.id).not.toBe(call.id);
    expect(world.media.open).toBe(2);
  });

  it('opens while the call of another room waits for a worker that does not answer', async () => {
    await world.putRoom();
    await world.putRoom({ roomId: 'other' });
    const proceed = world.media.holdNextCall();
    const waiting = join(await world.device('alice'));
    await expect.poll(() => world.media.calls.length).toBe(1);
    const bob = await world.device('bob');
    expect(await codeOf(world.calls.joinRoom(bob, { roomId: 'other', media: offer }))).toBeUndefined();

    proceed();
    expect((await waiting).call.participants).toHaveLength(1);
  });

  it('is tried anew after its call could not be made', async () => {
    await world.putRoom();
    const alice = await world.device('alice');
    world.media.failNextCall(new ProtocolError('unavailable'));

    expect(await codeOf(join(alice))).toBe('unavailable');
    expect(await codeOf(join(alice))).toBeUndefined();
  });

  it('counts nobody among the speakers who has left', async () => {
    await world.putRoom();
    const [alice, bob, carol] = [
      await world.device('alice'),
      await world.device('bob'),
      await world.device('carol'),
    ];
    const { participantId: hers, call } = await join(alice);
    const { participantId: his } = await join(bob);
    world.media.calls[0]?.listener.onSpeakers([his, hers], undefined);
    world.calls.leaveCall(bob, call.id);
    const remaining = { callId: call.id, participantIds: [hers] };
    expect(alice.heard('speakersChanged').at(-1)).toEqual(remaining);

    const { call: known } = await join(carol);
    expect(known.speakers).toEqual([hers]);
    // What the worker heard before it knew that he was gone.
    world.media.calls[0]?.listener.onSpeakers([his, hers], undefined);
    expect(carol.heard('speakersChanged')).toEqual([]);
  });

  it('is refused to a device that is in eight calls or about to be', async () => {
    const rooms = Array.from({ length: 9 }, (_, index) => `room-${index}`);
    await Promise.all(rooms.map((roomId) => world.putRoom({ roomId })));
    const alice = await world.device('alice');
    const enter = (roomId: string) => codeOf(world.calls.joinRoom(alice, { roomId, media: offer }));

    const outcomes = await Promise.all(rooms.map(enter));
    expect(outcomes.filter((code) => code === 'invalid_state')).toHaveLength(1);
    expect(outcomes.filter((code) => code === undefined)).toHaveLength(8);
    world.drop(alice);
    world.clock.advance(graceMs);
    expect(world.media.open).toBe(0);
  });

  it('is not shared between applications', async () => {
    await world.putRoom();

    expect(await codeOf(join(await world.device('alice', { applicationId: 'other' })))).toBe(
      'room_not_found',
    );
  });
});

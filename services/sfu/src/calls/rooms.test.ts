import { ProtocolError } from '@parley/protocol';
import type { RoomRecord } from '@parley/backplane';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';

let world: CallWorld;

beforeEach(() => {
  world = createCallWorld();
});

async function putRoom(room: Partial<RoomRecord> = {}): Promise<void> {
  await world.backplane.admission.putRoom({
    applicationId: 'app',
    roomId: 'room',
    access: 'open',
    validFromMs: 0,
    validUntilMs: Number.MAX_SAFE_INTEGER,
    maxParticipants: 100,
    roster: {},
    ...room,
  });
}

const join = (device: FakeDevice) => world.calls.joinRoom(device, { roomId: 'room', media: offer });

describe('a room', () => {
  it('has one call however many enter at once', async () => {
    await putRoom();
    const devices = await Promise.all(['a', 'b', 'c', 'd'].map((name) => world.device(name)));
    const joined = await Promise.all(devices.map(join));

    expect(new Set(joined.map(({ call }) => call.id)).size).toBe(1);
    expect(world.media.calls).toHaveLength(1);
    expect(joined.at(-1)?.call).toMatchObject({ kind: 'room', roomId: 'room', state: 'connected' });
  });

  it('takes two devices of one user as two participants', async () => {
    await putRoom();
    await join(await world.device('alice'));
    const { call } = await join(await world.device('alice'));

    expect(call.participants).toHaveLength(2);
  });

  it('does not let one device in twice', async () => {
    await putRoom();
    const alice = await world.device('alice');
    await join(alice);

    expect(await codeOf(join(alice))).toBe('invalid_state');
  });

  it('is full at its maximum, counting those whose media is not there yet', async () => {
    await putRoom({ maxParticipants: 2 });
    const devices = await Promise.all(['a', 'b', 'c'].map((name) => world.device(name)));

    expect(await Promise.all(devices.map((device) => codeOf(join(device))))).toEqual([
      undefined,
      undefined,
      'room_full',
    ]);
  });

  it('tells those inside who left, ends with the last one, and begins anew', async () => {
    await putRoom();
    const alice = await world.device('alice');
    const bob = await world.device('bob');
    const { call } = await join(alice);
    const { participantId } = await join(bob);
    world.drop(bob);
    expect(alice.heard('participantLeft')).toEqual([
      { callId: call.id, participantId, reason: 'connection_lost' },
    ]);
    world.drop(alice);
    expect(world.media.open).toBe(0);

    const again = await join(await world.device('carol'));
    expect(again.call.id).not.toBe(call.id);
    expect(again.call.participants).toHaveLength(1);
  });

  it('outlives a first visitor who cannot be given media for the sake of the second', async () => {
    await putRoom();
    const proceed = world.media.holdParticipants();
    world.media.failNext(new ProtocolError('invalid_request'));
    const first = codeOf(join(await world.device('alice')));
    const second = join(await world.device('bob'));
    proceed();

    expect(await first).toBe('invalid_request');
    expect((await second).call.participants).toHaveLength(1);
    expect(world.media.open).toBe(2);
  });

  it('lets nobody in who is gone by the time their media is there', async () => {
    await putRoom();
    const proceed = world.media.holdParticipants();
    const alice = await world.device('alice');
    const joining = codeOf(join(alice));
    world.drop(alice);
    proceed();

    expect(await joining).toBe('call_not_found');
    expect(world.media.open).toBe(0);
  });

  it('tells a newcomer who is speaking, and everyone when that changes', async () => {
    await putRoom();
    const alice = await world.device('alice');
    const { participantId, call } = await join(alice);
    world.media.calls[0]?.onSpeakers([participantId]);
    const bob = await world.device('bob');
    await join(bob);
    const speaking = { callId: call.id, participantIds: [participantId] };

    expect([alice.heard('speakersChanged'), bob.heard('speakersChanged')]).toEqual([[speaking], [speaking]]);
    world.media.calls[0]?.onSpeakers([]);
    expect(bob.heard('speakersChanged')).toEqual([speaking, { callId: call.id, participantIds: [] }]);
  });

  it('is not shared between applications', async () => {
    await putRoom();

    expect(await codeOf(join(await world.device('alice', { applicationId: 'other' })))).toBe(
      'room_not_found',
    );
  });
});
